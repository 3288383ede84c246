"""The system's requests to end: a kill, a closed terminal or console window, a log-off."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

KILLS: Final = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Windows has the last one only, which is Ctrl-Break there and whatever closes the console."""
CTRL_C: Final = "SIGINT"


@contextmanager
def heard(act: Callable[[], None], names: tuple[str, ...] = KILLS) -> Iterator[None]:
    """Within the block call ``act`` in the main thread, which may raise, when one of them comes.

    In other threads nothing is heard.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # What is ignored, as by nohup, stays so.
    wanted = [one for one in numbers if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda *_: act()) for number in wanted}
    try:
        with time_to_end():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if sys.platform == "win32":
    import _thread
    import ctypes

    CLOSING: Final = frozenset({2, 5, 6})
    """The console is closed, the user logs off, the system shuts down."""
    GIVEN_SECONDS: Final = 60.0
    """Longer than the system waits: from 5 s on it ends us."""

    def close(event: int) -> int:
        """Tell the main thread of the end, and hold that up meanwhile: Windows ends us after it."""
        if event not in CLOSING:
            return 0
        _thread.interrupt_main(signal.SIGBREAK)
        time.sleep(GIVEN_SECONDS)
        return 1

    _CLOSE: Final = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_ulong)(close)

    @contextmanager
    def time_to_end() -> Iterator[None]:
        """Have the seconds that Windows gives; with Python alone they end at once."""
        kernel = ctypes.windll.kernel32
        kernel.SetConsoleCtrlHandler(_CLOSE, True)
        try:
            yield
        finally:
            kernel.SetConsoleCtrlHandler(_CLOSE, False)

else:
    time_to_end = nullcontext
