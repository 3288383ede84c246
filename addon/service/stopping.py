"""How work is told to end before it is done, and waits in which the main thread hears of it."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Final


class Stopped(Exception):
    """The work was asked to end in the middle of a step, which is taken up again later."""


class Stop(threading.Event):
    """Ends, when set, what can be done again later; ``at_once`` what waits for a receipt too."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once = threading.Event()


SLICE: Final = 0.25 if sys.platform == "win32" else threading.TIMEOUT_MAX
"""Seconds that are waited at a time: on Windows a signal is only heard when a wait is over."""


def attentively(wait: Callable[[float], bool], seconds: float) -> bool:
    """Wait that long at most, as ``wait`` does: it is told for how long, and tells if it is over.

    Returns what it told. Whatever handles a signal in the main thread does so meanwhile.
    """
    end = time.monotonic() + seconds
    while not (is_over := wait(max(0.0, min(end - time.monotonic(), SLICE)))):
        if time.monotonic() >= end:
            break
    return is_over


def pause(seconds: float) -> None:
    """Let the time go by."""

    def asleep(slice_of_it: float) -> bool:
        time.sleep(slice_of_it)
        return False

    attentively(asleep, seconds)
