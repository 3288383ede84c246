"""The size of a model for a printer: in millimetres of the real world, and given to it locally.

Nothing is resampled and nothing paid for: objects get another scale, about the middle of their
foot, so that they go on standing where they stand.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import bpy
from mathutils import Matrix, Vector

from ..core.access import scene_of, view_layer_of
from ..core.ids import EXTENSION
from ..core.units import METRES, metres_per_unit
from ..model import deforming
from ..model.motion import TRANSFORM, is_keyed
from ..model.sizes import factor
from . import collections_of, parenting, read_cache, upload_size, visible_surfaces
from .export_selection import Selection, SendFailed

SIZE: Final = f"{EXTENSION}_size"
"""Custom property of an empty that gives its size to what hangs on it."""

EVEN: Final = 1e-4
"""Share by which a size may be missed: more than single precision loses, less than anybody sees."""


def sides(context: bpy.types.Context, selection: Selection) -> tuple[float, float, float]:
    """Width, depth and height as it stands, in millimetres; only read, for drawing."""
    millimetres = metres_per_unit(scene_of(context)) / METRES["mm"]
    x, y, z = (side * millimetres for side in upload_size.extents(context, selection))
    return x, y, z


def give_height(context: bpy.types.Context, selection: Selection, millimetres: float) -> None:
    """Let the model be so high; raises SendFailed where something holds its size."""
    view_layer_of(context).update()
    found = visible_surfaces.bounds(upload_size.parts(context, selection))
    if found is None or found[1].z <= found[0].z:
        raise SendFailed("It has no height: there is nothing to scale.")
    low, high = found
    wanted = millimetres * METRES["mm"] / metres_per_unit(scene_of(context))
    share = factor((high - low)[:], height=wanted)
    foot = Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))
    tops = _tops(selection)
    if not all(map(collections_of.is_own, tops)):
        raise SendFailed("It is linked from another file, which has its size.")
    moved = [_scale(obj, foot, share) for obj in tops]
    if not _is_high(context, selection, wanted):
        for former in moved:
            former.restore()
        raise SendFailed("Constraints or modifiers hold its size: apply them first.")


def _is_high(context: bpy.types.Context, selection: Selection, wanted: float) -> bool:
    view_layer_of(context).update()
    read_cache.forget_all()
    reached = visible_surfaces.bounds(upload_size.parts(context, selection))
    return reached is not None and abs(reached[1].z - reached[0].z - wanted) <= wanted * EVEN


class _Former(NamedTuple):
    """What an object's transform was."""

    obj: bpy.types.Object
    location: Vector
    scale: Vector

    def restore(self) -> None:
        self.obj.location, self.obj.scale = self.location, self.scale


def _tops(selection: Selection) -> list[bpy.types.Object]:
    """What has to be scaled for all of it, rigs that bend it among them, to be scaled once."""
    whole = dict.fromkeys(selection.objects)
    for obj in selection.objects:
        bends = obj.parent if deforming.hangs_in(obj) else obj.find_armature()
        whole |= {} if bends is None else {bends: None}
    return [obj for obj in whole if not any(above in whole for above in _above(obj))]


def _above(obj: bpy.types.Object) -> Sequence[bpy.types.Object]:
    found = []
    while obj.parent is not None:
        obj = obj.parent
        found.append(obj)
    return found


def _scale(obj: bpy.types.Object, foot: Vector, share: float) -> _Former:
    """Scale it about the foot; where its own transform is held, an empty above it takes that."""
    holder = obj
    while _is_held(holder):
        above = holder.parent
        holder = above if above is not None and above.get(SIZE) else _empty_above(holder)
    basis = holder.matrix_basis.copy()
    space = holder.matrix_world @ basis.inverted_safe()
    scaled = Matrix.Translation(foot[:]) @ Matrix.Scale(share, 4) @ Matrix.Translation((-foot)[:])
    # The parts themselves, and not a matrix taken apart again: an uneven scale stays what it is.
    moved = space.inverted_safe() @ scaled @ space @ basis
    former = _Former(holder, holder.location.copy(), holder.scale.copy())
    holder.scale = holder.scale * share
    holder.location += moved.translation - basis.translation
    return former


def _is_held(obj: bpy.types.Object) -> bool:
    """Whether keys or drivers say where the object is, or how large."""
    animation = obj.animation_data
    drivers = () if animation is None else animation.drivers
    driven = any(driver.data_path.startswith(TRANSFORM) for driver in drivers)
    return driven or is_keyed(obj)


def _empty_above(obj: bpy.types.Object) -> bpy.types.Object:
    """An empty between the object and what it hangs on, which changes nothing yet."""
    empty: Any = bpy.data.objects.new(f"{obj.name} Size", None)
    empty[SIZE] = True
    collections_of.join(scene_of(bpy.context), [empty], obj)
    if obj.parent is not None:
        parenting.copy_parent(obj, empty)
    obj.parent = empty
    obj.parent_type = "OBJECT"
    obj.matrix_parent_inverse = Matrix.Identity(4)
    view_layer_of(bpy.context).update()
    return empty  # type: ignore[no-any-return]
