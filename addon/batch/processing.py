"""Processing: a background Blender makes the asset of a row's files. Needs no network, no key."""

import json
import logging
import os
import shutil
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..catalog.sentences import unpack
from ..jobs.context import Stopped
from ..jobs.job import Failure
from ..service.errors import Charged
from ..service.names import safe_name
from ..worker import background
from ..worker.script_process import NO_REPORT
from .assets import Document, failure_document, record_of
from .folder import RECORD, BatchFolder, write_json
from .post import Post

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 0.05
OUTPUT_TAIL: Final = 2000
WORK_PREFIX: Final = ".work-"
SCRIPT: Final = Path(__file__).parent.parent / "blender" / "asset_work" / "process_asset.py"


@dataclass(frozen=True, slots=True)
class Blender:
    """The Blender that processes."""

    program: str
    """A Blender, or a Python that has the bpy module."""
    timeout: float = 900.0
    """Longest time for one asset, in seconds."""

    def command(self) -> list[str]:
        """What starts our script in it."""
        if Path(self.program).stem.lower().startswith("python"):
            return [self.program, "-I", str(SCRIPT)]
        quiet = ["--background", "--factory-startup", "--offline-mode", "-noaudio"]
        return [self.program, *quiet, "--python-exit-code", "1", "--python", str(SCRIPT)]


@dataclass(frozen=True, slots=True)
class Processor:
    """Makes assets, one call each; calls may run in several threads."""

    folder: BatchFolder
    blender: Blender | None
    """None: nothing is made, the files stay as the service delivered them."""
    stop: threading.Event

    def make(self, asset: str, order: Document) -> Document:
        """The asset's record: what an earlier run made, or what is made now. Raises Stopped."""
        record = record_of(self.folder, asset, order)
        if record is not None and record["ok"] and (record["processed"] or not self._can(order)):
            return record
        return self.process(asset, order)

    def _can(self, order: Document) -> bool:
        return self.blender is not None and order["kind"] != "files"

    def process(self, asset: str, order: Document) -> Document:
        """Make one asset and return its record; trouble is written into it. Raises Stopped."""
        started = time.monotonic()
        home = self.folder.asset(asset)
        with self.folder.lock_asset(asset):
            _sweep(home)
            if self.blender is not None and self._can(order):
                record = self._work(self.blender, home, order)
            else:
                record = _as_delivered(order)
            record |= {"work": order["work"], "seconds": round(time.monotonic() - started, 2)}
            write_json(home / RECORD, record)
            # The Blender of a run that was killed may have been at work until after the first.
            _sweep(home)
        return record

    def _work(self, blender: Blender, home: Path, order: Document) -> dict[str, Any]:
        work = home / f"{WORK_PREFIX}{uuid.uuid4().hex[:8]}"
        work.mkdir()
        try:
            said = self._run(blender, work, home, order)
            if not said.get("ok"):
                return _not_made(order, said)
            return self._take_over(work, home, order, said)
        except OSError as error:
            return failed(order, f"The asset could not be written: {error}")
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _run(self, blender: Blender, work: Path, home: Path, order: Document) -> dict[str, Any]:
        job, report, output = work / "job.json", work / "report.json", work / "output.txt"
        task = {
            **order,
            "files": [str(home / name) for name in order["files"]],
            "others": [[str(home / name) for name in names] for names in order.get("others", [])],
            "stem": safe_name(order["name"]),
            "root": str(home),
            "to": str(work / "made"),
            "report": str(report),
        }
        (work / "made").mkdir()
        job.write_text(json.dumps(task), encoding="utf-8")
        deadline = time.monotonic() + blender.timeout
        with output.open("wb") as file:
            process = background.start([*blender.command(), "--", str(job)], file, work)
            try:
                while process.poll() is None:
                    if self.stop.wait(LOOK_EVERY):
                        raise Stopped
                    if time.monotonic() > deadline:
                        words = f"It took longer than {blender.timeout:.0f} seconds."
                        return {"ok": False, "message": words}
            finally:
                background.end(process)
        try:
            said: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            tail = output.read_bytes()[-OUTPUT_TAIL:].decode("utf-8", "replace").strip()
            words = f"Blender ended with {process.returncode} and without a report."
            return {"ok": False, "message": words, "hint": NO_REPORT[1], "details": tail}
        return said

    def _take_over(
        self, work: Path, home: Path, order: Document, said: dict[str, Any]
    ) -> dict[str, Any]:
        """Put what was made into place; the record is written after that."""
        made = sorted((work / "made").iterdir())
        for path in made:
            _settle(path)
        for path in made:
            path.replace(home / path.name)
        files = [path.name for path in made]
        library = ""
        if order["post"]["asset"] and said.get("blend"):
            library = f"{order['asset']}.blend"
            self.folder.library.mkdir(exist_ok=True)
            part = self.folder.library / f".{library}.part"
            shutil.copyfile(home / said["blend"], part)
            _settle(part)
            part.replace(self.folder.library / library)
        return {
            "ok": True,
            "processed": True,
            "kind": order["kind"],
            "files": files,
            "delivered": order["files"],
            "preview": said.get("preview", ""),
            "library": library,
            "figures": said.get("figures", {}),
            "warnings": [unpack(packed) for packed in said.get("left_out", [])],
            "failure": None,
        }


def _sweep(home: Path) -> None:
    """Remove what was left half done."""
    for left in home.glob(f"{WORK_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


def _as_delivered(order: Document) -> dict[str, Any]:
    return {
        "ok": True,
        "processed": False,
        "kind": order["kind"],
        "files": [],
        "delivered": order["files"],
        "preview": order["files"][0] if order["kind"] == "pictures" else "",
        "library": "",
        "figures": {},
        "warnings": [],
        "failure": None,
    }


def _not_made(order: Document, said: Document) -> dict[str, Any]:
    """The record of an asset that Blender did not make: it failed, or cannot read the files.

    Files that it cannot read are what was ordered all the same, unless the row wants more of them.
    """
    if said.get("details"):
        log.warning("%s: %s", order["asset"], said["details"])
    message, hint = unpack(said["message"]), unpack(said.get("hint", ""))
    if said.get("kept") and json.dumps(order["post"]) == json.dumps(Post().local()):
        return _as_delivered(order) | {"warnings": [message, hint]}
    return failed(order, message, hint)


def failed(order: Document, message: str, hint: str = "") -> dict[str, Any]:
    """The record of an asset that could not be made; its files are there."""
    failure = Failure("process_failed", message, hint, Charged.SPENT)
    return _as_delivered(order) | {"ok": False, "failure": failure_document(failure)}


def _settle(path: Path) -> None:
    """Have the file's contents on the disk before its name says that it is there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
