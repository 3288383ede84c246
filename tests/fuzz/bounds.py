"""What every reader keeps to: it ends in time, takes little memory, and fails in its words."""

import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from tests.patience import seconds

WANTED = os.environ.get("STUDIO3D_TEST_EXAMPLES", "")

MOST_MEMORY = 256 * 1024**2
"""Bytes; no example has a megabyte itself."""
MOST_SECONDS = 20.0
"""Of the processor's time, which other programs do not use up."""


MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder of our own is made in it
"""Files there cost no disk anything, which a thousand of them a test would."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder of one example's own."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="studio3d-fuzz-", dir=place) as made:
        yield Path(made)


def searched(usual: int) -> Callable[[Any], Any]:
    """Decorates a test that tries ``usual`` examples, or as many others as are wanted."""
    return settings(
        max_examples=int(WANTED or usual),
        derandomize=not WANTED,
        database=None,
        deadline=None,
        phases=set(Phase) - {Phase.explain},
        print_blob=bool(WANTED),
        # A file of its own takes each example its time, and fixtures are the same for all.
        suppress_health_check=list(HealthCheck),
    )


class TooLong(BaseException):
    """The reader did not end; nothing that takes every error for its own takes this one."""


@contextmanager
def within_bounds(memory: int = MOST_MEMORY) -> Iterator[None]:
    """Let what is done here take so many bytes more than there are, and so much time, at most."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds(MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome(call: Callable[[], Any], *refusals: type[Exception]) -> Any:
    """What the call returns, or the refusal it raises; any other error is a fault of ours."""
    with within_bounds():
        try:
            return call()
        except refusals as error:
            refusal = error
    below: BaseException | None = refusal
    while below is not None:
        assert not isinstance(below, MemoryError), "it took all memory before it refused"
        below = below.__cause__ or below.__context__
    assert str(refusal).strip(), "it does not say why"
    str(refusal).encode()  # every file and every terminal takes its words
    return refusal
