"""Receipts of paid orders, written down before the job list has them.

A slip is a small file beside the list. It is made, at its full size, before an order is sent, so
that there is room for the receipt whatever becomes of the disk; it is filled in place as soon as
the answer is there, and goes when the list has the task. One that is left, because the list was
locked, full or the process was killed, is read the next time a runner looks for work.
"""

from __future__ import annotations

import json
import logging
import math
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..service import json_text, whole_files

if TYPE_CHECKING:  # Blender looks for slips before it needs what those bring along
    from .job import Job
    from .store import Store

log = logging.getLogger(__name__)

SIZE: Final = 4096
"""Bytes of a slip: a block of most file systems."""
SOON: Final = 3.0
"""Seconds within which the list has a receipt where all is well."""
OLD_SECONDS: Final = 24 * 3600.0
"""After which an empty one is of a process that was killed while it sent."""


class Slip:
    """The room for one receipt."""

    def __init__(self, path: Path, about: Mapping[str, Any]) -> None:
        self._path = path
        self._about = about

    def fill(self, task_id: str) -> None:
        """Write the receipt; one that cannot be written leaves the log and the list."""
        try:
            _write(self._path, json.dumps({**self._about, "task": task_id}), "r+b")
        except OSError as error:
            log.warning("no slip for task %s: %s", task_id, error)

    def remove(self) -> None:
        """Its task is in the list, or there is none."""
        _remove(self._path)


@dataclass(frozen=True, slots=True)
class _Receipt:
    """What a filled slip says."""

    job: str
    submitted_at: float
    operation: str
    address: str
    folder: Path
    task: str


def new_slip(store: Store, job: Job, submitted_at: float) -> Slip:
    """Make room for the receipt of a job that is about to be sent; raises OSError."""
    path = _folder(store.path) / f"{job.id}-{submitted_at:.3f}.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    _write(path, "", "wb")
    about = {
        "job": job.id,
        "submitted_at": submitted_at,
        "operation": job.operation,
        "address": job.service_address,
        "folder": str(job.folder),
    }
    return Slip(path, about)


def waiting(store: Path) -> int:
    """How many receipts the list in that file could not take for a while."""
    latest = time.time() - SOON
    return sum(_written(path) < latest and _read(path) is not None for path in _left(store))


def settle(store: Store) -> None:
    """Write receipts that were left into the list; raises sqlite3's errors, and keeps them then."""
    for path in _left(store.path):
        receipt = _read(path)
        if receipt is not None:
            _take_in(store, receipt)
            _remove(path)
        elif time.time() - _written(path) > OLD_SECONDS:
            _remove(path)


def _take_in(store: Store, receipt: _Receipt) -> None:
    if store.find_task(receipt.address, receipt.task) is not None:
        return
    log.info("task %s was not written down before", receipt.task)
    found = store.some([receipt.job])
    if found and found[0].submitted_at == receipt.submitted_at:
        store.record_submitted(found[0], receipt.task, next_at=0.0)
        return
    # The job was removed, or sent once more: this task stays one that was paid for.
    store.add_task(
        receipt.task,
        operation=receipt.operation,
        service_address=receipt.address,
        folder=receipt.folder,
        submitted_at=receipt.submitted_at,
    )


def _folder(store: Path) -> Path:
    return store.with_name("receipts")


def _left(store: Path) -> Iterator[Path]:
    try:
        yield from sorted(_folder(store).glob("*.json"))
    except OSError as error:
        log.warning("slips cannot be looked for: %s", error)


def _read(path: Path) -> _Receipt | None:
    """What it says; None for one that is not filled."""
    try:
        said: Any = json_text.read(whole_files.read(path))
        submitted_at = float(said["submitted_at"])
        texts = [said[name] for name in ("job", "operation", "address", "folder", "task")]
        job, operation, address, folder, task = texts
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return None
    if not (math.isfinite(submitted_at) and all(isinstance(one, str) and one for one in texts)):
        return None
    return _Receipt(job, submitted_at, operation, address, Path(folder), task)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return math.inf


def _remove(path: Path) -> None:
    try:
        whole_files.remove(path)
    except OSError as error:
        log.warning("a slip is left: %s", error)


def _write(path: Path, text: str, mode: str) -> None:
    with path.open(mode) as file:
        file.write(text.encode().ljust(SIZE))
        file.flush()
        os.fsync(file.fileno())
