"""What settings tell whoever listens: our own without knowing them, and Blender's."""

from collections.abc import Callable
from typing import Any, Final

import bpy

Listener = Callable[[], None]


class Signal:
    """Something that happens, and who is to be called then, in the order they asked."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def connect(self, listener: Listener) -> None:
        """Call ``listener`` from now on."""
        self._listeners.append(listener)

    def disconnect(self, listener: Listener) -> None:
        """Call it no more."""
        self._listeners.remove(listener)

    def send(self) -> None:
        """Call all who listen."""
        for listener in tuple(self._listeners):
            listener()


ACCOUNT_CHANGED: Final = Signal()
"""Key or address are different now."""
BALANCE_WANTED: Final = Signal()
"""The service is to be asked whether it takes the key, and for the balance."""
PAGE_CHANGED: Final = Signal()
"""Other results are to be shown."""
SPOTS_SWITCHED: Final = Signal()
"""Viewports are to show where results are to stand, or not to any more."""


def hear_of(owner: object, setting: tuple[type, str], notify: Callable[[], None]) -> None:
    """Call ``notify`` when that property of the type changes, and for ``owner`` nothing else.

    Opening a file ends every subscription, so who subscribes does it again for each file.
    """
    bpy.msgbus.clear_by_owner(owner)
    key: Any = setting  # the stubs know no kinds of things
    bpy.msgbus.subscribe_rna(key=key, owner=owner, args=(), notify=notify)
