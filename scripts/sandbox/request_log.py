"""Requests seen, for a test to look at. No key, no query and no file contents ever get in."""

import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

_LONGEST = 200


@dataclass(slots=True)
class Entry:
    """One request; ``status`` None means that no answer was sent."""

    server: str
    method: str
    path: str
    has_auth: bool
    content_type: str | None
    agent: str
    at: float
    fields: dict[str, Any] = field(default_factory=dict)
    status: int | None = None


def brief(value: object) -> object:
    """``value`` short enough for the log."""
    if isinstance(value, str) and value.startswith("data:"):
        return f"<data URI of {len(value)} characters>"
    if isinstance(value, str):
        without_query = value.partition("?")[0] if value.startswith("http") else value
        return without_query[:_LONGEST]
    if isinstance(value, list):
        return [brief(item) for item in value]
    if isinstance(value, dict):
        return {str(name): brief(item) for name, item in value.items()}
    return value


class RequestLog:
    """The most recent requests, oldest first."""

    def __init__(self, longest: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=longest)

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
