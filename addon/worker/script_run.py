"""One run of a script in a background Blender: an order goes in as JSON, a report comes back."""

import json
import logging
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..jobs.context import PreparationFailed, Stopped
from . import background

log = logging.getLogger(__name__)

LOOK_EVERY = 0.1
OUTPUT_TAIL = 2000
"""Bytes of Blender's own output that go into the log when it fails."""

NO_REPORT: Final = (
    "The background Blender ended without a report.",
    "Its output is in the log.",
)


class ScriptRun:
    """Runs ``[*command, "--", order.json]``."""

    def __init__(self, command: Sequence[str], timeout: float, stop: threading.Event) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._stop = stop

    def run(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the report of a run that succeeded.

        Raises PreparationFailed, Stopped when the worker has to end, and OSError.
        """
        with tempfile.TemporaryDirectory(prefix="studio3d-", ignore_cleanup_errors=True) as scratch:
            folder = Path(scratch)
            order_file, report = folder / "job.json", folder / "report.json"
            text = json.dumps({**order, "report": str(report)})
            order_file.write_text(text, encoding="utf-8")
            self._run(order_file, folder)
            return _read(report)

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
                            f"The background Blender took longer than {self._timeout:.0f} seconds.",
                            "A smaller model takes less; files that were downloaded are kept.",
                        )
            finally:
                background.end(process)
        if process.returncode != 0:
            tail = output.read_bytes()[-OUTPUT_TAIL:].decode("utf-8", "replace")
            log.warning("background Blender ended with %s:\n%s", process.returncode, tail)


def _read(report: Path) -> Mapping[str, Any]:
    try:
        said: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        if not said["ok"]:
            raise PreparationFailed(str(said["message"]), str(said.get("hint", "")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PreparationFailed(*NO_REPORT) from error
    return said
