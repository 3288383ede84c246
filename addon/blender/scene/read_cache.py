"""What drawing has read from the scene, kept until the scene changes: panels are drawn often."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

import bpy
from bpy.app.handlers import persistent

Found = TypeVar("Found")

_kept: Final[dict[Hashable, Any]] = {}
_lasting: Final[dict[Hashable, tuple[int, Any]]] = {}
"""With how many objects there were."""


def once(key: Hashable, look: Callable[[], Found]) -> Found:
    """What ``look`` finds; it looks again only when something in Blender has changed."""
    if key not in _kept:
        _kept[key] = look()
    found: Found = _kept[key]
    return found


def until_undo(key: Hashable, look: Callable[[], Found]) -> Found:
    """The same for what only we change, or what adds and removes objects.

    It is looked for again after undo, in another file, when their count is another, and when told
    by ``forget_all``.
    """
    count = len(bpy.data.objects)
    if key not in _lasting or _lasting[key][0] != count:
        _lasting[key] = count, look()
    found: Found = _lasting[key][1]
    return found


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def forget_all(*_: Any) -> None:
    """Nothing is as it was."""
    _kept.clear()
    _lasting.clear()


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def forget(*_: Any) -> None:
    """Something has changed; Blender does not say what of it matters here."""
    _kept.clear()


HANDLERS: Final = (
    (bpy.app.handlers.depsgraph_update_post, forget),
    (bpy.app.handlers.frame_change_post, forget),
    (bpy.app.handlers.load_post, forget_all),
    (bpy.app.handlers.undo_post, forget_all),
    (bpy.app.handlers.redo_post, forget_all),
)


def register() -> None:
    """Hear of changes."""
    for handlers, function in HANDLERS:
        handlers.append(function)


def unregister() -> None:
    """Take it back and keep nothing."""
    for handlers, function in HANDLERS:
        handlers.remove(function)
    forget_all()
