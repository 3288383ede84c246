"""Cuts through polygons, along lines between two of their corners; all data of the mesh stays.

A corner has one UV. Where a service lets a seam run through a polygon, the polygon has to be two
to show both sides of it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import bmesh
import bpy

if TYPE_CHECKING:
    from .arrays import Corners, Integers

Cut = Sequence[int]
"""The polygon, and the two vertices between which it is cut."""

CUTS: Final = "studio3d_cuts"
"""Custom property of a mesh: the cuts that were made in it, one after the other."""
NUMBERS: Final = 3
"""That each of them is."""


def cut(mesh: bpy.types.Mesh, cuts: Sequence[Cut]) -> bool:
    """Make the cuts; False, and nothing happens, if not all of them can be made.

    Vertices keep their numbers, and polygons theirs; each cut adds a polygon at the end.
    """
    shape = bmesh.new()
    try:
        shape.from_mesh(mesh, face_normals=False, vertex_normals=False)
        if len(shape.faces) != len(mesh.polygons) or not _make(shape, cuts):
            return False
        normals = _normals(mesh)
        shape.to_mesh(mesh)
    finally:
        shape.free()
    if normals is not None:
        _set_normals(mesh, cuts, *normals)
    return True


def _make(shape: bmesh.types.BMesh, cuts: Sequence[Cut]) -> bool:
    shape.verts.ensure_lookup_table()
    shape.faces.ensure_lookup_table()
    pieces: dict[int, list[bmesh.types.BMFace]] = {}
    whole = {polygon: shape.faces[polygon] for polygon, _, _ in cuts}
    for polygon, one, other in cuts:
        ends = shape.verts[one], shape.verts[other]
        parts = pieces.setdefault(polygon, [whole[polygon]])
        for part in parts:
            corners = set(part.verts)
            if corners.issuperset(ends):
                break
        else:
            return False
        try:
            made, _ = bmesh.utils.face_split(part, *ends)
        except (ValueError, RuntimeError):  # for example, they are beside each other
            return False
        parts.append(made)
    return True


def polygons_before(count: int, cuts: Sequence[Cut]) -> "Integers":
    """For each polygon of a mesh that was cut, of which polygon of the ``count`` it is a piece."""
    import numpy as np  # late: Blender takes a while to load it

    added = np.array(cuts, dtype=np.int64).reshape(-1, 3)[:, 0]
    return np.concatenate([np.arange(count), added])


def edge_keys(corners: "Corners", polygons: "Integers", which: "Integers") -> "Integers":
    """A number for each of the corners ``which``, by its edge and the polygon it was in.

    No two are the same.
    """
    return keys(
        polygons[corners.polygons[which]],
        corners.vertices[which],
        corners.vertices[corners.following[which]],
    )


def keys(*parts: "Integers") -> "Integers":
    """One number of several; that two come out the same by chance does not happen."""
    import numpy as np

    made = np.zeros(np.broadcast(*parts).shape, dtype=np.uint64)
    for part in parts:
        made = (made ^ part.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        made ^= made >> np.uint64(29)
    return made.view(np.int64)


def _normals(mesh: bpy.types.Mesh) -> tuple[Any, "Corners"] | None:
    """Normals an artist has set: they are stored relative to edges, of which there are new ones."""
    import numpy as np

    from .arrays import corners_of, got

    if not mesh.has_custom_normals:
        return None
    return got(mesh.corner_normals, "vector", 3, kind=np.float32), corners_of(mesh)


def _set_normals(
    mesh: bpy.types.Mesh, cuts: Sequence[Cut], normals: Any, before: "Corners"
) -> None:
    import numpy as np

    from .arrays import corners_of

    now = corners_of(mesh)
    was = polygons_before(len(before.starts), cuts)[now.polygons]
    old = keys(before.polygons, before.vertices)
    order = np.argsort(old)
    place = np.searchsorted(old[order], keys(was, now.vertices))
    mesh.normals_split_custom_set(normals[order[place]].tolist())
