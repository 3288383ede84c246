"""Each check: what is done, and what has to come of it. They run in this sequence."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from addon.service.keys import forget_key, save_key
from addon.worker import background, found_blenders
from scripts import build
from scripts.system_checks.machine import described
from scripts.system_checks.services import Service

ROOT: Final = Path(__file__).resolve().parents[2]
CLIENT: Final = ROOT / "scripts" / "3d_api_client.py"
INSIDE: Final = Path(__file__).with_name("inside_blender.py")
MARK: Final = "studio3d-check "
SECONDS: Final = 400.0
TAIL: Final = 1500
ROWS: Final = "operation,prompt,post\ntencent-rapid,a cube ü 椅,{post}\ntencent-rapid,a box,\n"
ORDERS: Final = 2
"""That the rows make."""
NOWHERE: Final = "https://service.invalid"


class NotSo(Exception):
    """What was to be seen is not so; the text says what is."""


@dataclass(slots=True)
class World:
    """What the checks share."""

    folder: Path
    """Theirs alone; blanks and letters of all the world are in its name."""
    service: Service
    blender: str | None
    archive: Path | None = None
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """Of what is started: a user of its own, with the service as account."""
        kept = {name: value for name, value in os.environ.items() if "API_" not in name}
        chosen = {"BLENDER": self.blender} if self.blender else {}
        return (
            kept
            | chosen
            | {
                "BLENDER_USER_RESOURCES": str(self.folder / "blender"),
                "STUDIO3D_HOME": str(self.folder / "home"),
                "STUDIO3D_API_URL": self.service.address,
                "STUDIO3D_API_KEY": self.service.key,
            }
        )

    def start(self, phase: str, *, online: bool = True, **order: Any) -> "subprocess.Popen[str]":
        """Start a Blender on a phase of ``inside_blender``; its end is to be waited for."""
        if self.blender is None:
            raise NotSo("there is no Blender")
        file = self.folder / f"{phase}.json"
        file.write_text(json.dumps({"phase": phase, **order}), encoding="utf-8")
        command = background.command(self.blender, INSIDE, offline=not online)
        if online and background.QUIET[0] in command:
            command.insert(command.index(background.QUIET[0]), "--online-mode")
        environ = self.environ if online else self.environ | {"STUDIO3D_API_URL": NOWHERE}
        return subprocess.Popen(
            [*command, "--", str(file)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def said(self, phase: str, *, online: bool = True, **order: Any) -> dict[str, Any]:
        """The last that a phase tells; raises NotSo where it ends otherwise."""
        with self.start(phase, online=online, **order) as process:
            out, _ = process.communicate(timeout=SECONDS)
        found = list(told(out.splitlines()))
        if process.returncode or not found:
            raise NotSo(f"Blender ended with {process.returncode}: {out[-TAIL:]}")
        return found[-1]

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the command line to its end."""
        return subprocess.run(
            [sys.executable, str(CLIENT), *arguments],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )


def told(lines: Any) -> Iterator[dict[str, Any]]:
    """What a phase tells in its output."""
    for line in lines:
        _, mark, text = line.partition(MARK)
        if mark:
            yield json.loads(text)


def expect(holds: object, otherwise: object) -> None:
    """Raise NotSo unless it holds."""
    if not holds:
        raise NotSo(str(otherwise))


def the_system(world: World) -> Any:
    """What kind of system this is."""
    del world
    return described()


def the_blenders(world: World) -> Any:
    """Blender is found where it was installed."""
    found = list(found_blenders.installed(os.environ))
    on_path = found_blenders.find(os.environ)
    expect(world.blender, "no Blender was found: name one with --blender, and say where it is")
    version = subprocess.run(
        [world.blender or "", "--version"],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
        check=False,
    ).stdout.splitlines()[:1]
    return {"taken": world.blender, "says": version, "found": found, "by itself": on_path}


def the_key(world: World) -> Any:
    """A saved key is for this user alone."""
    file = world.folder / "own" / "key"
    expect(save_key(world.service.key, file), "others can read the file of the key")
    expect(save_key(world.service.key, file), "saved once more, others can read it")
    forget_key(file)
    return "only this user can read it"


def the_command_line(world: World) -> Any:
    """An order from the command line, with its output in a file as scripts have it."""
    before = world.service.orders()
    order = ("tencent-rapid", "--prompt", "a cube ü 椅", "--wait", "--poll-interval", "0.2")
    done = world.command(*order, "--output-dir", str(world.folder / "results ü"))
    expect(done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-TAIL:]}")
    document = json.loads(done.stdout)
    missing = [file["path"] for file in document["files"] if not Path(file["path"]).is_file()]
    expect(document["files"] and not missing, f"files: {document['files']}")
    expect(world.service.orders() == before + 1, "it was not ordered once")
    return document["status"]


def the_batch(world: World) -> Any:
    """A batch, ended in the middle and started again: nothing is paid for twice."""
    post = "size=1.5" if world.blender else ""
    (world.folder / "list.csv").write_text(ROWS.format(post=post), encoding="utf-8")
    arguments = ["batch", "list.csv", "--out", "batch ü", "--poll-interval", "0.2"]
    arguments += [] if world.blender else ["--no-process"]
    before = world.service.orders()
    world.service.hold()
    process = subprocess.Popen(
        [sys.executable, str(CLIENT), *arguments],
        cwd=world.folder,
        env=world.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    out = world.folder / "batch ü"
    # Killed before it has the receipts it would not know whether the orders were taken.
    until(
        lambda: len(list(out.glob("assets/*/paid.json"))) >= ORDERS or process.poll() is not None,
        "both rows are ordered",
    )
    expect(process.poll() is None, f"it ended with {process.returncode}")
    process.kill()
    process.wait(SECONDS)
    world.service.let_go()
    done = world.command(*arguments)
    expect(done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-TAIL:]}")
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    rows = [row["status"] for row in report["rows"]]
    expect(rows == ["finished"] * ORDERS, f"rows: {rows}; {done.stderr[-TAIL:]}")
    again = world.command(*arguments)
    expect(again.returncode == 0, f"again, exit code {again.returncode}: {again.stderr[-TAIL:]}")
    expect(world.service.orders() == before + ORDERS, "something was ordered twice")
    paths = [path for row in report["rows"] for path in row.get("files", [])]
    expect(not any("\\" in path for path in paths), f"paths: {paths}")
    return {"rows": rows, "files": paths}


def the_extension(world: World) -> Any:
    """The extension is built, and installed into a Blender of its own."""
    for name in ("config", "extensions", "scripts"):
        (world.folder / "blender" / name).mkdir(parents=True)
    # Who tries a system has the extension's own libraries, and perhaps no other.
    pages = importlib.util.find_spec("markdown_it") is not None
    world.archive = build.build(world.folder / "dist", pages=pages)
    said = world.said("install", archive=str(world.archive))
    expect(said["libraries"], "its libraries were not unpacked")
    return said["version"]


def an_order(world: World) -> Any:
    """An order in Blender: worker, background Blender, placing, saving."""
    said = world.said("order_and_place", blend=str(world.folder / "scene ü.blend"))
    expect(said["ok"] and said["blend"] and said["objects"], said)
    return f"{said['objects']} objects placed"


def a_killed_worker(world: World) -> Any:
    """The worker is killed while the service works: another one goes on, nothing is sent again."""
    before, go = world.service.orders(), world.folder / "go"
    world.service.hold()
    try:
        with world.start("lose_the_worker", go=str(go)) as process:
            lines = told(process.stdout)
            said = next(lines, {})
            world.service.let_go()
            go.touch()
            said = next(lines, said)
            process.wait(SECONDS)
    finally:
        world.service.let_go()
    expect(said.get("ok") and said.get("another"), said)
    expect(world.service.orders() == before + 1, "it was sent twice")
    return "another one went on"


def a_killed_blender(world: World) -> Any:
    """Blender is killed while the service works: its worker ends, and the next one goes on."""
    before = world.service.orders()
    world.service.hold()
    try:
        with world.start("wait_to_be_killed") as process:
            said = next(told(process.stdout), {})
            end_all(process)
        expect(said.get("job"), "nothing was ordered")
        until(lambda: not runs(said["worker"]), "its worker to end")
    finally:
        world.service.let_go()
    after = world.said("go_on", job=said["job"])
    expect(after["ok"], after)
    expect(world.service.orders() == before + 1, "it was sent twice")
    return "the next Blender went on"


def no_network(world: World) -> Any:
    """Blender without network: an order is refused, with a word."""
    before = world.service.orders()
    refused = world.said("offline", online=False)["refused"]
    expect(refused, "an order was taken")
    expect(world.service.orders() == before, "something was sent")
    return refused


def the_command_in_blender(world: World) -> Any:
    """``blender --command studio3d``: the same command line, inside Blender."""
    command = [world.blender or "", "--background", "--online-mode", "--factory-startup"]
    done = subprocess.run(
        [*command, "--addons", "bl_ext.user_default.studio3d", "--command", "studio3d", "balance"],
        env=world.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
        check=False,
    )
    expect(
        '"rate_limit"' in done.stdout, f"{done.returncode}: {(done.stdout + done.stderr)[-TAIL:]}"
    )
    return "it tells the balance"


def end_all(process: "subprocess.Popen[str]") -> None:
    """Kill it, and what a script started in its place."""
    process.kill()
    process.wait(SECONDS)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it; raises NotSo where it takes far too long."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise NotSo(f"waited in vain for this: {what}")
        time.sleep(0.2)


def runs(pid: int) -> bool:
    """Whether a process of that number is there."""
    if sys.platform == "win32":
        listed = subprocess.run(
            ["tasklist", "/FI", f"PID eq {pid}", "/NH"], capture_output=True, check=False
        )
        return str(pid).encode() in listed.stdout
    else:  # noqa: RET505 - mypy reads this for each system
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True


Check = Callable[[World], Any]
WITHOUT_BLENDER: Final[Mapping[str, Check]] = {
    "system": the_system,
    "key": the_key,
    "command line": the_command_line,
    "batch": the_batch,
}
WITH_BLENDER: Final[Mapping[str, Check]] = {
    "system": the_system,
    "blender": the_blenders,
    "key": the_key,
    "extension": the_extension,
    "order": an_order,
    "killed worker": a_killed_worker,
    "killed Blender": a_killed_blender,
    "no network": no_network,
    "command in Blender": the_command_in_blender,
    "command line": the_command_line,
    "batch": the_batch,
}
