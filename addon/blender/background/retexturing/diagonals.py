"""Polygons that an answer parts into triangles along other diagonals.

Their edges are those of the answer, so what lies at their corners is known: no triangle has to be
found that lies near, which there need not be where the polygon is not flat.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...model.arrays import SIDES, Floats, Integers, Triangles, any_of_rows, stretches
from .matched_triangles import FEW, RARE, TRIED, Numbers, Table, edge_keys, is_in, mixed

EDGES: Final = 2
"""Of a triangle at the rim of a larger polygon that are edges of the polygon as well."""

TURNS: Final = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
"""The corners of a triangle, from each of them on."""


class Ears(NamedTuple):
    """Own triangles, two edges of each of which the answer has."""

    triangles: Integers
    """(n,) which they are."""
    corners: Integers
    """(n, 3) which corner of the triangle is where the first of the edges starts, and so on."""
    first: Integers
    """(n, 2) corners of the answer at the ends of the first edge."""
    second: Integers
    """(n, 2)"""
    beside: Integers
    """(n, 2) triangles of the answer that the edges are of."""


def ears(
    own: Triangles, following: Integers, answer: Triangles, numbers: Numbers, lost: Integers
) -> Ears:
    """What can be found of the ``lost`` triangles.

    ``following`` is the next corner of the same polygon, for each corner of the own mesh.
    """
    some = lost[:: 1 + len(lost) // TRIED]
    if len(some) < len(lost):
        tried = ears(own, following, answer, numbers, some)
        if len(tried.triangles) * RARE < len(some):
            return tried
    rims = [_at_rim(own, following, lost[part]) for part in stretches(len(lost))]
    triangles, corners = (np.concatenate(some) for some in zip(*rims, strict=True))
    vertices = own.vertices.ravel()[SIDES * triangles[:, None] + corners]
    found = _found(numbers.own, vertices, numbers.answer, answer)
    there = np.flatnonzero((found[:, 0] >= 0) & (found[:, 1] >= 0))
    found = found[there]
    ends = np.stack([found, _next(found)], axis=2)
    first, second = answer.corners.ravel()[ends].transpose(1, 0, 2)
    return Ears(triangles[there], corners[there], first, second, found // SIDES)


def _at_rim(own: Triangles, following: Integers, which: Integers) -> tuple[Integers, Integers]:
    """Those of the triangles with two edges of their polygon, and their ``Ears.corners``."""
    a, b, c = own.corners[which].T
    edges = [following[start] == end for start, end in ((a, b), (b, c), (c, a))]
    at_rim = sum(edge.astype(np.int8) for edge in edges) == EDGES
    return which[at_rim], TURNS[np.select([~edge[at_rim] for edge in edges], (1, 2, 0))]


def _next(corners: Integers) -> Integers:
    """The next corner of the same triangle, where these are numbered one after the other."""
    return corners + np.where(corners % SIDES == SIDES - 1, 1 - SIDES, 1)


def _found(own: Integers, vertices: Integers, numbers: Integers, answer: Triangles) -> Integers:
    """(n, 2) where the answer's triangles have the two edges along (n, 3) vertices; -1: nowhere.

    ``own`` numbers the places of these, and ``numbers`` those of the answer's.
    """
    starts = answer.vertices.ravel()
    ends = np.roll(answer.vertices, -1, axis=1).ravel()
    offered = None
    if len(vertices) * FEW < len(answer):
        is_there = is_in(numbers, np.unique(own[vertices]))
        offered = np.flatnonzero(is_there[starts] & is_there[ends])
        starts, ends = starts[offered], ends[offered]
    of_own, of_answer = mixed(own), mixed(numbers)
    table = Table(edge_keys(of_answer, starts, ends))
    sides = [table.find(edge_keys(of_own, *vertices.T[n : n + 2])) for n in range(EDGES)]
    found = np.stack(sides, axis=1)
    return found if offered is None or not len(offered) else np.where(found < 0, -1, offered[found])


def shown(
    found: Ears, uvs: Floats, answer: Triangles, tolerance: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """(n, 3, 2) UVs of the triangles' corners, and (n,) whether no seam runs through them.

    ``uvs`` are those of the answer's corners.
    """
    made = np.empty((len(found.triangles), SIDES, 2), dtype=np.float32)
    is_whole = np.empty(len(made), dtype=np.bool_)
    for part in stretches(len(made)):
        some, corners = made[part], found.corners[part].T
        (begin, middle), (again, end) = (
            (uvs[side[part, 0]], uvs[side[part, 1]]) for side in (found.first, found.second)
        )
        for corner, values in zip(corners, (begin, middle, end), strict=True):
            some[np.arange(len(some)), corner] = values
        slots = answer.materials[found.beside[part]].T
        is_whole[part] = ~any_of_rows(np.abs(middle - again) > tolerance) & (slots[0] == slots[1])
    return made, is_whole
