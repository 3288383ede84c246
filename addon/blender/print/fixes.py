"""Mending a model for a printer, with what Blender has: free, on this machine.

Lengths are millimetres; the mesh stands as it is to be printed.
"""

from typing import Any, Final

import bmesh
import bpy
import numpy as np

from ...printing.orders import TOO_FINE, Mending, is_too_fine
from ..core.access import present, scene_of
from ..model.arrays import Integers, places_of
from ..model.failure import PreparationFailed
from .rays import Rays
from .shells import PAIR, shells_of
from .solid import Solid, solid_of

SAME: Final = 1e-3
"""Vertices closer than this are one."""
CRUMB: Final = 0.01
"""Loose parts with less than this share of the largest part's surface are no part of a figurine."""


def fix(mesh: bpy.types.Mesh, wanted: Mending) -> dict[str, int]:
    """Mend the mesh; returns how many of what there were, by the names of ``Mending``.

    Raises PreparationFailed where the voxels asked for would take all memory there is.
    """
    places = places_of(mesh)
    if is_too_fine(wanted.voxel, float(np.ptp(places, axis=0).max(initial=0.0))):
        raise PreparationFailed(TOO_FINE)
    done: dict[str, int] = {}
    if wanted.doubles:
        done["doubles"] = merge(mesh)
    if wanted.loose:
        done["loose"] = edit(mesh, _drop_fins) + _drop_crumbs(mesh)
    if wanted.holes:
        done["holes"] = edit(mesh, _fill)
    if wanted.voxel > 0.0:
        done["voxel"] = _remesh(mesh, wanted.voxel)
    if wanted.flat > 0.0:
        done["flat"] = edit(mesh, lambda shape: _cut(shape, wanted.flat))
    if wanted.normals:
        done["normals"] = _turn(mesh)
    return done


def merge(mesh: bpy.types.Mesh) -> int:
    """The first step alone."""
    return edit(mesh, _merge)


def edit(mesh: bpy.types.Mesh, change: Any) -> int:
    """Change a mesh by a function that takes its bmesh, and return what that returns."""
    shape = bmesh.new()
    shape.from_mesh(mesh)
    count: int = change(shape)
    shape.to_mesh(mesh)
    shape.free()
    mesh.update()
    return count


def _merge(shape: Any) -> int:
    """One vertex for those at one place, no face twice or without area, nothing without a face."""
    before = len(shape.verts)
    bmesh.ops.remove_doubles(shape, verts=shape.verts, dist=SAME)
    bmesh.ops.dissolve_degenerate(shape, dist=SAME, edges=shape.edges)
    seen: set[frozenset[Any]] = set()
    twice = []
    for face in shape.faces:
        corners = frozenset(face.verts)
        twice += [face] if corners in seen else []
        seen.add(corners)
    bmesh.ops.delete(shape, geom=twice, context="FACES_ONLY")
    bare = [edge for edge in shape.edges if not edge.link_faces]
    bmesh.ops.delete(shape, geom=bare, context="EDGES")
    alone = [vertex for vertex in shape.verts if not vertex.link_faces]
    bmesh.ops.delete(shape, geom=alone, context="VERTS")
    return before - len(shape.verts)


def _drop_fins(shape: Any) -> int:
    """Delete sheets that stand on a surface and end in the open: they enclose nothing."""
    count = 0
    while fins := [face for face in shape.faces if _is_fin(face)]:
        bmesh.ops.delete(shape, geom=fins, context="FACES")
        count += len(fins)
    return count


def _is_fin(face: Any) -> bool:
    sides = [len(edge.link_faces) for edge in face.edges]
    return min(sides) == 1 and max(sides) > PAIR


def _drop_crumbs(mesh: bpy.types.Mesh) -> int:
    """Delete loose parts that are much smaller than the largest."""
    solid = solid_of(mesh)
    if not len(solid):
        return 0
    rays = Rays(solid)
    shells = shells_of(solid, rays, rays.cuts())
    small = shells.areas < CRUMB * shells.areas[shells.main]
    crumbs = np.intersect1d(shells.loose, np.flatnonzero(small))
    if len(crumbs):
        delete_faces(mesh, solid.faces(shells.triangles(crumbs)))
    return len(crumbs)


def delete_faces(mesh: bpy.types.Mesh, faces: Integers) -> None:
    """Delete those faces, and what no other face has."""

    def delete(shape: Any) -> int:
        shape.faces.ensure_lookup_table()
        chosen = [shape.faces[index] for index in faces.tolist()]
        bmesh.ops.delete(shape, geom=chosen, context="FACES")
        return len(chosen)

    edit(mesh, delete)


def _remesh(mesh: bpy.types.Mesh, voxel: float) -> int:
    """Make the surface anew of voxels; textures and colors are lost."""
    obj = bpy.data.objects.new(mesh.name, mesh)
    scene_of(bpy.context).collection.objects.link(obj)
    modifier: Any = obj.modifiers.new("", "REMESH")
    modifier.mode, modifier.voxel_size = "VOXEL", voxel
    depsgraph = bpy.context.evaluated_depsgraph_get()
    made = bpy.data.meshes.new_from_object(obj.evaluated_get(depsgraph), depsgraph=depsgraph)
    bpy.data.objects.remove(obj)
    replace_geometry(mesh, present(made, "surface"))
    return len(mesh.polygons)


def copy_of(mesh: bpy.types.Mesh) -> bpy.types.Mesh:
    """Another with the same geometry and materials."""
    return present(mesh.copy(), "mesh")


def replace_geometry(mesh: bpy.types.Mesh, made: bpy.types.Mesh) -> None:
    """Let the mesh be what was made of it, which is deleted."""
    shape = bmesh.new()
    shape.from_mesh(made)
    mesh.clear_geometry()
    shape.to_mesh(mesh)
    shape.free()
    bpy.data.meshes.remove(made)
    mesh.update()


def _cut(shape: Any, height: float) -> int:
    """Cut off what is below that height above the lowest place, and close the cut."""
    foot = min((vertex.co.z for vertex in shape.verts), default=0.0) + height
    return cut_off(shape, (0.0, 0.0, foot), (0.0, 0.0, 1.0))


def cut_off(shape: Any, place: tuple[float, float, float], kept: tuple[float, float, float]) -> int:
    """Keep what is on that side of the plane through the place, and close the cut."""
    cut = bmesh.ops.bisect_plane(
        shape,
        geom=[*shape.verts, *shape.edges, *shape.faces],
        plane_co=place,
        plane_no=kept,
        clear_inner=True,
    )["geom_cut"]
    edges = [part for part in cut if isinstance(part, bmesh.types.BMEdge)]
    outwards = tuple(-length for length in kept)
    made = bmesh.ops.triangle_fill(shape, edges=edges, use_beauty=True, normal=outwards)["geom"]
    return sum(isinstance(part, bmesh.types.BMFace) for part in made)


def _fill(shape: Any) -> int:
    """Close every hole, however many edges it has."""
    edges = [edge for edge in shape.edges if edge.is_boundary]
    made = bmesh.ops.holes_fill(shape, edges=edges, sides=0)["faces"]
    bmesh.ops.triangulate(shape, faces=made)
    return len(made)


def _turn(mesh: bpy.types.Mesh) -> int:
    """Let every face look outwards, and those of closed hollow spaces into them."""
    solid = solid_of(mesh)
    if not len(solid):
        return 0
    hollow = _hollow_faces(solid)
    before = _normals(mesh)

    def turn(shape: Any) -> int:
        bmesh.ops.recalc_face_normals(shape, faces=shape.faces)
        shape.faces.ensure_lookup_table()
        inner = [shape.faces[index] for index in hollow.tolist()]
        bmesh.ops.reverse_faces(shape, faces=inner)
        return 0

    edit(mesh, turn)
    return int(np.count_nonzero(np.einsum("ij,ij->i", before, _normals(mesh)) < 0.0))


def _hollow_faces(solid: Solid) -> Integers:
    rays = Rays(solid)
    shells = shells_of(solid, rays, rays.cuts())
    return solid.faces(shells.triangles(shells.cavities))


def _normals(mesh: bpy.types.Mesh) -> Any:
    normals = np.empty(3 * len(mesh.polygons), dtype=np.float32)
    mesh.polygons.foreach_get("normal", normals)
    return normals.reshape(-1, 3)
