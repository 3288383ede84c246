"""One run of a script in a background Blender, waited for."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ..jobs.context import NoReader, PreparationFailed, Stopped
from .script_process import ScriptFailed, ScriptProcess

LOOK_EVERY = 0.1


class ScriptRun:
    """Runs ``[*command, "--", order.json]``."""

    def __init__(self, command: Sequence[str], timeout: float, stop: threading.Event) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._stop = stop

    def run(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the report of a run that succeeded.

        Raises PreparationFailed or NoReader, Stopped when the worker has to end, and OSError.
        """
        process = ScriptProcess(self._command, order, self._timeout)
        try:
            while (report := process.report()) is None:
                if self._stop.wait(LOOK_EVERY):
                    raise Stopped
        except ScriptFailed as error:
            failed = NoReader if error.kept else PreparationFailed
            raise failed(error.message, error.hint) from error
        finally:
            process.end()
        return report
