"""A mesh as a printer sees it: triangles between places, in millimetres.

Files for other programs split vertices along every seam; here those at one place are one.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import bpy
import numpy as np

from ..model.arrays import (
    Integers,
    Places,
    corners_of,
    places_of,
    triangles_of,
    vertices_of_edges,
    welded,
)
from ..model.mesh_stats import SAME_PLACE
from .components import components, numbered

MOST: Final = 2**63
"""What a number of 64 bits holds less than."""


@dataclass(frozen=True)
class Solid:
    """Triangles with an area, counted through; ``len`` is how many there are."""

    mesh: bpy.types.Mesh
    """In millimetres."""
    places: Places
    """(v, 3), one for each place that a vertex of the mesh is at."""
    place_of: Integers
    """The place of each vertex of the mesh."""
    triangles: Integers
    """(t, 3) places."""
    polygons: Integers
    """(t,) polygon of the mesh each is a part of."""
    loops: Integers
    """(t, 3) corners of the mesh."""
    degenerate: Integers
    """Polygons that have triangles without three different places."""

    def __len__(self) -> int:
        return len(self.triangles)

    @cached_property
    def crosses(self) -> Places:
        """(t, 3) normals, twice as long as the triangle is large."""
        (x1, y1, z1), (x2, y2, z2) = (self.corners[:, end] - self.corners[:, 0] for end in (1, 2))
        return np.stack([y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2], axis=1)

    @cached_property
    def doubles(self) -> Places:
        """(t,) twice the area of each triangle."""
        lengths: Places = np.sqrt(np.einsum("ij,ij->i", self.crosses, self.crosses))
        return lengths

    @cached_property
    def normals(self) -> Places:
        """(t, 3); 0 for a triangle that is too thin to have one."""
        normals: Places = self.crosses / np.where(self.doubles > 0.0, self.doubles, 1.0)[:, None]
        return normals

    @cached_property
    def volumes(self) -> Places:
        """(t,) signed volume between each triangle and the middle of all places."""
        middle = self.places.mean(axis=0)
        first = self.corners[:, 0].T - middle
        volumes: Places = np.einsum("ij,ij->i", first, self.crosses) / 6.0
        return volumes

    @cached_property
    def sides(self) -> tuple[float, float, float]:
        """Width, depth and height."""
        x, y, z = np.ptp(self.places, axis=0) if len(self.places) else np.zeros(3)
        return float(x), float(y), float(z)

    @cached_property
    def edges(self) -> "Edges":
        return _edges(self.triangles, len(self.places))

    @cached_property
    def shell_of(self) -> tuple[Integers, int]:
        """(t,) shell of each triangle, hanging together at edges, and how many there are."""
        one, other = self.edges.neighbors
        return numbered(components(len(self), one, other))

    @cached_property
    def corners(self) -> Places:
        """(3, 3, t) x, y and z of the three corners of each triangle."""
        axes, ends = np.ascontiguousarray(self.places.T), np.ascontiguousarray(self.triangles.T)
        return np.array([[axis[end] for end in ends] for axis in axes])

    def faces(self, triangles: Integers) -> Integers:
        """The polygons of the mesh that the triangles are parts of."""
        return np.unique(self.polygons[triangles])

    def mesh_edges(self, edges: Integers) -> Integers:
        """The edges of the mesh that lie where these of ours do."""
        ends = np.sort(self.place_of[vertices_of_edges(self.mesh)], axis=1)
        count = len(self.places)
        wanted = self.edges.ends[edges]
        keys = wanted[:, 0] * count + wanted[:, 1]
        return np.flatnonzero(np.isin(ends[:, 0] * count + ends[:, 1], keys))


@dataclass(frozen=True, slots=True)
class Edges:
    """Where triangles meet."""

    ends: Integers
    """(e, 2) places, the lower first."""
    faces: Integers
    """(e,) triangles at each."""
    turns: Integers
    """(e,) 0 where as many triangles run along it one way as the other."""
    sides: Integers
    """Sides of triangles (three times the triangle and 0, 1, 2), those of one edge together."""
    starts: Integers
    """(e,) where those of each begin."""

    @property
    def neighbors(self) -> tuple[Integers, Integers]:
        """Pairs of triangles that meet at an edge; of more than two, each and the next."""
        one, other = self.meetings
        return one // 3, other // 3

    @property
    def meetings(self) -> tuple[Integers, Integers]:
        """The sides of these pairs."""
        meets = np.ones(len(self.sides), dtype=np.bool_)
        meets[self.starts] = False
        after = np.flatnonzero(meets)
        return self.sides[after - 1], self.sides[after]


def solid_of(mesh: bpy.types.Mesh) -> Solid:
    """The mesh, whose unit is the millimetre."""
    drawn = triangles_of(mesh, corners_of(mesh))
    raw = places_of(mesh).astype(np.float64)
    size = float(np.ptp(raw, axis=0).max()) if len(raw) else 0.0
    if size > 0.0:
        place_of, places = welded(raw, size * SAME_PLACE)
    else:
        place_of, places = np.zeros(len(raw), dtype=np.int64), raw[:1]
    triangles = place_of[drawn.vertices]
    a, b, c = triangles.T
    whole = (a != b) & (b != c) & (c != a)
    return Solid(
        mesh,
        places,
        place_of,
        triangles[whole],
        drawn.polygons[whole],
        drawn.corners[whole],
        np.unique(drawn.polygons[~whole]),
    )


def _edges(triangles: Integers, count: int) -> Edges:
    one, other = triangles.reshape(-1), np.roll(triangles, -1, axis=1).reshape(-1)
    low, high = np.minimum(one, other), np.maximum(one, other)
    sorted_keys, order = _sorted(low * count + high, count * count)
    first = np.ones(len(order), dtype=np.bool_)
    np.not_equal(sorted_keys[1:], sorted_keys[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    forward = np.where(one < other, 1, -1)[order]
    ends = np.stack([low[order[starts]], high[order[starts]]], axis=1)
    faces = np.diff(np.append(starts, len(order)))
    turns = np.add.reduceat(forward, starts) if len(starts) else np.zeros(0, dtype=np.int64)
    return Edges(ends, faces, turns, order, starts)


def _sorted(keys: Integers, beyond: int) -> tuple[Integers, Integers]:
    """The keys, which are smaller than ``beyond``, in order, and where each of them was."""
    if beyond * max(len(keys), 1) >= MOST:
        order = np.argsort(keys, kind="stable")
        return keys[order], order
    # Sorting numbers takes a fraction of what sorting places by them does.
    both = np.sort(keys * len(keys) + np.arange(len(keys)))
    return np.divmod(both, max(len(keys), 1))
