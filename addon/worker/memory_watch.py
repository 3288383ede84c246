"""Looks at how much memory a background Blender takes, where the system keeps it to no limit.

That is macOS: it takes ``RLIMIT_DATA`` and ``RLIMIT_AS`` and lets a process have more. A thread of
the process itself could not look either while an importer is at work, so its owner does, every
second. It sees what is in memory and not what macOS has compressed; what takes too much is found by
then. ``ps`` is part of every Unix and needs no library.
"""

import subprocess
import sys
import time
from typing import Final

from . import background, memory_limit

NEEDED: Final = sys.platform == "darwin"
EVERY: Final = 1.0
"""Seconds between two looks."""
KILOBYTE: Final = 1024


class MemoryWatch:
    """Of one process. Nothing here waits: an answer is read at the next look."""

    def __init__(self, pid: int, allowed: int | None = None) -> None:
        """``allowed``: the bytes it may take; None for the usual limit."""
        self._pid = pid
        self._limit = allowed or memory_limit.limit()
        self._asked: subprocess.Popen[bytes] | None = None
        self._next = time.monotonic()

    def is_exceeded(self) -> bool:
        """Whether the process was seen to take more than it may; to be called again and again."""
        if self._limit is None:
            return False
        if self._asked is not None:
            return self._answer() > self._limit
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._asked = self._ask()
        return False

    def end(self) -> None:
        """Wait for no answer any more."""
        if self._asked is not None:
            background.end(self._asked)
            self._close()

    def _ask(self) -> subprocess.Popen[bytes] | None:
        command = ["ps", "-o", "rss=", "-p", str(self._pid)]
        try:
            return background.start(command, output=subprocess.PIPE, owned=False)
        except OSError:  # no process can be had at the moment
            return None

    def _answer(self) -> int:
        """Bytes; 0 while there is no answer, and when the process has ended."""
        asked = self._asked
        if asked is None or asked.poll() is None or asked.stdout is None:
            return 0
        said = asked.stdout.read().strip()
        self._close()
        return int(said) * KILOBYTE if said.isdigit() else 0

    def _close(self) -> None:
        if self._asked is not None:
            for pipe in (self._asked.stdin, self._asked.stdout):
                if pipe is not None:
                    pipe.close()
        self._asked = None
