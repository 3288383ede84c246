"""The parent's side of the worker: start it, talk to it, end it. No bpy, never blocks."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..catalog.messages import Message
from ..service import whole_files
from . import background
from .pipe import Outbox
from .settings import WorkerSettings, message_line
from .streams import said

MAX_RESTARTS = 3
RESTART_INTERVAL = 5.0
HEALTHY_SECONDS = 60.0
"""A worker that lived this long was all right: the count of restarts begins anew."""

ERROR_TAIL = 600


class WorkerProcess:
    """Keeps one worker alive. All methods return at once, except ``stop``."""

    def __init__(
        self,
        command: Sequence[str],
        settings: WorkerSettings,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``command`` starts ``bootstrap.py``; nothing is started yet."""
        self._command = tuple(command)
        self._settings = settings
        self._monotonic = monotonic
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: Outbox | None = None
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._started_at = 0.0
        self._restarts = 0
        self.gave_up = ""
        """Why it is no longer started, for people; empty while all is well."""

    @property
    def alive(self) -> bool:
        """Whether the worker runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def leaving(self) -> bool:
        """Whether a stopped worker is still there, waiting for the receipt of an order."""
        self._leaving = [process for process in self._leaving if process.poll() is None]
        return bool(self._leaving)

    @property
    def pid(self) -> int | None:
        """The worker's process id while it runs."""
        return self._process.pid if self._process is not None and self.alive else None

    def ensure(self) -> bool:
        """Start the worker if it is not running and may be; tells whether it runs now."""
        if self.alive:
            self._flush()
            return True
        now = self._monotonic()
        if self.gave_up or not self._may_start(now):
            return False
        try:
            self._start(now)
        except OSError as error:
            self.gave_up = Message("The worker process cannot be started: {error}", error=error)
            return False
        return True

    def update(self, settings: WorkerSettings) -> None:
        """Use other settings from now on; also ends having given up."""
        if settings == self._settings:
            return
        self._settings = settings
        self.reset()
        if self.alive:
            self._send({"settings": settings.to_json()})

    def reset(self) -> None:
        """Allow starting again after having given up: the user asked for it."""
        self.gave_up = ""
        self._restarts = 0

    def nudge(self) -> None:
        """Have the worker look at the store now; starts it if need be."""
        if self.ensure() and self._outbox is not None and self._outbox.empty:
            self._send({"nudge": True})

    def check(self) -> None:
        """Have the worker ask for the balance; the answer appears in the store."""
        if self.ensure():
            self._send({"check": True})

    def stop(self, timeout: float = 2.0) -> bool:
        """End the worker and wait up to ``timeout`` seconds; tells whether it has ended.

        It may outlive that when an order is being sent: it then ends by itself as soon as the
        receipt is written down, and killing it would lose what was paid for.
        """
        process, self._process = self._process, None
        if process is None:
            return True
        self._send({"stop": True})
        self._close_outbox()
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._leaving.append(process)
            return False
        return True

    def _may_start(self, now: float) -> bool:
        if self._process is None:
            return True
        lived = now - self._started_at
        if lived < RESTART_INTERVAL:
            return False
        if lived >= HEALTHY_SECONDS:
            self._restarts = 0
        if self._restarts >= MAX_RESTARTS:
            self.gave_up = Message(
                "The worker process ended {times} times. {said}",
                times=self._restarts + 1,
                said=self._error(),
            )
            self._close_outbox()
            return False
        self._restarts += 1
        return True

    def _start(self, now: float) -> None:
        self._close_outbox()
        self._settings.log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._error_file.open("wb") as errors:
            self._process = background.start(
                self._command, output=subprocess.DEVNULL, errors=errors, owned=False
            )
        self._started_at = now
        if self._process.stdin is not None:
            self._outbox = Outbox(self._process.stdin)
        self._send({"settings": self._settings.to_json()})

    @property
    def _error_file(self) -> Path:
        return self._settings.log_file.with_suffix(".stderr")

    def _error(self) -> str:
        try:
            tail = said(whole_files.read(self._error_file)[-ERROR_TAIL:])
        except OSError:
            return ""
        lines = tail.strip().splitlines()
        return lines[-1] if lines else ""

    def _send(self, message: dict[str, object]) -> None:
        if self._outbox is not None:
            self._outbox.put(message_line(message))

    def _close_outbox(self) -> None:
        if self._outbox is not None:
            self._outbox.close()
            self._outbox = None

    def _flush(self) -> None:
        if self._outbox is not None:
            self._outbox.flush()
