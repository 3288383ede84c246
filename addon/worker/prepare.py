"""The preparer: a background Blender that makes a .blend of downloaded files."""

import json
import logging
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..jobs.context import PreparationFailed, Stopped
from ..jobs.job import Job, Prepared
from ..service.names import safe_name
from . import background

log = logging.getLogger(__name__)

LOOK_EVERY = 0.1
OUTPUT_TAIL = 2000
"""Bytes of Blender's own output that go into the log when it fails."""


class BlenderPreparer:
    """Runs ``[*command, "--", job.json]`` once per job."""

    def __init__(self, command: Sequence[str], timeout: float, stop: threading.Event) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._stop = stop

    def prepare(self, job: Job, files: Sequence[Path], to: Path) -> Prepared:
        """Write ``to``; raises PreparationFailed, or Stopped when the worker has to end."""
        with tempfile.TemporaryDirectory(prefix="studio3d-", ignore_cleanup_errors=True) as scratch:
            folder = Path(scratch)
            order, report = folder / "job.json", folder / "report.json"
            part = to.with_name(f"{safe_name(to.stem)}.part.blend")
            order.write_text(
                json.dumps(
                    {
                        "files": [str(file) for file in files],
                        "to": str(part),
                        "report": str(report),
                        "name": job.name,
                    }
                ),
                encoding="utf-8",
            )
            try:
                self._run(order, folder)
                prepared = _read_report(report, part)
                part.rename(to)
            except OSError as error:
                raise PreparationFailed(f"The .blend could not be written: {error}") from error
            finally:
                part.unlink(missing_ok=True)
            return Prepared(to, *prepared)

    def _run(self, order: Path, folder: Path) -> None:
        output = folder / "output.txt"
        deadline = time.monotonic() + self._timeout
        with output.open("wb") as file:
            process = background.start([*self._command, "--", str(order)], file, folder)
            try:
                while process.poll() is None:
                    if self._stop.wait(LOOK_EVERY):
                        raise Stopped
                    if time.monotonic() > deadline:
                        raise PreparationFailed(
                            f"Preparing the result took longer than {self._timeout:.0f} seconds.",
                            "Import the downloaded file by hand.",
                        )
            finally:
                background.end(process)
        if process.returncode != 0:
            tail = output.read_bytes()[-OUTPUT_TAIL:].decode("utf-8", "replace")
            log.warning("background Blender ended with %s:\n%s", process.returncode, tail)


def _read_report(
    report: Path, blend: Path
) -> tuple[tuple[int, int, int], str, int, tuple[float, float, float]]:
    try:
        said: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        if not said["ok"]:
            raise PreparationFailed(str(said["message"]), str(said.get("hint", "")))
        major, minor, patch = (int(number) for number in said["blender_version"])
        x, y, z = (float(length) for length in said["dimensions"])
        collection, triangles = str(said["collection"]), int(said["triangles"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PreparationFailed(
            "The background Blender ended without a report.", "Its output is in the log."
        ) from error
    if not blend.is_file():
        raise PreparationFailed("The background Blender wrote no file.")
    return (major, minor, patch), collection, triangles, (x, y, z)
