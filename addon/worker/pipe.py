"""Writing to a child without ever waiting for it: what does not fit now is kept for later."""

import errno
import os
import sys
from typing import IO, Final

SLICE: Final = 4096
"""Bytes handed over at a time: on Windows a pipe has no more room, and takes all or nothing."""
FULL: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOSPC})
"""What a pipe without room says; the last one is Windows' word for it."""


class Outbox:
    """Bytes on their way into a pipe. Never blocks; a closed pipe is reported, not raised."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._waiting = bytearray()
        set_nonblocking(pipe.fileno())

    @property
    def empty(self) -> bool:
        """Whether everything was handed over."""
        return not self._waiting

    def put(self, line: bytes) -> bool:
        """Queue a line and hand over what fits; False if the pipe is closed."""
        self._waiting += line
        return self.flush()

    def flush(self) -> bool:
        """Hand over what fits; False if the pipe is closed."""
        while self._waiting:
            try:
                written = os.write(self._pipe.fileno(), self._waiting[:SLICE])
            except OSError as error:
                return error.errno in FULL
            if written == 0:
                return True
            del self._waiting[:written]
        return True

    def close(self) -> None:
        """Close the pipe, which the child notices."""
        try:
            self._pipe.close()
        except OSError:
            return


if sys.platform == "win32":
    import ctypes
    import msvcrt

    PIPE_NOWAIT = 1

    def set_nonblocking(descriptor: int) -> None:
        """``os.set_blocking`` knows pipes on Windows only from Python 3.12 on."""
        handle = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor))
        mode = ctypes.c_ulong(PIPE_NOWAIT)
        if not ctypes.windll.kernel32.SetNamedPipeHandleState(
            handle, ctypes.byref(mode), None, None
        ):
            raise ctypes.WinError()

else:

    def set_nonblocking(descriptor: int) -> None:
        """Make writes return at once."""
        os.set_blocking(descriptor, False)
