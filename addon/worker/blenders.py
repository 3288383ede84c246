"""How many background Blenders work at the same time, and how much memory each of them may take.

Together they stay within what one may take by itself (see ``memory_limit``). What is too large for
its share is done once more when the others have ended, and may take all of it.
"""

import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar

from ..service.stopping import Stopped
from . import memory_limit
from .script_process import NoReport, TooMuchMemory

log = logging.getLogger(__name__)

VARIABLE: Final = "STUDIO3D_BLENDERS"
CORES: Final = 2
"""For each of them: the Blender with the scene needs some as well."""
MOST: Final = 4
"""Unless the environment says more. They share a disk and a graphics card."""
LOOK_EVERY: Final = 0.05

Done = TypeVar("Done")


def usual_count(environ: Mapping[str, str], cores: int, whole: int | None) -> int:
    """How many there are cores and memory for; the environment may say another number of them.

    ``whole``: the bytes that one may take by itself, None for no limit.
    """
    said = environ.get(VARIABLE, "").strip()
    wanted = int(said) if said.isdecimal() else min(cores // CORES, MOST)
    room = wanted if whole is None else whole // memory_limit.LEAST
    return max(1, min(wanted, room))


class Blenders:
    """Those that work at the same time. Methods may be called from any thread."""

    def __init__(self, count: int = 1, whole: int | None = None) -> None:
        """``whole``: the bytes that one may take by itself, None for no limit."""
        self.count = count
        self.share: int | None = None
        """Bytes for each while others may be at work; None where it is as for one by itself."""
        if count > 1 and whole is not None and whole > memory_limit.LEAST:
            self.share = max(memory_limit.LEAST, whole // count)
        self._free = count
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @classmethod
    def of_machine(cls) -> "Blenders":
        """As many as this machine has cores and memory for."""
        whole = memory_limit.limit()
        return cls(usual_count(os.environ, _cores(), whole), whole)

    def do(self, work: Callable[[int | None], Done], stop: threading.Event) -> Done:
        """Call ``work`` with the bytes its Blender may take, None for the usual limit.

        It is called once more if that was too little. What ends without a word may have ended for
        that. Raises what it raises, and Stopped where it is to end before it has begun.
        """
        try:
            with self._place(1, stop):
                return work(self.share)
        except (TooMuchMemory, NoReport) as error:
            if self.share is None:
                raise
            log.info("once more, by itself and with all of the memory: %s", error)
        with self._place(self.count, stop):
            return work(None)

    @contextmanager
    def _place(self, places: int, stop: threading.Event) -> Iterator[None]:
        """Have that many places, in the sequence they were asked for."""
        turn = object()
        with self._changed:
            self._line.append(turn)
            try:
                while self._line[0] is not turn or self._free < places:
                    if stop.is_set():
                        raise Stopped
                    self._changed.wait(LOOK_EVERY)
                self._free -= places
            finally:
                self._line.remove(turn)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += places
                self._changed.notify_all()


def _cores() -> int:
    """The cores this process may use."""
    count = os.cpu_count() or 1
    if sys.platform == "linux":  # it alone tells
        count = len(os.sched_getaffinity(0))
    return count
