"""What the viewport shows of an object: its surface and those of others, evaluated; only read.

``background.export`` makes meshes of the same, in another process.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import bpy
from mathutils import Matrix, Vector

from ..core.access import view_layer_of

SURFACES: Final = {"MESH", "CURVE", "SURFACE", "FONT", "META"}
"""Types of objects that have, or can be given, a surface."""

STRAIGHT: Final = 1e-6
"""What is left of a matrix's other entries where it turns by quarters only."""


class Part(NamedTuple):
    """A surface, where it is in the world; ``mesh`` is there until the next part is asked for."""

    obj: bpy.types.Object
    """Whose it is, evaluated."""
    mesh: bpy.types.Mesh
    world: Matrix
    is_own: bool
    """Whether it is the mesh that the object's bounding box is about."""
    number: int = 0
    """Of an instance, from 1 on."""


def parts(
    context: bpy.types.Context, obj: bpy.types.Object, *, apply_modifiers: bool
) -> Iterator[Part]:
    """What is seen of the object; nothing is evaluated for it."""
    depsgraph = view_layer_of(context).depsgraph
    world, mesh = obj.matrix_world, obj.data
    if isinstance(mesh, bpy.types.Mesh) and (depsgraph is None or not apply_modifiers):
        yield Part(obj, mesh, world, not obj.modifiers)
    elif obj.type in SURFACES and depsgraph is not None:
        yield from _surface(obj.evaluated_get(depsgraph), world, is_edited=obj.mode == "EDIT")
    if depsgraph is not None and may_show_others(obj, apply_modifiers=apply_modifiers):
        yield from _instances(obj, depsgraph)


def may_show_others(obj: bpy.types.Object, *, apply_modifiers: bool) -> bool:
    """Whether other objects' surfaces may be seen as part of this one."""
    if obj.instance_type != "NONE":
        return True
    return apply_modifiers and any(one.type in MULTIPLYING for one in obj.modifiers)


MULTIPLYING: Final = {"NODES", "PARTICLE_SYSTEM"}


def _surface(shown: bpy.types.Object, world: Matrix, *, is_edited: bool = False) -> Iterator[Part]:
    own = shown.data
    if isinstance(own, bpy.types.Mesh) and not is_edited:
        yield Part(shown, own, world, is_own=True)
        return
    try:
        mesh = shown.to_mesh()
    except RuntimeError:  # there is nothing of it
        return
    try:
        if mesh is not None:
            yield Part(shown, mesh, world, is_own=False)
    finally:
        shown.to_mesh_clear()


MOST: Final = 1000
"""Of more instances the first are looked at: drawing must not take long."""


def _instances(obj: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> Iterator[Part]:
    """Those of the whole scene are looked through, as Blender hands them out."""
    found = itertools.islice(_all_instances(obj, depsgraph), MOST)
    return (part._replace(number=number) for number, part in enumerate(found, 1))


def _all_instances(obj: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> Iterator[Part]:
    for instance in depsgraph.object_instances:
        shown, parent = instance.object, instance.parent
        if not instance.is_instance or parent is None or parent.original != obj:
            continue
        if shown is not None and shown.type in SURFACES:
            yield from _surface(shown, instance.matrix_world.copy())


def extents(found: Iterable[Part], turn: Matrix | None = None) -> list[float]:
    """Width, depth and height of all parts together, along the axes of the world or turned ones."""
    low, high = bounds(found, turn) or (Vector(), Vector())
    return list((high - low)[:])


def bounds(found: Iterable[Part], turn: Matrix | None = None) -> tuple[Vector, Vector] | None:
    """Lowest and highest corner of all parts together; None where there is no vertex."""
    boxes = [box for part in found if (box := _box(part, turn)) is not None]
    if not boxes:
        return None
    lows, highs = zip(*boxes, strict=True)
    return (
        Vector([min(low[axis] for low in lows) for axis in range(3)]),
        Vector([max(high[axis] for high in highs) for axis in range(3)]),
    )


def _box(part: Part, turn: Matrix | None) -> tuple[Vector, Vector] | None:
    """Lowest and highest corner; from the vertices where a box around a turned box is too large."""
    world = part.world if turn is None else turn @ part.world
    if not len(part.mesh.vertices):
        return None
    if part.is_own and _turns_by_quarters(world):
        box = part.obj.bound_box
        ends = [world @ Vector(box[corner]) for corner in OPPOSITE]
        low, high = (Vector([end(*pair) for pair in zip(*ends, strict=True)]) for end in (min, max))
        return low, high
    import numpy as np  # late: Blender takes a while to load it

    flat: Any = np.empty(3 * len(part.mesh.vertices), dtype=np.float32)
    positions: Any = part.mesh.attributes["position"]  # quicker than the vertices
    positions.data.foreach_get("vector", flat)
    places = np.array(world.to_3x3(), dtype=np.float32) @ flat.reshape(-1, 3).T
    move = world.translation
    return Vector(places.min(axis=1).tolist()) + move, Vector(places.max(axis=1).tolist()) + move


OPPOSITE: Final = (0, 6)
"""The lowest and the highest corner of a bounding box."""


def _turns_by_quarters(world: Matrix) -> bool:
    rows = [[abs(world[row][column]) for column in range(3)] for row in range(3)]
    return all(sum(row) - max(row) <= STRAIGHT * max(row) for row in rows)
