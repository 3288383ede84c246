"""A script in a background Blender: an order goes in as JSON, a report comes back.

Nothing here waits, so Blender's own process may look after one as well as the worker.
"""

import json
import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..catalog.sentences import sentence, unpack
from . import background

log = logging.getLogger(__name__)

OUTPUT_TAIL = 2000
"""Bytes of Blender's own output that go into the log when it fails."""

NO_REPORT: Final = (
    "The background Blender ended without a report.",
    "It may have crashed over the model or run out of memory; its output is in the log.",
)


class ScriptFailed(Exception):
    """The script did not do its work; ``message`` says why, ``hint`` what to do next.

    ``kept``: nothing is wrong with its files, this Blender does not read their kind.
    """

    def __init__(self, message: str, hint: str = "", *, kept: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.kept = kept


class ScriptProcess:
    """Runs ``[*command, "--", order.json]``; ``end`` has to be called when it is done with."""

    def __init__(self, command: Sequence[str], order: Mapping[str, Any], timeout: float) -> None:
        """Start it; raises OSError."""
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._scratch = tempfile.TemporaryDirectory(prefix="studio3d-", ignore_cleanup_errors=True)
        folder = Path(self._scratch.name)
        self._report, self._output = folder / "report.json", folder / "output.txt"
        try:
            order_file = folder / "job.json"
            text = json.dumps({**order, "report": str(self._report)})
            order_file.write_text(text, encoding="utf-8")
            with self._output.open("wb") as file:
                self._process = background.start([*command, "--", str(order_file)], file, folder)
        except BaseException:
            self._scratch.cleanup()
            raise

    def report(self) -> Mapping[str, Any] | None:
        """What the script says it did; None while it works. Raises ScriptFailed."""
        code = self._process.poll()
        if code is None:
            if time.monotonic() > self._deadline:
                raise ScriptFailed(
                    sentence(
                        "The background Blender took longer than {seconds:.0f} seconds.",
                        seconds=self._timeout,
                    ),
                    "A smaller model takes less; files that were downloaded are kept.",
                )
            return None
        if code != 0:
            tail = self._output.read_bytes()[-OUTPUT_TAIL:].decode("utf-8", "replace")
            log.warning("background Blender ended with %s:\n%s", code, tail)
        return _read(self._report)

    def end(self) -> None:
        """Stop it if it still runs, and clean up."""
        background.end(self._process)
        self._scratch.cleanup()


def _read(report: Path) -> Mapping[str, Any]:
    try:
        said: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        if not said["ok"]:
            if said.get("details"):
                log.warning("background Blender says: %s", said["details"])
            hint = unpack(said.get("hint", ""))
            raise ScriptFailed(unpack(said["message"]), hint, kept=bool(said.get("kept")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ScriptFailed(*NO_REPORT) from error
    return said
