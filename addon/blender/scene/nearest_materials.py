"""Materials for the one mesh that came back for several objects, from what lies where."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import bpy
from mathutils import Matrix
from mathutils.bvhtree import BVHTree

MOST_ONE_BY_ONE: Final = 20_000
"""Polygons of a mesh up to which each is asked for; of finer ones those in a cell together."""
CELLS: Final = 128
"""Along the longest side of the mesh."""


def dress(
    mesh: bpy.types.Mesh,
    originals: Sequence[bpy.types.Object],
    materials: Collection[bpy.types.Material],
) -> None:
    """Give each polygon the material of the originals' polygon that is nearest to it.

    The mesh is in the coordinates of the first original. Of ``materials`` only; where another or
    none is nearest, the polygon keeps its own.
    """
    import numpy as np  # late: Blender takes a while to load it

    tree, worn = _surface(originals)
    own = np.empty(len(mesh.polygons), dtype=np.int32)
    mesh.polygons.foreach_get("material_index", own)
    slots = list(mesh.materials)
    places, which = _cells(mesh)
    chosen = np.full(len(places), -1, dtype=np.int32)
    for cell, place in enumerate(places):
        _, _, index, _ = tree.find_nearest(place)
        material = None if index is None else worn[index]
        if material in materials:
            if material not in slots:
                slots.append(material)
            chosen[cell] = slots.index(material)
    found = np.where(chosen[which] < 0, own, chosen[which])
    used, indices = np.unique(found, return_inverse=True)
    before = {material for material in mesh.materials if material is not None}
    mesh.materials.clear()
    for slot in used.tolist():
        mesh.materials.append(slots[slot])
    mesh.polygons.foreach_set("material_index", indices.ravel().astype(np.int32))
    bpy.data.batch_remove({material for material in before if material.users == 0})


def _cells(mesh: bpy.types.Mesh) -> tuple[list[list[float]], Any]:
    """The places to ask for, and for each polygon which of them is its."""
    import numpy as np

    flat = np.empty(3 * len(mesh.polygons), dtype=np.float32)
    mesh.polygons.foreach_get("center", flat)
    centres = flat.reshape(-1, 3)
    if len(centres) <= MOST_ONE_BY_ONE:
        return centres.tolist(), np.arange(len(centres))
    low, high = centres.min(axis=0), centres.max(axis=0)
    step = max(float((high - low).max()), 1e-9) / CELLS
    x, y, z = ((centres - low) / step).astype(np.int64).T
    _, first, which = np.unique(
        (x * 2 * CELLS + y) * 2 * CELLS + z, return_index=True, return_inverse=True
    )
    return centres[first].tolist(), which.ravel()


def _surface(
    originals: Sequence[bpy.types.Object],
) -> tuple[BVHTree, list[bpy.types.Material | None]]:
    """The triangles of the originals as they are shown, and the material of each."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    to_local = originals[0].matrix_world.inverted_safe()
    corners: list[list[float]] = []
    triangles: list[list[int]] = []
    worn: list[bpy.types.Material | None] = []
    for obj in originals:
        shown = obj.evaluated_get(depsgraph)
        try:
            shape = shown.to_mesh()
        except RuntimeError:  # an empty has no surface
            continue
        if shape is None:
            continue
        places, faces, indices = _triangles(shape, to_local @ obj.matrix_world)
        triangles += (faces + len(corners)).tolist()
        corners += places.tolist()
        slots = [slot.material for slot in obj.material_slots] or [None]
        worn += [slots[min(index, len(slots) - 1)] for index in indices.tolist()]
        shown.to_mesh_clear()
    return BVHTree.FromPolygons(corners, triangles, all_triangles=True), worn


def _triangles(mesh: bpy.types.Mesh, matrix: Matrix) -> tuple[Any, Any, Any]:
    """Vertices moved by the matrix; of each triangle its vertices, and its material's slot."""
    import numpy as np  # late: most results need none

    from ..model.arrays import moved

    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    flat = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    faces, indices = np.empty(3 * count, dtype=np.int32), np.empty(count, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", faces)
    mesh.loop_triangles.foreach_get("material_index", indices)
    return moved(flat.reshape(-1, 3), matrix), faces.reshape(-1, 3), indices
