"""The part of the checks that runs inside Blender: ``-- order.json``, one ``phase`` each time."""

import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import bpy

ops: Any = bpy.ops
MODULE = "bl_ext.user_default.studio3d"
MARK = "studio3d-check "
SECONDS = 300.0


def tell(**said: Any) -> None:
    """Report to who started us."""
    sys.stdout.write(MARK + json.dumps(said) + "\n")
    sys.stdout.flush()


def part(name: str) -> Any:
    """A module of the installed extension."""
    return importlib.import_module(f"{MODULE}.{name}")


def install(order: dict[str, Any]) -> None:
    """Install the zip as the preferences do; its libraries have to be there for it."""
    ops.extensions.package_install_files(
        filepath=order["archive"], repo="user_default", enable_on_install=True
    )
    tell(version=bpy.app.version_string, libraries=part("blender.core.paths").libraries().is_dir())


def enable() -> Any:
    """The scripting interface of what an earlier phase has installed."""
    ops.preferences.addon_enable(module=MODULE)
    return importlib.import_module(f"{MODULE}.api")


def order_and_place(order: dict[str, Any]) -> None:
    """A prompt becomes a model in the scene, and the scene a file."""
    api = enable()
    bpy.ops.wm.read_homefile(use_empty=True)
    (result,) = api.wait(api.submit("tencent-rapid", prompt="a cube ü 椅"), timeout=SECONDS)
    placed = api.place(result.id) if result.ok else []
    ops.wm.save_as_mainfile(filepath=order["blend"])
    tell(ok=result.ok, failure=result.failure, objects=len(placed), blend=bool(result.blend))


def lose_the_worker(order: dict[str, Any]) -> None:
    """The worker is killed while a job is under way; another one goes on."""
    api = enable()
    job = api.submit("tencent-rapid", prompt="a cube for later")
    wait_for(lambda: api.result(job).task_id)
    before = worker_pid()
    if before is None:
        raise SystemExit("there is no worker")
    if sys.platform == "win32":
        os.kill(before, signal.SIGTERM)
    else:
        os.kill(before, signal.SIGKILL)
    tell(killed=True)
    wait_for(lambda: Path(order["go"]).exists())
    (result,) = api.wait(job, timeout=SECONDS)
    tell(ok=result.ok, failure=result.failure, another=worker_pid() not in {None, before})


def wait_to_be_killed(_order: dict[str, Any]) -> None:
    """An order is under way when this Blender is killed."""
    api = enable()
    job = api.submit("tencent-rapid", prompt="a cube of another day")
    wait_for(lambda: api.result(job).task_id)
    tell(job=job, worker=worker_pid())
    time.sleep(SECONDS)


def go_on(order: dict[str, Any]) -> None:
    """What another Blender has ordered comes in."""
    api = enable()
    (result,) = api.wait(order["job"], timeout=SECONDS)
    tell(ok=result.ok, failure=result.failure)


def offline(_order: dict[str, Any]) -> None:
    """Blender may not use the network: nothing is ordered."""
    api = enable()
    try:
        api.submit("tencent-rapid", prompt="a cube that nobody makes")
    except api.Failed as refused:
        tell(refused=str(refused))
    else:
        tell(refused="")


def worker_pid() -> int | None:
    """The number of the worker's process, which nothing of the extension has a use for."""
    process = part("blender.runtime.worker_host")._process()  # noqa: SLF001
    return None if process is None else process.pid


def wait_for(condition: Any) -> None:
    """Look until it is so."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


PHASES = {
    "go_on": go_on,
    "install": install,
    "lose_the_worker": lose_the_worker,
    "offline": offline,
    "order_and_place": order_and_place,
    "wait_to_be_killed": wait_to_be_killed,
}

if __name__ == "__main__":
    (file,) = sys.argv[sys.argv.index("--") + 1 :]
    said = json.loads(Path(file).read_text(encoding="utf-8"))
    PHASES[said["phase"]](said)
    sys.stdout.flush()
