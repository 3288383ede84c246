"""What objects take up in the world."""

from collections.abc import Iterable

import bpy
from mathutils import Vector

Corner = tuple[float, float, float]


def corner_of(point: Vector) -> Corner:
    """The point as plain numbers."""
    return point.x, point.y, point.z


def of(objects: Iterable[bpy.types.Object]) -> tuple[Corner, Corner] | None:
    """The lowest and the highest corner of all that has a size; None if nothing has."""
    corners = [
        obj.matrix_world @ Vector(corner)
        for obj in objects
        if any(obj.dimensions[:])
        for corner in obj.bound_box
    ]
    if not corners:
        return None
    columns = list(zip(*(corner[:] for corner in corners), strict=True))
    (left, front, bottom), (right, back, top) = map(min, columns), map(max, columns)
    return (left, front, bottom), (right, back, top)
