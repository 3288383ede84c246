"""Joining bodies, and cutting one out of another, so that what was closed stays closed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import bmesh
import bpy
import numpy as np
from mathutils import Matrix

from ..core.access import scene_of
from ..model.arrays import Integers, are_triangles, places_of
from .fixes import copy_of, delete_faces, replace_geometry
from .rays import Rays
from .shells import PAIR, Looked, look_through, shells_of
from .solid import Solid, solid_of

EXACT: Final[Mapping[str, Any]] = {"solver": "EXACT", "use_self": False}
UNITING: Final[Mapping[str, Any]] = {"solver": "EXACT", "use_self": True}
"""It makes parts of the same body one, too, where they cut through each other."""
MANIFOLD: Final[Mapping[str, Any]] = {"solver": "MANIFOLD"}
"""Of Blender 4.5 and later."""

THOROUGH: Final = (UNITING, MANIFOLD, EXACT)
MOVE: Final = (0.0017, 0.0011, 0.0007)
"""Millimetres: nobody sees them, and two cylinders have no corners at one place any more."""
MOVES: Final = 4
LOST: Final = 1e-4
"""Share of a volume that joining another body to it may cost, by rounding."""

FAST: Final = (MANIFOLD, EXACT)


def combine(
    mesh: bpy.types.Mesh,
    other: bpy.types.Mesh,
    operation: str,
    ways: Sequence[Mapping[str, Any]],
) -> bool:
    """Let the mesh be what comes of both, by the first of the ways that leaves it closed.

    False, and the mesh as it was, if none does. ``operation`` is UNION,
    DIFFERENCE or INTERSECT.
    """
    for options in ways:
        made = _boolean(mesh, other, operation, options)
        if made is None:
            continue
        whole = operation != "UNION" or _spans(made, (mesh, other))
        if _differs(made, mesh) and is_closed(made) and whole:
            replace_geometry(mesh, made)
            return True
        bpy.data.meshes.remove(made)
    return False


SAME_EXTENT: Final = 0.01
"""Millimetres by which a union may be smaller than its parts."""


def _spans(made: bpy.types.Mesh, parts: Iterable[bpy.types.Mesh]) -> bool:
    """Whether the union is as large as its parts: where they cut, booleans lose whole ones."""
    if not len(made.vertices):
        return False
    places = np.concatenate([places_of(part) for part in parts])
    of_all = places_of(made)
    missed = (places.min(axis=0) - of_all.min(axis=0), places.max(axis=0) - of_all.max(axis=0))
    return bool(np.abs(missed).max() <= SAME_EXTENT)


def combine_any(
    mesh: bpy.types.Mesh, others: Iterable[bpy.types.Mesh], operation: str, shells: int
) -> bool:
    """The same with the first of the others that leaves so many shells, and none cut by itself.

    They are the same body of flat faces, turned a little: what lies on an edge of the mesh by
    chance is where booleans fail. If none does, with the one that leaves the fewest cuts. The
    others are deleted.
    """
    kept: list[tuple[int, bpy.types.Mesh]] = []
    for other in others:
        made = copy_of(mesh)
        triangulate(made)
        done = combine(made, other, operation, FAST)
        bpy.data.meshes.remove(other)
        solid = solid_of(made)
        if not done or solid.shell_of[1] != shells:
            bpy.data.meshes.remove(made)
            continue
        kept.append((len(Rays(solid).cuts()), made))
        if kept[-1][0] == 0:
            break
    kept.sort(key=lambda each: each[0])
    for _, spare in kept[1:]:
        bpy.data.meshes.remove(spare)
    for _, best in kept[:1]:
        replace_geometry(mesh, best)
    return bool(kept)


def _differs(made: bpy.types.Mesh, mesh: bpy.types.Mesh) -> bool:
    """Whether anything was done: a Blender built without a solver gives back what it got."""
    return (len(made.vertices), len(made.polygons)) != (len(mesh.vertices), len(mesh.polygons))


def unite(mesh: bpy.types.Mesh) -> Looked | None:
    """Make closed parts that cut through each other one, as far as booleans can.

    First all at once, and where that leaves them apart one after the other. What was seen of the
    mesh is returned where there was nothing to do.
    """
    looked = look_through(mesh)
    if not len(looked.cuts):
        return looked
    triangulate(mesh)
    wanted = len(np.unique(looked.shells.joined))
    made = _boolean(mesh, None, "UNION", UNITING)
    if made is not None and is_closed(made) and solid_of(made).shell_of[1] == wanted:
        replace_geometry(mesh, made)
        return None
    parts = [only(mesh, faces) for faces in bodies(solid_of(mesh))]
    whole, *others = parts
    for part in [part for part in others if not _add(whole, part)]:
        put_beside(whole, part)
    for part in others:
        bpy.data.meshes.remove(part)
    replace_geometry(mesh, whole)
    return None


def _add(whole: bpy.types.Mesh, part: bpy.types.Mesh) -> bool:
    """Join a body to others, moved a little where they meet at corners; False if that fails."""
    least = float(solid_of(whole).volumes.sum()) * (1.0 - LOST)
    for number in range(MOVES):
        moved = copy_of(part)
        moved.transform(Matrix.Translation([number * length for length in MOVE]))
        made = copy_of(whole)
        done = combine(made, moved, "UNION", FAST)
        bpy.data.meshes.remove(moved)
        if done and solid_of(made).volumes.sum() >= least:
            replace_geometry(whole, made)
            return True
        bpy.data.meshes.remove(made)
    return False


def only(mesh: bpy.types.Mesh, faces: Integers) -> bpy.types.Mesh:
    """Another mesh of those faces."""
    made = copy_of(mesh)
    delete_faces(made, np.setdiff1d(np.arange(len(mesh.polygons)), faces))
    return made


def bodies(solid: Solid) -> list[Integers]:
    """The polygons of every solid, with those of the spaces in it; the largest first."""
    if not len(solid):
        return []
    rays = Rays(solid)
    shells = shells_of(solid, rays, rays.cuts())
    body = np.arange(len(shells.areas))
    for shell in np.flatnonzero(shells.depths).tolist():
        corner = solid.places[solid.triangles[int(np.argmax(shells.of == shell)), 0]]
        outer = rays.shells_around(corner, shells.of, shell)
        body[shell] = min(outer, key=lambda one: shells.depths[one], default=shell)
    owners = np.unique(body)
    owners = owners[np.argsort(-shells.areas[owners], kind="stable")]
    return [solid.faces(shells.triangles(np.flatnonzero(body == owner))) for owner in owners]


def triangulate(mesh: bpy.types.Mesh) -> None:
    """Divide all faces into triangles: bent ones confuse booleans."""
    if are_triangles(mesh):
        return
    shape = bmesh.new()
    shape.from_mesh(mesh)
    bmesh.ops.triangulate(shape, faces=shape.faces[:])
    shape.to_mesh(mesh)
    shape.free()
    mesh.update()


def is_closed(mesh: bpy.types.Mesh) -> bool:
    """Whether two faces meet at every edge, and look the same way."""
    edges = solid_of(mesh).edges
    return bool(len(edges.faces) and (edges.faces == PAIR).all() and not edges.turns.any())


def put_beside(mesh: bpy.types.Mesh, other: bpy.types.Mesh) -> None:
    """Add the other's faces as they are."""
    shape = bmesh.new()
    shape.from_mesh(mesh)
    shape.from_mesh(other)
    shape.to_mesh(mesh)
    shape.free()
    mesh.update()


def _boolean(
    mesh: bpy.types.Mesh,
    other: bpy.types.Mesh | None,
    operation: str,
    options: Mapping[str, Any],
) -> bpy.types.Mesh | None:
    """What comes of both, or of one alone; None where this Blender has no such solver."""
    parts = [mesh] if other is None else [mesh, other]
    objects = [bpy.data.objects.new("part", part) for part in parts]
    nothing = bpy.data.collections.new("nothing")
    for obj in objects:
        scene_of(bpy.context).collection.objects.link(obj)
    modifier: Any = objects[0].modifiers.new("", "BOOLEAN")
    modifier.operation = operation
    if other is None:
        modifier.operand_type, modifier.collection = "COLLECTION", nothing
    else:
        modifier.object = objects[1]
    try:
        for name, value in options.items():
            setattr(modifier, name, value)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        shown = objects[0].evaluated_get(depsgraph)
        return bpy.data.meshes.new_from_object(shown, depsgraph=depsgraph)
    except TypeError:
        return None
    finally:
        bpy.data.batch_remove([*objects, nothing])
