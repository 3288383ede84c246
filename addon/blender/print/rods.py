"""Round rods: what drain holes, pins and the holes of pins are made of."""

from collections.abc import Iterator, Sequence
from typing import Final

import bmesh
import bpy
from mathutils import Matrix, Vector

SIDES: Final = 32
TURNS: Final = (0.0371, 1.0533, 2.5177)
"""By which they are turned until none is cut along an edge of what it is cut out of."""
UP: Final = Vector((0.0, 0.0, 1.0))

Line = tuple[Vector, Vector]
"""Where a rod begins and ends."""


def turned_rods(lines: Sequence[Line], radius: float) -> Iterator[bpy.types.Mesh]:
    """The same rods in one mesh, again and again, each time turned otherwise."""
    for turn in TURNS:
        yield _rods(lines, radius, Matrix.Rotation(turn, 4, "Z"))


def _rods(lines: Sequence[Line], radius: float, turn: Matrix) -> bpy.types.Mesh:
    shape = bmesh.new()
    for start, end in lines:
        way = end - start
        middle = Matrix.Translation(((start + end) / 2)[:])
        bmesh.ops.create_cone(
            shape,
            cap_ends=True,
            segments=SIDES,
            radius1=radius,
            radius2=radius,
            depth=way.length,
            matrix=middle @ UP.rotation_difference(way).to_matrix().to_4x4() @ turn,
        )
    made = bpy.data.meshes.new("rods")
    shape.to_mesh(made)
    shape.free()
    return made
