"""Reading stdin in a thread, beside threads that do something else.

On Windows a read that waits for stdin holds a lock of the C runtime, and with it up whatever asks
the runtime about its files: loading Blender's libraries, and a render that loads more of them,
never come back then. So nobody waits in a read there: what has come is read, and else one waits.

``blender.background.entry`` runs this file, which imports nothing of the extension.
"""

import io
import os
import sys
import time
from typing import BinaryIO, Final

NUMBER: Final = 0
"""Of stdin."""

if sys.platform == "win32":
    import ctypes
    import msvcrt

    PAUSE: Final = 0.05
    """Seconds between two looks."""
    CLOSED: Final = frozenset({109, 232, 233})
    """Errors of a pipe that nobody writes to: BROKEN_PIPE, NO_DATA and PIPE_NOT_CONNECTED."""

    _KERNEL: Final = ctypes.WinDLL("kernel32", use_last_error=True)

    def opened() -> BinaryIO:
        """Stdin as bytes, of which a read keeps nobody but its thread waiting."""
        return io.BufferedReader(_Polled())

    class _Polled(io.RawIOBase):
        """Bytes of stdin, as they come."""

        def __init__(self) -> None:
            super().__init__()
            self._handle: Final = ctypes.c_void_p(msvcrt.get_osfhandle(NUMBER))

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
            """What has come, waiting for the first of it; 0 at the end."""
            while (there := self._there(len(buffer))) == 0:
                time.sleep(PAUSE)
            data = b"" if there is None else os.read(NUMBER, there)
            buffer[: len(data)] = data
            return len(data)

        def _there(self, most: int) -> int | None:
            """How many bytes can be read without waiting; None where no more will come."""
            count = ctypes.c_ulong()
            if _KERNEL.PeekNamedPipe(self._handle, None, 0, None, ctypes.byref(count), None):
                return min(count.value, most)
            if ctypes.get_last_error() in CLOSED:
                return None
            return most  # no pipe, but a file or a console, where reading is for nobody else

else:

    def opened() -> BinaryIO:
        """Stdin as bytes, of which a read keeps nobody but its thread waiting."""
        return open(NUMBER, "rb", closefd=False)
