"""What drawing has read from the scene, kept until the scene changes: panels are drawn often."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

import bpy
from bpy.app.handlers import persistent

Found = TypeVar("Found")

_kept: Final[dict[Hashable, Any]] = {}


def once(key: Hashable, look: Callable[[], Found]) -> Found:
    """What ``look`` finds; it looks again only when something in Blender has changed."""
    if key not in _kept:
        _kept[key] = look()
    found: Found = _kept[key]
    return found


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def forget(*_: Any) -> None:
    """Something has changed; Blender does not say what of it matters here."""
    _kept.clear()


HANDLERS: Final = (
    bpy.app.handlers.depsgraph_update_post,
    bpy.app.handlers.frame_change_post,
    bpy.app.handlers.load_post,
    bpy.app.handlers.undo_post,
    bpy.app.handlers.redo_post,
)


def register() -> None:
    """Hear of changes."""
    for handlers in HANDLERS:
        handlers.append(forget)


def unregister() -> None:
    """Take it back and keep nothing."""
    for handlers in HANDLERS:
        handlers.remove(forget)
    forget()
