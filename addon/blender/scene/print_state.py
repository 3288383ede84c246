"""What a model for a printer is known by: as long as it is the same, so is what was found of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.app.handlers import persistent

from ..core.access import present
from . import export_selection

if TYPE_CHECKING:
    from .export_selection import Selection


State = tuple[Any, ...]

DIGITS: Final = 6
"""Decimal places of a size or a turn that count."""

_shapes: Final[dict[int, list[int]]] = {}
"""Fingerprints by the object's ``session_uid``, as long as its shape is the same: drawing asks for
them while large models are moved."""


def of(selection: Selection) -> State:
    """Differs when a mesh, a size, a turn or a modifier differs; reads only what has changed."""
    for obj in selection.objects:
        if obj.session_uid not in _shapes:
            _shapes[obj.session_uid] = export_selection.fingerprint(obj)
    return tuple((*_shapes[obj.session_uid], *_worn(obj)) for obj in selection.objects)


def look(selection: Selection) -> State:
    """The same, read anew."""
    for obj in selection.objects:
        _shapes.pop(obj.session_uid, None)
    return of(selection)


def _worn(obj: bpy.types.Object) -> State:
    return (
        # Not where it is: it is looked at as it stands, wherever that is.
        *(round(value, DIGITS) for row in obj.matrix_world.to_3x3()[:] for value in row[:]),
        *((one.name, one.type) for one in obj.modifiers if one.show_viewport),
    )


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def on_change(_scene: Any, depsgraph: Any) -> None:
    """Some shapes may have changed."""
    if not _shapes:
        return
    for update in depsgraph.updates:
        if update.is_updated_geometry and isinstance(update.id, bpy.types.Object):
            _shapes.pop(present(update.id.original, "original").session_uid, None)


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def forget(*_: Any) -> None:
    """Nothing is as it was."""
    _shapes.clear()


HANDLERS: Final = (
    (bpy.app.handlers.depsgraph_update_post, on_change),
    (bpy.app.handlers.load_post, forget),
    (bpy.app.handlers.undo_post, forget),
    (bpy.app.handlers.redo_post, forget),
)


def register() -> None:
    """Hear of changes."""
    for handlers, function in HANDLERS:
        handlers.append(function)


def unregister() -> None:
    """Take it back and keep nothing."""
    for handlers, function in HANDLERS:
        handlers.remove(function)
    forget()
