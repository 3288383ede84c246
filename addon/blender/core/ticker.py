"""What has to happen later, or again and again: everybody's calls, by one application timer.

The timer is there as long as somebody is to be called, and outlives File > New and File > Open.
Blender in background mode has no timers: there nobody is called.
"""

import logging
import time
from collections.abc import Callable

import bpy

from . import memory
from .memory import Part

log = logging.getLogger(__name__)

Client = Callable[[], float | None]
"""Returns the seconds until it is to be called again, None for no more."""


class _Ticker(Part):
    def __init__(self) -> None:
        self.due: dict[Client, float] = {}
        """When each is to be called, as ``time.monotonic`` has it."""
        self.is_calling = False

    def call_due(self) -> None:
        now = time.monotonic()
        for client in [client for client, due in self.due.items() if due <= now]:
            if self.due.pop(client, None) is None:  # one before it switched the extension off
                continue
            try:
                again = client()
            except Exception:  # the others are not to suffer
                log.exception("%s is not called any more", client)
                continue
            if again is not None:
                self.add(client, again)

    def add(self, client: Client, seconds: float) -> None:
        due = time.monotonic() + seconds
        self.due[client] = min(due, self.due.get(client, due))

    def until_next(self) -> float | None:
        return max(0.0, min(self.due.values()) - time.monotonic()) if self.due else None

    def end(self) -> None:
        self.due.clear()
        _set_timer(self)


def call(client: Client, *, after: float = 0.0) -> None:
    """Have it called in that many seconds, or sooner if it is to be called sooner already."""
    if not bpy.app.background:
        ticker = memory.of(_Ticker)
        ticker.add(client, after)
        _set_timer(ticker)


def is_due(client: Client) -> bool:
    """Whether it is to be called, now or later."""
    return client in memory.of(_Ticker).due


def tick() -> float | None:
    """The application timer."""
    ticker = memory.of(_Ticker)
    ticker.is_calling = True
    try:
        ticker.call_due()
    finally:
        ticker.is_calling = False
    return ticker.until_next()


def _set_timer(ticker: _Ticker) -> None:
    """Let the timer come when the next one is due; while it calls, what it returns does that."""
    if ticker.is_calling:
        return
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    seconds = ticker.until_next()
    if seconds is not None:
        bpy.app.timers.register(tick, first_interval=seconds, persistent=True)
