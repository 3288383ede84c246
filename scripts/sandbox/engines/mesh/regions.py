"""A surface divided into parts: loose pieces, pieces between creases, or compact regions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import trimesh
from scipy.cluster.vq import kmeans2
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Labels = npt.NDArray[np.int64]

_CREASE = np.radians(35.0)
_SMALLEST_SHARE = 0.004
_MOST_PARTS = 32
_COMPACT_PARTS = 4


@dataclass(frozen=True, slots=True)
class Division:
    """A part number for every triangle, 0 for the largest; ``method`` says how it was found."""

    labels: Labels
    method: str


def divided(mesh: trimesh.Trimesh, *, alone: bool) -> Division:
    """Parts of one mesh; seams of its UVs do not count as borders.

    A mesh without any borders stays whole, unless it is ``alone`` in its scene.
    """
    welded = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    welded.merge_vertices(merge_tex=True, merge_norm=True)
    loose = _components(welded, np.ones(len(welded.face_adjacency), dtype=bool))
    found = _tidied(loose, welded)
    if found.max() > 0:
        return Division(found, "loose pieces")
    # A concave crease is where one thing meets another: a handle and its cup.
    smooth = welded.face_adjacency_convex | (welded.face_adjacency_angles < _CREASE)
    found = _tidied(_components(welded, smooth), welded)
    if found.max() > 0:
        return Division(found, "concave creases")
    if not alone:
        return Division(found, "the file's own meshes")
    return Division(_compact(welded), "compact regions, since the surface shows no borders")


def _components(mesh: trimesh.Trimesh, passable: npt.NDArray[np.bool_]) -> Labels:
    """Numbers of triangles connected over the ``passable`` ones of the shared edges."""
    pairs = mesh.face_adjacency[passable]
    count = len(mesh.faces)
    link = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, labels = connected_components(link, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _tidied(labels: Labels, mesh: trimesh.Trimesh) -> Labels:
    """Crumbs join the nearest part; numbers go by area, largest first."""
    areas = np.bincount(labels, weights=mesh.area_faces)
    order = np.argsort(-areas)
    large = [n for n in order[:_MOST_PARTS] if areas[n] >= _SMALLEST_SHARE * areas.sum()]
    kept = np.isin(labels, large)
    rank = np.full(len(areas), -1)
    rank[large] = np.arange(len(large))
    result = rank[labels]
    if not kept.all():
        centres = mesh.triangles_center
        _, nearest = cKDTree(centres[kept]).query(centres[~kept])
        result[~kept] = result[kept][nearest]
    return np.asarray(result, dtype=np.int64)


def _compact(mesh: trimesh.Trimesh) -> Labels:
    centres = mesh.triangles_center / max(mesh.extents)
    parts = min(_COMPACT_PARTS, len(centres))
    _, labels = kmeans2(centres, parts, minit="++", seed=1)
    return _tidied(np.asarray(labels, dtype=np.int64), mesh)
