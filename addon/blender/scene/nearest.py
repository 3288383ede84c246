"""Materials for the one mesh that came back for several objects, from what lies where."""

from collections.abc import Collection, Sequence

import bpy
from mathutils.bvhtree import BVHTree


def dress(
    mesh: bpy.types.Mesh,
    originals: Sequence[bpy.types.Object],
    materials: Collection[bpy.types.Material],
) -> None:
    """Give each polygon the material of the originals' polygon that is nearest to it.

    The mesh is in the coordinates of the first original. Of ``materials`` only; where another or
    none is nearest, the polygon keeps its own.
    """
    tree, every = _surface(originals)
    worn = [material if material in materials else None for material in every]
    own = list(mesh.materials)
    chosen: dict[bpy.types.Material | None, int] = {}
    """Materials in the order of their slots."""
    slots: list[int] = []
    for polygon in mesh.polygons:
        _, _, index, _ = tree.find_nearest(polygon.center)
        material = None if index is None else worn[index]
        if material is None:
            material = own[polygon.material_index]
        slots.append(chosen.setdefault(material, len(chosen)))
    mesh.materials.clear()
    for material in chosen:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", slots)
    bpy.data.batch_remove({one for one in own if one is not None and one.users == 0})


def _surface(
    originals: Sequence[bpy.types.Object],
) -> tuple[BVHTree, list[bpy.types.Material | None]]:
    """The polygons of the originals as they are shown, and the material of each."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    to_local = originals[0].matrix_world.inverted_safe()
    corners: list[Sequence[float]] = []
    polygons: list[list[int]] = []
    worn: list[bpy.types.Material | None] = []
    for obj in originals:
        shown = obj.evaluated_get(depsgraph)
        try:
            shape = shown.to_mesh()
        except RuntimeError:  # an empty has no surface
            continue
        matrix = to_local @ obj.matrix_world
        first = len(corners)
        corners += [(matrix @ vertex.co)[:] for vertex in shape.vertices]
        slots = [slot.material for slot in obj.material_slots] or [None]
        for polygon in shape.polygons:
            polygons.append([first + vertex for vertex in polygon.vertices])
            worn.append(slots[min(polygon.material_index, len(slots) - 1)])
        shown.to_mesh_clear()
    return BVHTree.FromPolygons(corners, polygons), worn
