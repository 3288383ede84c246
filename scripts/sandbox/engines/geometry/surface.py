"""A triangle surface whose UVs are measured in metres, chart by chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

Floats = npt.NDArray[np.floating[Any]]
"""Geometry is kept in double precision, texels in single."""
Ints = npt.NDArray[np.int64]

WELD_DISTANCE = 1e-6
SMOOTH = 180.0
FACETED = 0.0


@dataclass(frozen=True, slots=True)
class Surface:
    """Triangles over shared positions; everything that may jump at a seam is stored per corner.

    positions  (n, 3) metres, Y up
    rest       (n, 3) metres, where the point was when the primitive was made; solid textures
               (wood grain, stone) are evaluated there so that they turn with the part
    triangles  (m, 3) indices, counter-clockwise seen from outside
    uv         (m, 3, 2) metres within the triangle's chart
    chart      (m,) island number; triangles of one chart are flattened together
    crease     faces meeting at more than this angle (degrees) keep a hard edge
    """

    positions: Floats
    rest: Floats
    triangles: Ints
    uv: Floats
    chart: Ints
    crease: float = 40.0

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

    def aimed(self, direction: Sequence[float]) -> Surface:
        """Turn +Y towards ``direction``."""
        target = np.asarray(direction, dtype=np.float64)
        rotation, _ = Rotation.align_vectors([target / np.linalg.norm(target)], [[0.0, 1.0, 0.0]])
        return replace(self, positions=rotation.apply(self.positions))

    def scaled(self, x: float, y: float, z: float) -> Surface:
        """Scale the shape and its rest state; UVs keep the density of the mean factor."""
        factor = np.array([x, y, z])
        mean = float(np.cbrt(abs(x * y * z)))
        triangles, uv = self.triangles, self.uv * mean
        if x * y * z < 0:
            triangles, uv = triangles[:, ::-1], _flipped(uv)
        return replace(
            self,
            positions=self.positions * factor,
            rest=self.rest * factor,
            triangles=triangles,
            uv=uv,
        )

    def mirrored(self) -> Surface:
        """The mirror image across the YZ plane."""
        return replace(
            self,
            positions=self.positions * np.array([-1.0, 1.0, 1.0]),
            triangles=self.triangles[:, ::-1],
            uv=_flipped(self.uv),
        )

    def turned_inside_out(self) -> Surface:
        """Reverse the winding."""
        return replace(self, triangles=self.triangles[:, ::-1], uv=_flipped(self.uv))

    def bent(self, deform: Callable[[Floats], Floats]) -> Surface:
        """Move every position by a function of (n, 3) positions; the texture stays attached."""
        return replace(self, positions=deform(self.positions))

    def creased(self, degrees: float) -> Surface:
        return replace(self, crease=degrees)

    def grounded(self) -> Surface:
        """Put the lowest point on the ground."""
        return self.moved(y=-float(self.positions[:, 1].min()))


def _flipped(uv: Floats) -> Floats:
    """UVs of triangles whose corners are taken in reverse, mirrored so that they stay upright."""
    return np.asarray(uv[:, ::-1] * np.array([-1.0, 1.0]))


def from_patches(patches: Sequence[tuple[Floats, Floats]], crease: float = 40.0) -> Surface:
    """Weld grids into one surface.

    Each patch is (rows, columns, 3) positions with (rows, columns, 2) UVs in metres; columns run
    along u, rows along v, and u x v points outwards. Each patch becomes one chart.
    """
    positions: list[Floats] = []
    triangles: list[Ints] = []
    uvs: list[Floats] = []
    charts: list[Ints] = []
    offset = 0
    for number, (points, uv) in enumerate(patches):
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
        c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
        faces = np.stack([np.stack([a, b, c], 1), np.stack([a, c, d], 1)], 1).reshape(-1, 3)
        positions.append(points.reshape(-1, 3))
        triangles.append(faces + offset)
        uvs.append(uv.reshape(-1, 2)[faces])
        charts.append(np.full(len(faces), number))
        offset += rows * columns
    return welded(
        np.concatenate(positions),
        np.concatenate(triangles),
        np.concatenate(uvs),
        np.concatenate(charts),
        crease,
    )


def welded(positions: Floats, triangles: Ints, uv: Floats, chart: Ints, crease: float) -> Surface:
    """Merge equal positions and drop the triangles that collapse with them."""
    keys = np.round(positions / WELD_DISTANCE).astype(np.int64)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    merged = inverse.reshape(-1)[triangles]
    keep = (
        (merged[:, 0] != merged[:, 1])
        & (merged[:, 1] != merged[:, 2])
        & (merged[:, 2] != merged[:, 0])
    )
    points = positions[first]
    return Surface(points, points, merged[keep], uv[keep], chart[keep], crease)


def joined(surfaces: Sequence[Surface]) -> Surface:
    """Put surfaces side by side in one; nothing is welded, charts stay apart."""
    offsets = np.cumsum([0] + [len(s.positions) for s in surfaces[:-1]])
    chart_offsets = np.cumsum([0] + [int(s.chart.max()) + 1 for s in surfaces[:-1]])
    return Surface(
        np.concatenate([s.positions for s in surfaces]),
        np.concatenate([s.rest for s in surfaces]),
        np.concatenate([s.triangles + o for s, o in zip(surfaces, offsets, strict=True)]),
        np.concatenate([s.uv for s in surfaces]),
        np.concatenate([s.chart + o for s, o in zip(surfaces, chart_offsets, strict=True)]),
        min(s.crease for s in surfaces),
    )


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
