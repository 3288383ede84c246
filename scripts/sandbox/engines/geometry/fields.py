"""Organic bodies: smooth unions of capsules and balls, turned into one closed skin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, diags_array
from skimage.measure import marching_cubes

from .charts import with_box_charts
from .primitives import Point3
from .surface import Floats, Ints, Surface

Field = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Limb:
    """A tapered capsule between two points; equal points make a ball. Metres."""

    start: Point3
    end: Point3
    start_radius: float
    end_radius: float
    flatten: Point3 = (1.0, 1.0, 1.0)

    def distance(self, points: Floats) -> Floats:
        """Signed distance (approximate where flattened) at (n, 3) points, negative inside."""
        flatten = np.asarray(self.flatten)
        a, b = np.asarray(self.start), np.asarray(self.end)
        centre = (a + b) / 2
        local = (points - centre) / flatten + centre
        axis = b - a
        length = float(axis @ axis)
        t = np.clip((local - a) @ axis / length, 0, 1) if length > 0 else np.zeros(len(points))
        nearest = a + t[:, None] * axis
        radius = self.start_radius + t * (self.end_radius - self.start_radius)
        gap = np.linalg.norm(local - nearest, axis=1) - radius
        return np.asarray(gap * float(flatten.min()))

    def box(self) -> Floats:
        reach = max(self.start_radius, self.end_radius) * np.asarray(self.flatten)
        ends = np.array([self.start, self.end])
        return np.stack([ends.min(axis=0) - reach, ends.max(axis=0) + reach])


def skin(limbs: Sequence[Limb], blend: float, cells: int = 64) -> Surface:
    """The smooth union of limbs; ``blend`` (metres) is the width of the fillets between them."""
    boxes = np.stack([limb.box() for limb in limbs])
    bounds = np.stack([boxes[:, 0].min(axis=0), boxes[:, 1].max(axis=0)])

    def union(points: Floats) -> Floats:
        total = np.zeros(len(points))
        for limb in limbs:
            total += np.exp(-np.clip(limb.distance(points) / blend, -40, 40))
        return -blend * np.log(np.maximum(total, 1e-30))

    return isosurface(union, bounds, cells)


def isosurface(field: Field, bounds: Floats, cells: int = 64, smoothing: int = 4) -> Surface:
    """Closed surface where ``field`` (n, 3) -> (n,) changes sign; negative is inside.

    ``cells`` divides the longest side of ``bounds``.
    """
    step = float(np.ptp(bounds, axis=0).max()) / cells
    low = bounds[0] - 2.5 * step
    shape = np.ceil((bounds[1] + 2.5 * step - low) / step).astype(int) + 1
    axes = [low[i] + step * np.arange(shape[i]) for i in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    values = field(grid).reshape(tuple(shape))
    vertices, faces, _, _ = marching_cubes(values, 0.0)
    positions = np.asarray(vertices, dtype=np.float64) * step + low
    # marching_cubes winds towards rising values, which is outwards here.
    triangles = np.asarray(faces, dtype=np.int64)
    positions = smoothed(positions, triangles, smoothing)
    return with_box_charts(positions, triangles, crease=180.0)


def smoothed(positions: Floats, triangles: Ints, rounds: int) -> Floats:
    """Taubin smoothing: evens out the marching-cubes steps without shrinking."""
    count = len(positions)
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    both = np.concatenate([edges, edges[:, ::-1]])
    link = coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count)).tocsr()
    link.data[:] = 1.0
    valence = np.maximum(np.asarray(link.sum(axis=1)).ravel(), 1.0)
    mean = diags_array(1.0 / valence) @ link
    for _ in range(rounds):
        for factor in (0.5, -0.52):
            positions = positions + factor * (np.asarray(mean @ positions) - positions)
    return positions
