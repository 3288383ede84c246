"""``Object.studio3d``: which objects a result stands for.

Links are pointers, which Blender keeps right when objects are renamed, undone, saved and opened
again. They lead from the result to its originals only: an object that is pointed at is kept in
the file, so links both ways would keep pairs alive that the artist has deleted.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import bpy
from bpy.props import CollectionProperty, PointerProperty

from ..core import ids

REPLACED: Final = f"{ids.EXTENSION}_replaced"
"""Custom property of an object that a result stands for."""


PART: Final = f"{ids.EXTENSION}_part"
"""Custom property of the pieces of a result that came in several, which hang on an empty."""


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
    else:
        originals: CollectionProperty(type=STUDIO3D_PG_original)


CLASSES = (STUDIO3D_PG_original, STUDIO3D_PG_object)


def _group_of(obj: bpy.types.Object) -> STUDIO3D_PG_object:
    group: STUDIO3D_PG_object = getattr(obj, ids.EXTENSION)
    return group


def link(result: bpy.types.Object, originals: Iterable[bpy.types.Object]) -> None:
    """Note what ``result`` stands for, the object it takes the place of first."""
    links = _group_of(result).originals
    links.clear()
    for original in originals:
        links.add().object = original
        if original.library is None:
            original[REPLACED] = True


def unlink(result: bpy.types.Object) -> None:
    """Forget what ``result`` stood for."""
    for original in originals_of(result):
        if original.library is None and REPLACED in original.keys():  # noqa: SIM118
            del original[REPLACED]
    _group_of(result).originals.clear()


def originals_of(result: bpy.types.Object) -> list[bpy.types.Object]:
    """The objects ``result`` stands for, without those that were deleted from all scenes."""
    found = [entry.object for entry in _group_of(result).originals]
    return [obj for obj in found if obj is not None and obj.users_scene]


def result_of(scene: bpy.types.Scene, original: bpy.types.Object) -> bpy.types.Object | None:
    """The scene's object that stands for ``original``."""
    # An override loses its custom properties when the file is opened again.
    if original.override_library is None and not original.get(REPLACED):
        return None
    return next((obj for obj in scene.objects if original in originals_of(obj)), None)


def parts_of(result: bpy.types.Object) -> list[bpy.types.Object]:
    """The pieces of a result that came in several."""
    return [child for child in result.children if child.get(PART)]


def pair_of(
    scene: bpy.types.Scene, obj: bpy.types.Object | None
) -> tuple[bpy.types.Object, list[bpy.types.Object]] | None:
    """The result and its originals that ``obj`` belongs to, from either side."""
    if obj is None:
        return None
    originals = originals_of(obj)
    if originals:
        return obj, originals
    result = result_of(scene, obj)
    return None if result is None else (result, originals_of(result))


def register() -> None:
    """Add ``Object.studio3d``."""
    setattr(bpy.types.Object, ids.EXTENSION, PointerProperty(type=STUDIO3D_PG_object))


def unregister() -> None:
    """Take ``Object.studio3d`` away; the links stay in the file."""
    delattr(bpy.types.Object, ids.EXTENSION)
