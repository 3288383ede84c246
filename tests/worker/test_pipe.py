"""What the parent writes to its worker: all of it, in order, whatever room the pipe has."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from addon.worker import background
from addon.worker.pipe import SLICE, Outbox
from tests.patience import seconds, until

LINES = [b"%d:%s\n" % (number, b"x" * number) for number in (1, 10, 4095, 4096, 4097, 30_000)]
READER = "import sys; sys.stdin.readline(); sys.stdout.write(sys.stdin.read())"


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def test_everything_arrives_in_order(child: "subprocess.Popen[bytes]") -> None:
    assert child.stdin is not None
    outbox = Outbox(child.stdin)
    for line in (b"begin\n", *LINES * 3):
        assert outbox.put(line)
    until(lambda: outbox.flush() and outbox.empty, what="the child to take it all")
    outbox.close()
    child.stdin = None
    out, _ = child.communicate(timeout=seconds(10))
    assert out.replace(b"\r\n", b"\n") == b"".join(LINES * 3)


class Pipe:
    """Room for a slice; takes a piece that fits, and else says what Windows or others say."""

    def __init__(self, says: int | None) -> None:
        self.says, self.taken, self.held, self.is_closed = says, b"", b"", False

    def write(self, _descriptor: int, piece: bytes) -> int:
        if self.is_closed:
            raise OSError(errno.EINVAL, "no one reads")
        if len(self.held) + len(piece) > SLICE:
            if self.says is None:
                return 0
            raise OSError(self.says, "no room")
        self.held += piece
        return len(piece)

    def read(self) -> None:
        self.taken, self.held = self.taken + self.held, b""


@pytest.mark.fault("The pipe to the worker is full", "What is said waits; nothing is lost")
@pytest.mark.parametrize("says", [None, errno.ENOSPC, errno.EAGAIN], ids=["0", "Windows", "Unix"])
def test_a_full_pipe_is_not_a_closed_one(
    child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch, says: int | None
) -> None:
    assert child.stdin is not None
    outbox, other = Outbox(child.stdin), Pipe(says)
    monkeypatch.setattr(os, "write", other.write)
    assert all(outbox.put(line) for line in LINES)
    while not outbox.empty:
        other.read()
        assert outbox.flush()
    other.read()
    assert other.taken == b"".join(LINES)
    other.is_closed = True
    assert not outbox.put(b"more\n")


@pytest.mark.fault(
    "A background Blender that was killed is not gone yet", "It is collected later, without a word"
)
def test_what_does_not_end_at_once_is_collected_later(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = (sys.executable, "-c", "import time; time.sleep(600)")
    process, other = (background.start(slow, output=subprocess.DEVNULL) for _ in range(2))
    with monkeypatch.context() as held_up:
        held_up.setattr(background, "END_SECONDS", 0.05)
        held_up.setattr(subprocess.Popen, "kill", lambda _: None)
        held_up.setattr(os, "killpg", lambda *_: None, raising=False)
        background.end(process)
    assert process.returncode is None
    assert process.stdin is not None
    assert process.stdin.closed
    process.kill()
    process.wait(seconds(5))
    background.end(other)
    assert other.returncode is not None
    assert process not in background._left
