"""Organic bodies: smooth unions of capsules and balls, turned into one closed skin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import trimesh
from skimage.measure import marching_cubes

from .primitives import Point3
from .surface import Floats, Surface, polyline

_SMOOTHING_ROUNDS = 8


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
        away = local - nearest
        gap = np.sqrt(np.einsum("ni,ni->n", away, away)) - radius
        return np.asarray(gap * float(flatten.min()))

    def box(self) -> Floats:
        reach = max(self.start_radius, self.end_radius) * np.asarray(self.flatten)
        ends = np.array([self.start, self.end])
        return np.stack([ends.min(axis=0) - reach, ends.max(axis=0) + reach])

    def mirrored(self) -> Limb:
        """The mirror image across X = 0."""
        (x, y, z), (u, v, w) = self.start, self.end
        return replace(self, start=(-x, y, z), end=(-u, v, w))


def limbs(text: str, flatten: Point3 = (1.0, 1.0, 1.0)) -> list[Limb]:
    """Limbs one after the other through "x,y,z,radius x,y,z,radius ..."."""
    return chain(polyline(text).tolist(), flatten)


def chain(knots: Sequence[Sequence[float]], flatten: Point3 = (1.0, 1.0, 1.0)) -> list[Limb]:
    """Limbs one after the other through rows of x, y, z and radius."""
    return [
        Limb((a[0], a[1], a[2]), (b[0], b[1], b[2]), a[3], b[3], flatten)
        for a, b in pairwise(knots)
    ]


def skin(parts: Sequence[Limb], blend: float, cells: int = 64) -> Surface:
    """The smooth union of limbs; ``blend`` (metres) is the width of the fillets between them.

    ``cells`` divides the longest side.
    """
    boxes = np.stack([limb.box() for limb in parts])
    low, high = boxes[:, 0].min(axis=0), boxes[:, 1].max(axis=0)
    step = float((high - low).max()) / cells
    low = low - 2.5 * step
    axes = [np.arange(a, b + 3.5 * step, step) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    flat = grid.reshape(-1, 3)
    total = np.zeros(len(flat))
    for limb in parts:
        total += np.exp(-np.clip(limb.distance(flat) / blend, -40, 40))
    values = -blend * np.log(np.maximum(total, 1e-30)).reshape(grid.shape[:3])
    # marching_cubes winds towards rising values, which is outwards here.
    vertices, faces, _, _ = marching_cubes(values, 0.0, spacing=(step,) * 3)
    mesh = trimesh.Trimesh(vertices + low, faces, process=False)
    trimesh.smoothing.filter_taubin(mesh, lamb=0.5, nu=0.52, iterations=_SMOOTHING_ROUNDS)
    positions = np.asarray(mesh.vertices, dtype=np.float64)
    return Surface(positions, positions, np.asarray(faces, dtype=np.int64), 180.0)
