"""A script in a process of its own: an order goes in as JSON, a report comes back.

One that is started before there is an order gets ready meanwhile and waits for it.

Most run in a background Blender. Nothing here waits unless asked to, so Blender's own process may
look after one as well as the worker; ``script_run`` is for those who have a thread to wait in.
"""

import json
import logging
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from ..catalog.messages import Message, unpack
from ..jobs.scratch import scratch
from ..service.whole_files import open_to_read
from . import background, memory_limit, memory_watch, order_line
from .memory_watch import MemoryWatch
from .order_line import OrderLine
from .streams import said

log = logging.getLogger(__name__)

OUTPUT_TAIL = 2000
"""Bytes of the process's own output that are kept when it fails."""

REPORT_BYTES: Final = 16 * 1024**2
"""A longer report is none: what it tells of came from elsewhere."""

ON_STDIN: Final = "-"
"""In place of the order's file: stdin will say where it is, as ``blender.background.entry`` has it.
"""

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


class NoReport(ScriptFailed):
    """It ended with ``code`` without a word to us; ``output`` is the end of what it printed."""

    def __init__(self, code: int, output: str) -> None:
        super().__init__(*NO_REPORT)
        self.code = code
        self.output = output


class TooMuchMemory(ScriptFailed):
    """It needs more than ``allowed`` bytes; None for the usual limit."""

    def __init__(self, allowed: int | None) -> None:
        told = Message(memory_limit.TOLD, limit=memory_limit.told_limit(allowed))
        super().__init__(told, memory_limit.HINT)


class ScriptProcess:
    """Runs ``[*command, "--", order.json]``; ``end`` has to be called when it is done with."""

    def __init__(
        self,
        command: Sequence[str],
        order: Mapping[str, Any] | None,
        timeout: float,
        folder: Path | None = None,
        memory: int | None = None,
    ) -> None:
        """Start it; raises OSError. What it leaves in a ``folder`` of the caller's stays there.

        Without an order it waits until ``give`` is called. ``memory``: the bytes it may take; None
        for the usual limit.
        """
        self.memory = memory
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        with ExitStack() as stack:
            own = stack.enter_context(scratch())
            folder = folder or own
            self._report, self._output = folder / "report.json", folder / "output.txt"
            self._order = folder / "job.json"
            if order is not None:
                self._write(order)
            whole = [*command, "--", ON_STDIN if order is None else str(self._order)]
            self._line = OrderLine() if order is None else None
            if self._line is not None:
                stack.callback(self._line.close)
            with self._output.open("wb") as file:
                self._process = background.start(
                    whole,
                    output=file,
                    orders=subprocess.PIPE if self._line is None else self._line.stdin,
                    folder=folder,
                    temporary=own,
                    memory=memory,
                    # One that waits gets with its order what has to be held for that.
                    holds=self._line is None or not order_line.HANDS_OVER,
                )
            if self._line is not None:
                self._line.started(self._process)
            self._scratch = stack.pop_all()
        needed = memory_watch.NEEDED
        self._watch = MemoryWatch(self._process.pid, memory) if needed else None

    def give(self, order: Mapping[str, Any]) -> None:
        """The order for one that waits; raises OSError where it does not wait any more.

        It holds from then on what this thread has locked, as one that is started with its order.
        """
        if self._line is None:
            raise BrokenPipeError
        self._write(order)
        self._deadline = time.monotonic() + self._timeout
        self._line.tell(self._order)

    def _write(self, order: Mapping[str, Any]) -> None:
        text = json.dumps({**order, "report": str(self._report)})
        self._order.write_text(text, encoding="utf-8")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def report(self) -> Mapping[str, Any] | None:
        """What the script says it did; None while it works. Raises ScriptFailed."""
        code = self._process.poll()
        if code is None:
            if time.monotonic() > self._deadline:
                raise ScriptFailed(
                    Message(
                        "The background Blender took longer than {seconds:.0f} seconds.",
                        seconds=self._timeout,
                    ),
                    "A smaller model takes less; files that were downloaded are kept.",
                )
            if self._watch is not None and self._watch.is_exceeded():
                raise TooMuchMemory(self.memory)
            return None
        if code != 0:
            log.info("background work ended with %s:\n%s", code, self._tail())
        return self._read(code)

    def wait(self, seconds: float) -> None:
        """Wait that long at most for its end."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def end(self) -> None:
        """Stop it if it still runs, and clean up."""
        if self._watch is not None:
            self._watch.end()
        background.end(self._process)
        self._scratch.close()

    def leave(self) -> None:
        """Let it go on by itself; its report is lost."""
        if self._watch is not None:
            self._watch.end()
        self._scratch.close()

    def _read(self, code: int) -> Mapping[str, Any]:
        try:
            with open_to_read(self._report) as file:
                said: dict[str, Any] = json.loads(file.read(REPORT_BYTES))
            if not said["ok"]:
                if said.get("details"):
                    log.warning("background work says: %s", said["details"])
                if is_too_much(said["message"]):
                    raise TooMuchMemory(self.memory)
                hint = unpack(said.get("hint", ""))
                raise ScriptFailed(unpack(said["message"]), hint, kept=bool(said.get("kept")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            output = self._tail()
            if memory_limit.SIGNS.search(output):
                raise TooMuchMemory(self.memory) from error
            raise NoReport(code, output) from error
        return said

    def _tail(self) -> str:
        with open_to_read(self._output) as file:
            file.seek(max(0, self._output.stat().st_size - OUTPUT_TAIL))
            return said(file.read(OUTPUT_TAIL)).strip()


def is_too_much(message: object) -> bool:
    """Whether a report's message says that the memory was too little."""
    return isinstance(message, dict) and message.get("template") == memory_limit.TOLD
