"""A loopback server that speaks byte by byte, or listens so: each in time, and all of it late."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PAUSE = 0.05
"""Seconds between two bytes: far below what a client waits for the next ones."""


@dataclass
class Dripping:
    """``quick`` goes at once, then ``slow`` byte by byte; without either, it stays silent."""

    quick: bytes = b""
    slow: bytes = b""
    heard: threading.Event = field(default_factory=threading.Event)
    """All that was said on a connection, or its first byte where no more is read."""
    hears_all: bool = True
    """False: nothing is read after the first bytes."""
    left: threading.Event = field(default_factory=threading.Event)
    """The other side hung up before the end, or the test is over."""

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            heard = connection.recv(1)
            while self.hears_all and not is_whole(heard):
                heard += connection.recv(64 * 1024)
            self.heard.set()
            if not self.quick + self.slow:
                self.left.wait()
                return
            connection.sendall(self.quick)
            for byte in self.slow:
                connection.sendall(bytes([byte]))
                time.sleep(PAUSE)


def is_whole(request: bytes) -> bool:
    """Whether its head is there, and the body that the head announces."""
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@contextmanager
def dripping(how: Dripping) -> Iterator[str]:
    """The address of one that does as ``how`` says with each connection."""
    with socket.socket() as listening:
        # A small window: what is not read is not taken off the sender's hands.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=_accept, args=(listening, how.serve), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        how.left.set()


def _accept(listening: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
