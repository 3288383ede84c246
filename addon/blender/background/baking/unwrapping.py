"""UV maps that pictures can be made for: every place of the surface has one of its own."""

import math
from typing import TYPE_CHECKING, Final

import bpy

from ...core.access import mesh_of, present
from .gaps import spread

if TYPE_CHECKING:
    from ...model.arrays import Floats, Places

NAME: Final = "UVMap"
CELLS: Final = 512
"""Along each side of the map, to tell how much of it is covered."""
PER_CELL: Final = 4.0
"""Places looked at in a cell that is covered once."""
MOST_TWICE: Final = 0.15
"""Share of the map that may lie over another, and what so few places may miss of it."""
SPECK: Final = 1e-10
"""Share of the square in which nothing can be shown."""
MOST_LEFT_OUT: Final = 0.01
"""Share of the surface that has no more than that."""
LEAST: Final = 0.02
"""Share of the square that has to be covered: pictures of less are mostly empty."""
OUTSIDE: Final = 1e-3
"""By how much UVs may leave the square."""
STEEPEST: Final = math.radians(66.0)
"""Between a polygon and the plane it is projected to."""
GAP: Final = 4.0
"""Pixels between two pieces."""


def is_usable(mesh: bpy.types.Mesh) -> bool:
    """Whether the active UV map lies in the square, and over itself hardly anywhere."""
    import numpy as np  # late: Blender takes a while to load it

    from ...model.arrays import corners_of, got, triangles_of

    layer = mesh.uv_layers.active
    if layer is None:
        return False
    corners = corners_of(mesh)
    uvs = got(layer.uv, "vector", 2, kind=np.float32)
    if not len(uvs) or uvs.min() < -OUTSIDE or uvs.max() > 1.0 + OUTSIDE:
        return False
    triangles = triangles_of(mesh, corners)
    drawn: Floats = uvs[triangles.corners]
    a, b, c = np.moveaxis(drawn.astype(np.float64), 1, 0)
    (ux, uy), (vx, vy) = (b - a).T, (c - a).T
    areas = np.abs(ux * vy - uy * vx) / 2
    whole, surface = float(areas.sum()), triangles.areas()
    if surface[areas < SPECK].sum() > MOST_LEFT_OUT * surface.sum():
        return False
    if whole < LEAST or whole > 1.0 / (1.0 - MOST_TWICE):
        return False
    return _covered(drawn, areas) >= (1.0 - MOST_TWICE) * whole


def _covered(drawn: "Floats", areas: "Places") -> float:
    """Share of the square that the triangles (t, 3, 2) cover."""
    import numpy as np

    chance = np.random.default_rng(1)
    counts = np.ceil(areas * CELLS * CELLS * PER_CELL).astype(np.int64)
    which = np.repeat(np.arange(len(drawn)), counts)
    places = (spread(chance, len(which))[:, :, None] * drawn[which]).sum(axis=1)
    cells = np.clip((places * CELLS).astype(np.int64), 0, CELLS - 1)
    return len(np.unique(cells[:, 0] * CELLS + cells[:, 1])) / (CELLS * CELLS)


def unwrap(obj: bpy.types.Object, size: int) -> None:
    """Give the active object of the context a map of its own, for pictures of ``size`` pixels."""
    mesh = mesh_of(obj)
    for layer in list(mesh.uv_layers):
        mesh.uv_layers.remove(layer)
    mesh.uv_layers.new(name=NAME)
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        bpy.ops.mesh.reveal(select=True)
        bpy.ops.mesh.select_all(action="SELECT")
        _project(size)
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")


def give_map(mesh: bpy.types.Mesh, uvs: "Floats") -> None:
    """Let the mesh have this map and no other; ``uvs``: (l, 2) of its corners."""
    for layer in list(mesh.uv_layers):
        mesh.uv_layers.remove(layer)
    made = present(mesh.uv_layers.new(name=NAME, do_init=False), "room for a UV map")
    made.uv.foreach_set("vector", uvs.ravel())


def unwrap_slot(obj: bpy.types.Object, slot: int, size: int) -> None:
    """Let what of the active object has the material fill the square of its active UV map."""
    obj.active_material_index = slot
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        bpy.ops.mesh.reveal(select=False)
        bpy.ops.mesh.select_all(action="DESELECT")
        bpy.ops.object.material_slot_select()
        _project(size)
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")


def _project(size: int) -> None:
    """What is selected, for pictures of ``size`` pixels."""
    bpy.ops.uv.smart_project(
        angle_limit=STEEPEST,
        margin_method="ADD",
        island_margin=GAP / size,
        correct_aspect=False,
    )
