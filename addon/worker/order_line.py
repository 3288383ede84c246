"""What tells a process that waits where its order is, and hands it what it has to hold meanwhile.

A process that is started for an order inherits the locks of who starts it (see
``jobs.file_locks``). One that was started before gets them with the order, where the system can
hand them over; the other end is in ``blender.background.entry``.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from ..jobs import file_locks

HANDS_OVER = sys.platform != "win32"


class OrderLine:
    """Our end. ``stdin`` is the other one, until the process has it and ``started`` is called."""

    def __init__(self) -> None:
        self._ours: socket.socket | None = None
        self._theirs: socket.socket | None = None
        self._pipe: int | None = None
        if HANDS_OVER:
            self._ours, self._theirs = socket.socketpair()
        self.stdin = subprocess.PIPE if self._theirs is None else self._theirs.fileno()

    def started(self, process: subprocess.Popen[bytes]) -> None:
        """The process has its end."""
        if self._theirs is not None:
            self._theirs.close()
        elif process.stdin is not None:
            self._pipe = process.stdin.fileno()

    def tell(self, order: Path) -> None:
        """Say where the order is; raises OSError where nobody listens any more."""
        line = json.dumps(str(order)).encode() + b"\n"
        if sys.platform != "win32" and self._ours is not None:
            socket.send_fds(self._ours, [line], file_locks.descriptors())
        elif self._pipe is not None:
            os.write(self._pipe, line)

    def close(self) -> None:
        """Let the process go, which ends it."""
        for end in (self._ours, self._theirs):
            if end is not None:
                end.close()
