"""What this Blender is at: one object with the state of every module, dropped with the extension.

A module that has to remember something keeps it in a ``Part`` of its own, which is made empty when
it is first asked for::

    class _News(Part):
        def __init__(self) -> None:
            self.lines: list[str] = []

    memory.of(_News).lines

What belongs to drawing stays with those who draw: previews, and the items of menus, which Blender
wants kept.
"""

import atexit
from contextlib import ExitStack
from typing import Final, TypeVar, cast


class Part:
    """The state of one module."""

    def end(self) -> None:
        """Let go of what would go on by itself: processes, timers, files."""

    def forget_file(self) -> None:
        """Let go of what is about the open file: another one is open now."""


P = TypeVar("P", bound=Part)


class Runtime:
    """One of each kind of part."""

    def __init__(self) -> None:
        self._parts: dict[type[Part], Part] = {}

    def of(self, kind: type[P]) -> P:
        """That part."""
        if kind not in self._parts:
            self._parts[kind] = kind()
        return cast(P, self._parts[kind])  # no type says that each key has one of its kind

    def end(self) -> None:
        """End and drop all parts, the last one first; each, whatever happens to another."""
        with ExitStack() as stack:
            for part in self._parts.values():
                stack.callback(part.end)
            self._parts = {}

    def forget_file(self) -> None:
        """Have all parts forget the file that was open."""
        for part in tuple(self._parts.values()):
            part.forget_file()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is remembered."""
        return not self._parts


_runtime: Final = Runtime()


def of(kind: type[P]) -> P:
    """That part of the state; the same one until the extension ends."""
    return _runtime.of(kind)


def end() -> None:
    """End everything that is under way, and forget all; jobs at the service go on."""
    _runtime.end()


def forget_file() -> None:
    """Another file is open: forget what there is about the one before."""
    _runtime.forget_file()


def is_empty() -> bool:
    """Whether nothing is under way or remembered."""
    return _runtime.is_empty


def register() -> None:
    """End with Blender at the latest."""
    atexit.register(end)


def unregister() -> None:
    """End with the extension."""
    atexit.unregister(end)
    end()
