"""``Object.studio3d``: which objects a result stands for.

Links are pointers, which Blender keeps right when objects are renamed, undone, saved and opened
again. They lead from the result to its originals only: an object that is pointed at is kept in
the file, so links both ways would keep pairs alive that the artist has deleted.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import bpy
from bpy.props import CollectionProperty, IntProperty, PointerProperty

from ..core import ids
from . import read_cache

REPLACED: Final = f"{ids.EXTENSION}_replaced"
"""Custom property of an object that a result stands for."""


PART: Final = f"{ids.EXTENSION}_part"
"""Custom property of the pieces of a result that came in several, which hang on an empty."""

SPLIT: Final = f"{ids.EXTENSION}_split"
"""Custom property of an empty that holds what was cut apart for a printer."""


class STUDIO3D_PG_original(bpy.types.PropertyGroup):
    """One of the objects that a result was made from."""

    if TYPE_CHECKING:
        object: bpy.types.Object | None
    else:
        object: PointerProperty(type=bpy.types.Object)


class STUDIO3D_PG_object(bpy.types.PropertyGroup):
    """What an object is to others."""

    if TYPE_CHECKING:
        originals: bpy.types.bpy_prop_collection_idprop[STUDIO3D_PG_original]
        number: int
    else:
        originals: CollectionProperty(type=STUDIO3D_PG_original)
        # Which of the results of one object it is, counted as they came.
        number: IntProperty()


CLASSES = (STUDIO3D_PG_original, STUDIO3D_PG_object)


def _group_of(obj: bpy.types.Object) -> STUDIO3D_PG_object:
    group: STUDIO3D_PG_object = getattr(obj, ids.EXTENSION)
    return group


def link(
    result: bpy.types.Object, originals: Sequence[bpy.types.Object], *, number: int = 0
) -> None:
    """Note what ``result`` stands for, the object it takes the place of first.

    ``number`` orders it among the results of one object.
    """
    read_cache.forget_all()
    group = _group_of(result)
    group.originals.clear()
    group.number = number
    for original in originals:
        group.originals.add().object = original
        if original.library is None:
            original[REPLACED] = True


def unlink(result: bpy.types.Object, originals: Iterable[bpy.types.Object] = ()) -> None:
    """Forget what ``result`` stood for, or those ``originals`` of it."""
    read_cache.forget_all()
    links, gone = _group_of(result).originals, set(originals)
    for index in reversed(range(len(links))):
        original = links[index].object
        if gone and original not in gone:
            continue
        links.remove(index)
        if original is not None:
            unmark(original)


def unmark(original: bpy.types.Object) -> None:
    """Forget that a result stands for it."""
    if original.library is None and REPLACED in original.keys():  # noqa: SIM118 - not a dict
        del original[REPLACED]


def made_from(result: bpy.types.Object) -> list[bpy.types.Object]:
    """The objects ``result`` stands for, also those that are in no scene any more."""
    found = [entry.object for entry in _group_of(result).originals]
    return [obj for obj in found if obj is not None]


def is_result(obj: bpy.types.Object) -> bool:
    """Whether it took another's place, be it that this is gone."""
    return len(_group_of(obj).originals) > 0


def number_of(result: bpy.types.Object) -> int:
    """Which of the results of one object it is."""
    return _group_of(result).number


def may_be_replaced(obj: bpy.types.Object) -> bool:
    """Whether a result may stand for it; cheap, for most objects are nobody's original."""
    # An override loses its custom properties when the file is opened again.
    return obj.override_library is not None or bool(obj.get(REPLACED))


def parts_of(result: bpy.types.Object) -> list[bpy.types.Object]:
    """The pieces of a result that came in several."""
    return [child for child in result.children if child.get(PART)]


def register() -> None:
    """Add ``Object.studio3d``."""
    setattr(bpy.types.Object, ids.EXTENSION, PointerProperty(type=STUDIO3D_PG_object))


def unregister() -> None:
    """Take ``Object.studio3d`` away; the links stay in the file."""
    delattr(bpy.types.Object, ids.EXTENSION)
