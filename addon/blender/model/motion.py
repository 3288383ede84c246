"""What moves in an imported model, and when: read from the keys themselves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import bpy
from mathutils import Matrix

MOST_FRAMES: Final = 64
"""Frames that are looked at of a long animation, the first and the last among them."""


TRANSFORM: Final = ("location", "rotation", "scale", "delta_")
"""How the paths of an object's own transform begin; those of a pose are in the rig's space."""


def moves(obj: bpy.types.Object) -> bool:
    """Whether the object's own transform changes: exporters write keys that hold it still."""
    return any(
        curve.data_path.startswith(TRANSFORM) and len({value for _, value in _points(curve)}) > 1
        for curve in _curves(obj)
    )


def is_keyed(obj: bpy.types.Object) -> bool:
    """Whether keys say where the object is, be it that they hold it still."""
    return any(curve.data_path.startswith(TRANSFORM) for curve in _curves(obj))


def forget_transform(obj: bpy.types.Object) -> None:
    """Drop the keys of the object's own transform."""
    for action, slot in actions(obj):
        for curves in _holders(action, slot):
            for curve in [c for c in curves if c.data_path.startswith(TRANSFORM)]:
                curves.remove(curve)


TURN: Final = ("rotation", "delta_rotation")


def turn_by_euler(objects: Iterable[bpy.types.Object]) -> None:
    """Let the objects have the angles that Blender's own have, where importers left quaternions.

    Not where keys or drivers turn the object: they are of quaternions. Bones keep theirs, as
    Blender's own have them too.
    """
    for obj in objects:
        if obj.rotation_mode == "QUATERNION" and not _is_turned(obj):
            obj.rotation_mode = "XYZ"  # which turns the values into angles


def _is_turned(obj: bpy.types.Object) -> bool:
    animation = obj.animation_data
    drivers = () if animation is None else animation.drivers
    return any(curve.data_path.startswith(TURN) for curve in (*_curves(obj), *drivers))


def go_evenly(holder: bpy.types.ID) -> None:
    """Let what is keyed change evenly from each key to the next."""
    for curve in _curves(holder):
        for point in curve.keyframe_points:
            point.interpolation = "LINEAR"


PROPERTIES: Final = (
    "location",
    "rotation_mode",
    "rotation_euler",
    "rotation_quaternion",
    "rotation_axis_angle",
    "scale",
    "delta_location",
    "delta_rotation_euler",
    "delta_rotation_quaternion",
    "delta_scale",
)
"""What an object's own transform is made of."""


def copy_transform(source: bpy.types.Object, target: bpy.types.Object) -> None:
    """Give ``target`` the transform that ``source`` has in relation to its parent.

    Property by property: a matrix taken apart again would not give exactly the same numbers, and
    one that is flat not even the same direction.
    """
    for name in PROPERTIES:
        setattr(target, name, getattr(source, name))


def place_of(obj: bpy.types.Object) -> Matrix:
    """Where an object is that is in no scene: Blender knows its world matrix only in one."""
    if obj.parent is None:
        return obj.matrix_basis.copy()
    return place_of(obj.parent) @ obj.matrix_parent_inverse @ obj.matrix_basis


def frames(objects: Sequence[bpy.types.Object]) -> list[int]:
    """The frames from the first key of what moves the objects to the last, thinned out if many.

    Not the keys alone: what turns is farthest out between them.
    """
    chains = {link for obj in objects for link in _chain(obj)}
    keyed = {round(time) for obj in chains for time in _keys(obj)}
    if not keyed:
        return []
    every = range(min(keyed), max(keyed) + 1)
    step = max(1.0, (len(every) - 1) / (MOST_FRAMES - 1))
    return sorted({every[min(round(n * step), len(every) - 1)] for n in range(MOST_FRAMES)})


def _chain(obj: bpy.types.Object) -> Iterator[bpy.types.Object]:
    """The object, what it hangs on, and the rig that deforms it."""
    above: bpy.types.Object | None = obj
    while above is not None:
        yield above
        for modifier in above.modifiers:
            rig = getattr(modifier, "object", None)
            if modifier.type == "ARMATURE" and rig is not None:
                yield rig
        above = above.parent


def _keys(obj: bpy.types.Object) -> Iterator[float]:
    """Times of everything that is keyed: the object itself, its pose, its shapes."""
    shapes = getattr(obj.data, "shape_keys", None)
    for holder in (obj, shapes):
        for curve in _curves(holder):
            yield from (time for time, _ in _points(curve))


def _points(curve: Any) -> list[tuple[float, float]]:
    """Time and value of each key."""
    return [(point.co[0], point.co[1]) for point in curve.keyframe_points]


def _curves(holder: Any) -> Iterator[Any]:
    for action, slot in actions(holder):
        for curves in _holders(action, slot):
            yield from curves


def actions(holder: Any) -> Iterator[tuple[Any, Any]]:
    """The action of an object or its shapes and those in its tracks, each with its slot.

    A slot is None before Blender 4.4.
    """
    animation = getattr(holder, "animation_data", None)
    if animation is None:
        return
    strips = [strip for track in animation.nla_tracks for strip in track.strips]
    for user in (animation, *strips):
        if user.action is not None:
            yield user.action, getattr(user, "action_slot", None)


def _holders(action: Any, slot: Any) -> Iterator[Any]:
    """The collections of curves: newer Blenders have one for each object that uses the action."""
    if not hasattr(action, "layers"):
        yield action.fcurves
        return
    for layer in action.layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                if slot is None or bag.slot_handle == slot.handle:
                    yield bag.fcurves


def hang_on_empty(obj: bpy.types.Object) -> bpy.types.Object:
    """Hang the object on an empty that can be moved in its stead: its own transform is held."""
    empty = bpy.data.objects.new(f"{obj.name} Origin", None)
    for home in obj.users_collection:
        home.objects.link(empty)
    obj.parent = empty
    obj.matrix_parent_inverse = Matrix.Identity(4)
    return empty
