"""How long a request may take in all, whoever answers it, and that a stop ends it.

The timeouts of ``requests`` are for the next bytes only: a peer that sends one byte a second keeps
to them for ever. Here the connections themselves look at the clock, before every few bytes that go
or come, so that connecting through a proxy, sending, the head of an answer and its body are all
bound by what ``bounded`` says. ``http.new_session`` makes its connections so; without bounds they
refuse to work.
"""

import io
import math
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final, TypeVar

from requests.adapters import HTTPAdapter

from .limits import ANSWER_WAITS, SLOWEST
from .stopping import Stop, Stopped

SLICE: Final = 0.25
"""Seconds that a connection is waited for before the clock and the stop are looked at again."""

Value = TypeVar("Value")


class TooSlow(TimeoutError):
    """The time for a request is over; within requests' own exceptions."""


class Bounds:
    """Of one request and its answer."""

    def __init__(
        self, wait: float, stop: Stop, *, keeps: Callable[[], bool] = lambda: False
    ) -> None:
        """``wait``: seconds without a byte that are allowed.

        ``keeps`` tells whether the answer has to be waited for, even when all else stops.
        """
        self._wait = wait
        self._stop = stop
        self._keeps = keeps
        self._seconds = ANSWER_WAITS * wait
        self._until = time.monotonic() + self._seconds
        self._streams = False
        self._since: float | None = None
        self._moved = 0

    def stream(self) -> None:
        """The answer is a file: from now on it is speed that counts, and not time."""
        self._streams = True
        self._since, self._moved = time.monotonic(), 0

    def check(self, *, sending: bool = False) -> None:
        """Raise Stopped or TooSlow where it must not go on."""
        if self._stop.at_once.is_set() or (self._stop.is_set() and not self._keeps()):
            raise Stopped
        now = time.monotonic()
        if now > _over_at.get():
            raise TooSlow
        if sending or self._streams:
            self._check_speed(now)
        elif now > self._until:
            raise TooSlow

    def sent(self, count: int) -> None:
        """So many bytes went; the answer has its time from the last of them on."""
        self._moved += count
        self._until = time.monotonic() + self._seconds

    def came(self, count: int) -> None:
        """So many bytes came."""
        self._moved += count

    def _check_speed(self, now: float) -> None:
        if self._since is None:
            self._since = now
        elif now - self._since > self._wait:
            if self._moved < SLOWEST * self._wait:
                raise TooSlow
            self._since, self._moved = now, 0


_current: Final[ContextVar[Bounds | None]] = ContextVar("bounds", default=None)
_over_at: Final[ContextVar[float]] = ContextVar("over_at", default=math.inf)


@contextmanager
def bounded(bounds: Bounds) -> Iterator[Bounds]:
    """Hold all requests within to the bounds, in this thread."""
    token = _current.set(bounds)
    try:
        yield bounds
    finally:
        _current.reset(token)


@contextmanager
def over_within(seconds: float) -> Iterator[None]:
    """Give all requests within no more than that together, files too: they are not worth more."""
    token = _over_at.set(min(_over_at.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _over_at.reset(token)


def _bounds() -> Bounds:
    found = _current.get()
    if found is None:
        raise RuntimeError("a request without bounds")
    return found


class BoundAdapter(HTTPAdapter):
    """Makes connections, through proxies too, that keep to the bounds of who uses them."""

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        """As the library calls it."""
        super().init_poolmanager(*args, **settings)
        _bind(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **settings: Any) -> Any:
        """As the library calls it."""
        return _bind(super().proxy_manager_for(*args, **settings))


def _bind(manager: Any) -> Any:
    kinds = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _bound_pool(kind) for scheme, kind in kinds.items()}
    return manager


@cache
def _bound_pool(kind: type) -> type:
    """A pool like ``kind`` whose connections are bound; itself where they are already."""
    made: Any = kind
    if issubclass(made.ConnectionCls, _Bound):
        return kind
    bound: Any = type(kind.__name__, (kind,), {})
    bound.ConnectionCls = type(made.ConnectionCls.__name__, (_Bound, made.ConnectionCls), {})
    return bound  # type: ignore[no-any-return]


class _Bound:
    """Part of a connection's class: whatever goes over its socket keeps to the bounds."""

    sock: Any
    timeout: Any

    def connect(self) -> None:
        """Connect; the time for it is that of each address, of a proxy's and of TLS."""
        _bounds().check()
        super().connect()  # type: ignore[misc]
        self.sock = BoundSocket(self.sock)

    def _tunnel(self) -> None:
        """Ask a proxy for the way through it, before there is TLS over the socket itself."""
        bare = self.sock
        self.sock = BoundSocket(bare)
        super()._tunnel()  # type: ignore[misc]
        self.sock = bare


class BoundSocket:
    """A connected socket, plain or TLS, as ``http.client`` uses one."""

    def __init__(self, bare: socket.socket) -> None:
        self._bare = bare
        self._timeout = bare.gettimeout()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bare, name)

    def settimeout(self, seconds: float | None) -> None:
        """Seconds that the next bytes may take; None: as long as the bounds allow."""
        self._timeout = seconds

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """What an answer is read from."""
        return io.BufferedReader(_Incoming(self, self._bare.makefile("rb", buffering=0)))

    def sendall(self, data: Any) -> None:
        """Send all of it."""
        bounds = _bounds()
        left = memoryview(data).cast("B")
        while left:
            count = self._patiently(lambda: self._bare.send(left), bounds, sending=True)  # noqa: B023
            bounds.sent(count)
            left = left[count:]

    def recv_into(self, buffer: Any) -> int:
        """Wait for the next bytes; returns how many came."""
        bounds = _bounds()
        count = self._patiently(lambda: self._bare.recv_into(buffer), bounds)
        bounds.came(count)
        return count

    def _patiently(
        self, act: Callable[[], Value], bounds: Bounds, *, sending: bool = False
    ) -> Value:
        """Do it, looking up now and then while nothing moves. Raises what a socket raises."""
        began = time.monotonic()
        while True:
            bounds.check(sending=sending)
            self._bare.settimeout(SLICE)
            try:
                return act()
            except TimeoutError:
                if self._timeout is not None and time.monotonic() - began > self._timeout:
                    raise


class _Incoming(io.RawIOBase):
    """The bytes that come over a socket; ``bare`` only keeps the socket open, as its own would."""

    def __init__(self, source: BoundSocket, bare: io.RawIOBase) -> None:
        self._source = source
        self._bare = bare

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.recv_into(buffer)

    def close(self) -> None:
        self._bare.close()
        super().close()
