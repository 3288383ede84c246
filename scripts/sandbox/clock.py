"""The sandbox's time: real time plus an offset, so that a day can pass within a test."""

import time


class Clock:
    """Unix seconds."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """The current time, moved forward by every ``advance``."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self._offset += seconds
