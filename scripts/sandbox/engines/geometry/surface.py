"""A closed triangle surface, and what can be done to any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import trimesh
from scipy.spatial.transform import Rotation

Floats = npt.NDArray[np.floating[Any]]
"""Geometry is kept in double precision, texels in single."""
Ints = npt.NDArray[np.int64]

FACETED = 0.0
_WELD_DISTANCE = 1e-6
_MIRRORS = {"x": (-1.0, 1.0, 1.0), "y": (1.0, -1.0, 1.0), "z": (1.0, 1.0, -1.0)}


@dataclass(frozen=True, slots=True)
class Surface:
    """Triangles over shared positions.

    positions  (n, 3) metres, Y up
    rest       (n, 3) metres, where the point was when the solid was made: textures are laid on
               there, so that they turn and bend with the part; copies of a part share the array
    triangles  (m, 3) indices, counter-clockwise seen from outside
    crease     faces meeting at more than this angle (degrees) keep a hard edge
    """

    positions: Floats
    rest: Floats
    triangles: Ints
    crease: float = 40.0

    @property
    def corners(self) -> Floats:
        """(m, 3, 3)."""
        return self.positions[self.triangles]

    @property
    def bounds(self) -> Floats:
        """(2, 3) lowest and highest corner."""
        return np.stack([self.positions.min(axis=0), self.positions.max(axis=0)])

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Surface:
        return replace(self, positions=self.positions + np.array([x, y, z]))

    def turned(self, axis: str, degrees: float) -> Surface:
        """Turn about the world axis "x", "y" or "z" through the origin."""
        rotation = Rotation.from_euler(axis, degrees, degrees=True)
        return replace(self, positions=rotation.apply(self.positions))

    def scaled(self, x: float, y: float, z: float) -> Surface:
        """Scale the shape and its rest state; negative factors mirror."""
        factor = np.array([x, y, z])
        triangles = self.triangles if x * y * z > 0 else self.triangles[:, ::-1]
        return replace(
            self, positions=self.positions * factor, rest=self.rest * factor, triangles=triangles
        )

    def mirrored(self, axis: str = "x") -> Surface:
        """The mirror image across the plane through the origin that ``axis`` stands on."""
        return self.scaled(*_MIRRORS[axis])

    def bent(self, deform: Callable[[Floats], Floats]) -> Surface:
        """Move every position by a function of (n, 3) positions; the texture stays attached."""
        return replace(self, positions=deform(self.positions))

    def creased(self, degrees: float) -> Surface:
        return replace(self, crease=degrees)

    def grounded(self) -> Surface:
        """Put the lowest point on the ground."""
        return self.moved(y=-float(self.positions[:, 1].min()))


def surface_of(mesh: trimesh.Trimesh) -> Surface:
    """A surface of a mesh as it is."""
    positions = np.asarray(mesh.vertices, dtype=np.float64)
    return Surface(positions, positions, np.asarray(mesh.faces, dtype=np.int64))


def welded(positions: Floats, triangles: Ints, crease: float) -> Surface:
    """Merge equal positions, drop the triangles that collapse with them, face outwards."""
    keys = np.round(positions / _WELD_DISTANCE).astype(np.int64)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    merged = inverse.reshape(-1)[triangles]
    merged = merged[(merged != np.roll(merged, 1, axis=1)).all(axis=1)]
    points = positions[first]
    a, b, c = (points[merged[:, i]] for i in range(3))
    if float(np.einsum("ij,ij->", a, np.cross(b, c))) < 0:
        merged = merged[:, ::-1]
    return Surface(points, points, merged, crease)


def edge_pairs(triangles: Ints) -> tuple[Ints, Ints]:
    """Two (k,) arrays of half-edges on the same edge: number 3 t + i leaves corner i of t."""
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    same = np.all(edges[order[1:]] == edges[order[:-1]], axis=1)
    return order[:-1][same], order[1:][same]


def face_normals(positions: Floats, triangles: Ints) -> tuple[Floats, Floats]:
    """(m, 3) unit normals and (m,) areas."""
    a, b, c = (positions[triangles[:, i]] for i in range(3))
    cross = np.cross(b - a, c - a)
    length = np.linalg.norm(cross, axis=1)
    return cross / np.maximum(length, 1e-20)[:, None], length / 2


def corner_normals(surface: Surface) -> Floats:
    """(m, 3, 3) unit normals: area-weighted over the neighbours within the crease angle."""
    normals, areas = face_normals(surface.positions, surface.triangles)
    count = len(surface.triangles)
    if surface.crease <= 0:
        return np.repeat(normals[:, None, :], 3, axis=1)
    corners = surface.triangles.reshape(-1)
    order = np.argsort(corners, kind="stable")
    sizes = np.bincount(corners, minlength=len(surface.positions))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    # Every corner is paired with every corner at the same point.
    valence = sizes[corners]
    pair_corner = np.repeat(np.arange(3 * count), valence)
    step = np.arange(len(pair_corner)) - np.repeat(np.cumsum(valence) - valence, valence)
    pair_other = order[starts[corners[pair_corner]] + step] // 3
    own = normals[pair_corner // 3]
    other = normals[pair_other]
    limit = np.cos(np.radians(surface.crease))
    weight = areas[pair_other] * (np.einsum("ij,ij->i", own, other) >= limit - 1e-9)
    summed = np.stack(
        [np.bincount(pair_corner, weight * other[:, i], 3 * count) for i in range(3)], axis=1
    )
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    flat = np.repeat(normals, 3, axis=0)
    return np.where(length > 1e-12, summed / np.maximum(length, 1e-20), flat).reshape(count, 3, 3)


def barycentric(corners: Floats, points: Floats) -> Floats:
    """(n, 3) weights of (n, 2) points in (n, 3, 2) triangles; (1, 0, 0) in those without area."""
    ab, ac = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    ap = points - corners[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    safe = np.where(np.abs(area) > 1e-14, area, np.inf)
    second = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / safe
    third = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / safe
    return np.stack([1 - second - third, second, third], axis=1)


Polyline = Sequence[Sequence[float]] | Floats
"""Points as rows, two or three numbers each."""


def polyline(text: str, *factors: float) -> Floats:
    """(n, k) numbers written as SVG writes points, "0,0 1,0.5", each column times its factor."""
    table = np.array([[float(value) for value in point.split(",")] for point in text.split()])
    return table * np.array(factors) if factors else table
