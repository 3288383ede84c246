"""One run of a script in a process of its own, waited for."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..service.stopping import Stopped
from .script_process import ScriptProcess

LOOK_EVERY = 0.05


class ScriptRun:
    """Runs ``[*command, "--", order.json]``."""

    def __init__(self, command: Sequence[str], timeout: float, stop: threading.Event) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._stop = stop

    def run(self, order: Mapping[str, Any], folder: Path | None = None) -> Mapping[str, Any]:
        """Return the report of a run that succeeded; ``folder`` as for ``ScriptProcess``.

        Raises ScriptFailed, Stopped when it is to end before that, and OSError.
        """
        process = ScriptProcess(self._command, order, self._timeout, folder)
        try:
            while (report := process.report()) is None:
                if self._stop.wait(LOOK_EVERY):
                    raise Stopped
        finally:
            process.end()
        return report
