"""The artist's objects as they were, should it fail to put a result into their place."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import bpy

from . import object_links, parenting, physics

CHANGED: Final = (
    "hide_viewport",
    "hide_render",
    # In this order: setting the parent resets the others.
    "parent",
    "parent_type",
    "parent_bone",
    "parent_vertices",
    "matrix_parent_inverse",
)
MARKS: Final = (object_links.REPLACED, parenting.HUNG)


@contextmanager
def unless_it_fails(
    originals: Iterable[bpy.types.Object], layer: bpy.types.ViewLayer
) -> Iterator[None]:
    """Undo in the block's stead what it did to the originals and their children, if it raises.

    Operators that fail leave no undo step to go back by.
    """
    touched = dict.fromkeys([*originals, *(c for one in originals for c in one.children)])
    before = [_State(obj, layer) for obj in touched if obj.library is None]
    try:
        yield
    except Exception:
        for state in before:
            state.restore()
        raise


class _State:
    """What an object was like."""

    def __init__(self, obj: bpy.types.Object, layer: bpy.types.ViewLayer) -> None:
        self._obj, self._layer = obj, layer
        self._values = {name: _copy(getattr(obj, name)) for name in CHANGED}
        self._name, self._data_name = obj.name, getattr(obj.data, "name", "")
        self._marks = {name for name in MARKS if name in obj.keys()}  # noqa: SIM118
        self._by_eye = obj.hide_get(view_layer=layer)
        self._selected = obj.select_get(view_layer=layer)

    def restore(self) -> None:
        obj = self._obj
        for name, value in self._values.items():
            if _copy(getattr(obj, name)) != value:
                setattr(obj, name, value)
        _rename(bpy.data.objects, obj, self._name)
        if obj.data is not None:
            _rename(bpy.data.meshes, obj.data, self._data_name)
        for name in set(MARKS) - self._marks:
            if name in obj.keys():  # noqa: SIM118
                del obj[name]
        physics.take_part(obj)
        if obj.name in self._layer.objects:
            obj.hide_set(self._by_eye, view_layer=self._layer)
            obj.select_set(self._selected, view_layer=self._layer)


def _rename(others: Any, item: bpy.types.ID, name: str) -> None:
    """Give the item its name back, which the result may have."""
    if item.name == name:
        return
    other = others.get((name, None))
    if other is not None:
        other.name = f"{name} Result"
    item.name = name


def _copy(value: Any) -> Any:
    """Of what Blender would change in place."""
    if isinstance(value, str | bool | bpy.types.ID) or value is None:
        return value
    return value.copy() if hasattr(value, "copy") else list(value)
