"""One run of a script in a process of its own, waited for."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..service.stopping import Stopped
from .script_process import ScriptProcess

log = logging.getLogger(__name__)

LOOK_EVERY = 0.05

READY_SECONDS: Final = 120.0
"""How long a process that was started ahead is kept without an order."""


class ScriptRun:
    """Runs ``[*command, "--", order.json]``."""

    def __init__(self, command: Sequence[str], timeout: float, stop: threading.Event) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._stop = stop
        self._ahead = _Ahead()

    def get_ready(self, memory: int | None = None) -> None:
        """Start the process of the next run, which saves that its start; may be called often.

        ``memory``: the bytes that the run will be allowed.
        """
        if not self._stop.is_set():
            self._ahead.start(
                lambda: ScriptProcess(self._command, None, self._timeout, memory=memory)
            )

    def run(
        self,
        order: Mapping[str, Any],
        folder: Path | None = None,
        on_start: Callable[[], object] = bool,
        memory: int | None = None,
    ) -> Mapping[str, Any]:
        """Return the report of a run that succeeded; ``folder`` and ``memory`` as for its process.

        ``on_start`` is called once the process is at work. Raises ScriptFailed, Stopped when it is
        to end before that, and OSError.
        """
        process = self._ahead.take(order, memory) if folder is None else None
        if process is None:
            process = ScriptProcess(self._command, order, self._timeout, folder, memory)
        try:
            on_start()
            while (report := process.report()) is None:
                if self._stop.wait(LOOK_EVERY):
                    raise Stopped
        finally:
            process.end()
        return report

    def end(self) -> None:
        """Let nothing wait any more."""
        self._ahead.end()


class _Ahead:
    """The process that waits for an order, if there is one; used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: ScriptProcess | None = None
        self._timer: threading.Timer | None = None

    def start(self, start: Callable[[], ScriptProcess]) -> None:
        """Have one wait, and anew as long as it takes."""
        with self._lock:
            if self._process is not None and not self._process.is_running:
                self._end()
            if self._process is None:
                try:
                    self._process = start()
                except OSError as error:  # the run itself will tell it
                    log.info("nothing waits for the next order: %s", error)
                    return
            self._wait_anew()

    def take(self, order: Mapping[str, Any], memory: int | None) -> ScriptProcess | None:
        """The process, which has the order now; None without one that may take that much memory."""
        with self._lock:
            if self._process is None or self._process.memory != memory:
                return None
            self._stop_timer()
            process, self._process = self._process, None
        try:
            process.give(order)
        except OSError as error:
            log.warning("what waited for an order is gone: %s", error)
            process.end()
            return None
        return process

    def end(self) -> None:
        """End it without an order."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        self._stop_timer()
        if self._process is not None:
            self._process.end()
            self._process = None

    def _wait_anew(self) -> None:
        self._stop_timer()
        self._timer = threading.Timer(READY_SECONDS, self.end)
        self._timer.daemon = True
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
