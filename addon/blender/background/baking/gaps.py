"""How far apart two surfaces are that stand for the same thing, and which of them shows more."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import bpy
from mathutils import Matrix, Vector
from mathutils.bvhtree import BVHTree

from ...core.access import mesh_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ...model.arrays import Integers, Places

PLACES: Final = 2000
"""Looked at on a surface."""
FACING: Final = 0.2
"""Cosine between normals of what may be the same side of the same wall."""
NEARLY_ALL: Final = 99.5
"""Percent of the places that the gap holds for: a hole that was closed is far from everything."""
SPARE: Final = 1.2
LEAST: Final = 5e-4
"""Share of the model's size that no gap is smaller than."""
NEAR: Final = 0.03
"""Share of the model's size within which the other side of a wall counts as well."""
THIN: Final = 0.1
"""Share of the size up to which a side tells nothing of how much the whole has grown."""
UNEVEN: Final = 0.05
"""By how much the sides of two surfaces differ that are the same: a rebuilt one cuts corners."""
BENT: Final = 0.9962
"""Cosine of the angle from which on two normals differ: 5 degrees."""
MOST_BENT: Final = 0.02
"""Share of the places at which they may."""


class Gap(NamedTuple):
    """What lies between a surface and the one it was made from."""

    width: float
    """In the unit of the places."""
    bends: bool
    """Whether the light on the other surface shows shapes that this one does not have."""


class _Spots(NamedTuple):
    places: "Places"
    """(n, 3)."""
    sides: "Places"
    """(n, 3) normals of the polygons."""
    shading: "Places"
    """(n, 3) normals as light sees them."""


def growth(own: bpy.types.Mesh, others: Sequence[bpy.types.Object]) -> Matrix:
    """What takes the others to the size of the mesh, if that is another: it was asked for one."""
    import numpy as np

    meshes = [mesh_of(obj) for obj in others]
    worlds = [obj.matrix_world for obj in others]
    before = np.concatenate([_places(*pair) for pair in zip(meshes, worlds, strict=True)])
    after = _places(own, Matrix.Identity(4))
    sides, longest = np.ptp(before, axis=0), float(np.ptp(before, axis=0).max())
    told = sides > THIN * longest
    factors = np.ptp(after, axis=0)[told] / sides[told]
    if np.ptp(factors) > UNEVEN * factors.max() or abs(factors.mean() - 1.0) <= UNEVEN:
        return Matrix.Identity(4)
    factor = float(factors.mean())
    way = (after.min(axis=0) + after.max(axis=0)) / 2
    way -= factor * (before.min(axis=0) + before.max(axis=0)) / 2
    return Matrix.Translation(way.tolist()) @ Matrix.Scale(factor, 4)


def _places(mesh: bpy.types.Mesh, world: Matrix) -> "Places":
    """(v, 3) vertices in the world."""
    import numpy as np

    from ...model.arrays import moved, places_of

    return moved(places_of(mesh).astype(np.float64), world)


def measure(own: bpy.types.Mesh, others: Sequence[bpy.types.Object]) -> Gap:
    """Compare a mesh with the meshes of objects, in the world."""
    import numpy as np  # late: Blender takes a while to load it

    surface = _surface(own, Matrix.Identity(4))
    spots = _spots(surface)
    seen = [_surface(mesh_of(obj), obj.matrix_world) for obj in others]
    whole = _Surface(*(np.concatenate(parts) for parts in zip(*seen, strict=True)))
    found = _nearest(whole, spots.places)
    gaps = np.linalg.norm(found.places - spots.places, axis=1)
    facing = (found.sides * spots.sides).sum(axis=1) > FACING
    if not facing.any():  # it is inside out
        facing[:] = True
    size = float(np.ptp(surface.corners.reshape(-1, 3), axis=0).max())
    told = facing | (gaps < NEAR * size)  # what was a sheet may have got a back
    width = SPARE * float(np.percentile(gaps[told], NEARLY_ALL)) + LEAST * size
    bent = (found.shading * spots.shading).sum(axis=1)[facing] < BENT
    return Gap(width, bool(bent.mean() > MOST_BENT))


class _Surface(NamedTuple):
    """Triangles."""

    corners: "Places"
    """(t, 3, 3)."""
    normals: "Places"
    """(t, 3, 3) of the corners as light sees them, of any length."""


def _surface(mesh: bpy.types.Mesh, world: Matrix) -> _Surface:
    import numpy as np

    from ...model.arrays import corners_of, got, moved, triangles_of

    drawn = triangles_of(mesh, corners_of(mesh))
    corners = moved(drawn.at().astype(np.float64), world)
    own = got(mesh.corner_normals, "vector", 3, kind=np.float32)[drawn.corners].astype(np.float64)
    normals = own @ np.linalg.pinv(np.array(world)[:3, :3])
    if world.is_negative:  # mirrored, the corners go round the other way
        corners, normals = corners[:, ::-1], normals[:, ::-1]
    return _Surface(corners, normals)


def _spots(surface: _Surface) -> _Spots:
    """Places all over the surface, everywhere as close."""
    import numpy as np

    chance = np.random.default_rng(1)
    a, b, c = np.moveaxis(surface.corners, 1, 0)
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    which = anywhere(chance, areas, PLACES)
    weights = spread(chance, PLACES)
    return _at(surface, which, (weights[:, :, None] * surface.corners[which]).sum(axis=1))


def anywhere(
    chance: "np.random.Generator", areas: "npt.NDArray[np.floating[Any]]", count: int
) -> "Integers":
    """(n,) numbers of triangles, each as often as it is large."""
    import numpy as np

    share = np.cumsum(areas) / (areas.sum() or 1.0)
    which: Integers = np.minimum(np.searchsorted(share, chance.random(count)), len(areas) - 1)
    return which


def spread(chance: "np.random.Generator", count: int) -> "Places":
    """(n, 3) shares of the corners in places all over a triangle."""
    import numpy as np

    one, two = np.sqrt(chance.random(count)), chance.random(count)
    return np.stack([1.0 - one, one * (1.0 - two), one * two], axis=1)


def _at(surface: _Surface, which: "Integers", places: "Places") -> _Spots:
    """What there is at places of the triangles ``which``."""
    import numpy as np

    from ..retexturing.matched_triangles import weights_of

    corners = surface.corners[which]
    a, b, c = np.moveaxis(corners, 1, 0)
    weights = weights_of(places[:, None], corners)[:, 0]
    shading = (weights[:, :, None] * surface.normals[which]).sum(axis=1)
    return _Spots(places, _unit(np.cross(b - a, c - a)), _unit(shading))


def _unit(vectors: "Places") -> "Places":
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0.0, lengths, 1.0)


def _nearest(surface: _Surface, places: "Places") -> _Spots:
    """What of the surface lies nearest to each of the places."""
    import numpy as np

    numbers = np.arange(3 * len(surface.corners)).reshape(-1, 3)
    corners = surface.corners.reshape(-1, 3)
    tree = BVHTree.FromPolygons(corners.tolist(), numbers.tolist(), all_triangles=True)
    found = [tree.find_nearest(place) for place in places.tolist()]
    which = np.array([0 if index is None else index for _, _, index, _ in found])
    return _at(surface, which, np.array([place or Vector() for place, _, _, _ in found]))
