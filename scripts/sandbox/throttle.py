"""How many requests a key may send within a rolling window."""

import threading
from collections import defaultdict, deque

from scripts.sandbox.clock import Clock
from scripts.sandbox.options import Behaviour


class Throttle:
    """Counts admitted requests only, like the service's framework does."""

    def __init__(self, behaviour: Behaviour, clock: Clock) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._lock = threading.Lock()
        self._admitted: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, account: str) -> float:
        """0.0 when the request may pass, else the seconds until one may."""
        window, now = self._behaviour.rate_window, self._clock.now()
        with self._lock:
            times = self._admitted[account]
            while times and times[0] <= now - window:
                times.popleft()
            if len(times) < self._behaviour.rate_limit:
                times.append(now)
                return 0.0
            return times[0] + window - now if times else window

    def forget(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._admitted.clear()
