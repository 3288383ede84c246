"""Processing: a background Blender makes the asset of a row's files. Needs no network, no key."""

import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..catalog.messages import unpack
from ..jobs.job import Failure
from ..recipes.post import Post
from ..service import whole_files
from ..service.errors import Charged
from ..service.names import safe_name
from ..service.path_room import short
from ..service.whole_files import InUse
from ..worker import background
from ..worker.blenders import Blenders
from ..worker.script_process import NoReport, ScriptFailed
from ..worker.script_run import ScriptRun
from .assets import Document, failure_document, record_of
from .folder import RECORD, BatchFolder, write_json

AGAIN: Final = "Then start the batch again: nothing is paid for twice."

WORK_PREFIX: Final = ".work-"
SCRIPT: Final = (
    Path(__file__).parent.parent / "blender" / "background" / "assets" / "process_asset.py"
)


@dataclass(frozen=True, slots=True)
class Blender:
    """The Blender that processes."""

    program: str
    """A Blender, or a Python that has the bpy module."""
    timeout: float = 900.0
    """Longest time for one asset, in seconds."""

    def command(self) -> list[str]:
        """What starts our script in it."""
        return background.command(self.program, SCRIPT)


@dataclass(frozen=True, slots=True)
class Processor:
    """Makes assets, one call each; calls may run in several threads."""

    folder: BatchFolder
    blender: Blender | None
    """None: nothing is made, the files stay as the service delivered them."""
    stop: threading.Event
    blenders: Blenders = field(default_factory=Blenders)
    """Those that make assets at the same time."""

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
            try:
                write_json(home / RECORD, record)
            except InUse as error:  # what was made is there
                said = f"{error}. Until then each run makes the asset again."
                record["warnings"] = [*record["warnings"], said]
            # The Blender of a run that was killed may have been at work until after the first.
            _sweep(home)
        return record

    def _work(self, blender: Blender, home: Path, order: Document) -> dict[str, Any]:
        def work(memory: int | None) -> dict[str, Any]:
            return self._make_in(blender, home, order, memory)

        try:
            return self.blenders.do(work, self.stop)
        except ScriptFailed as error:
            return _not_made(order, error)
        except OSError as error:
            hint = AGAIN if isinstance(error, InUse) else ""
            return failed(order, f"The asset could not be written: {error}.", hint)

    def _make_in(
        self, blender: Blender, home: Path, order: Document, memory: int | None
    ) -> dict[str, Any]:
        """Have it made by a Blender that may take so much memory, in a folder of its own."""
        work = home / f"{WORK_PREFIX}{uuid.uuid4().hex[:8]}"
        work.mkdir()
        try:
            said = self._run(blender, work, home, order, memory)
            return self._take_over(work, home, order, said)
        finally:
            whole_files.discard_folder(work)

    def _run(
        self, blender: Blender, work: Path, home: Path, order: Document, memory: int | None
    ) -> Mapping[str, Any]:
        (work / "made").mkdir()
        task = {
            **order,
            "files": [str(home / name) for name in order["files"]],
            "original": [str(home / name) for name in order.get("original", [])],
            "others": [[str(home / name) for name in names] for names in order.get("others", [])],
            "stem": short(safe_name(order["name"])),
            "root": str(home),
            "to": str(work / "made"),
        }
        script = ScriptRun(blender.command(), blender.timeout, self.stop)
        return script.run(task, work, memory=memory)

    def _take_over(
        self, work: Path, home: Path, order: Document, said: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Put what was made into place; the record is written after that."""
        made = sorted((work / "made").iterdir())
        for path in made:
            _settle(path)
        for path in made:
            whole_files.replace(path, home / path.name)
        files = [path.name for path in made]
        library = ""
        if order["post"]["asset"] and said.get("blend"):
            library = f"{order['asset']}.blend"
            self.folder.library.mkdir(exist_ok=True)
            part = self.folder.library / f".{library}.part"
            shutil.copyfile(home / said["blend"], part)
            _settle(part)
            whole_files.replace(part, self.folder.library / library)
        return {
            "ok": True,
            "processed": True,
            "kind": order["kind"],
            "files": files,
            "delivered": order["files"],
            "preview": said.get("preview", ""),
            "library": library,
            "figures": said.get("figures", {}),
            "print": said.get("print", {}),
            "warnings": [*_left_out(order), *_left_out(said)],
            "failure": None,
        }


def _words(error: ScriptFailed) -> tuple[str, str]:
    """Message and hint; nobody has a log of Blender's output, so its last line is told."""
    if isinstance(error, NoReport):
        lines = error.output.splitlines()
        message = f"Blender ended with {error.code} and without a report."
        return message, lines[-1] if lines else ""
    return error.message, error.hint


def _sweep(home: Path) -> None:
    """Remove what was left half done."""
    for left in home.glob(f"{WORK_PREFIX}*"):
        whole_files.discard_folder(left)


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
        "print": {},
        "warnings": _left_out(order),
        "failure": None,
    }


def _left_out(document: Document) -> list[str]:
    """What the delivered files lack, or what was made of them."""
    return [unpack(packed) for packed in document.get("left_out", [])]


def _not_made(order: Document, error: ScriptFailed) -> dict[str, Any]:
    """The record of an asset that Blender did not make: it failed, or cannot read the files.

    Files that it cannot read are what was ordered all the same, unless the row wants more of them.
    """
    message, hint = _words(error)
    if error.kept and json.dumps(order["post"]) == json.dumps(Post().local()):
        return _as_delivered(order) | {"warnings": [*_left_out(order), message, hint]}
    return failed(order, message, hint)


def failed(order: Document, message: str, hint: str = "") -> dict[str, Any]:
    """The record of an asset that could not be made; its files are there."""
    failure = Failure("process_failed", message, hint, Charged.SPENT)
    return _as_delivered(order) | {"ok": False, "failure": failure_document(failure)}


def _settle(path: Path) -> None:
    """Have the file's contents on the disk before its name says that it is there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
