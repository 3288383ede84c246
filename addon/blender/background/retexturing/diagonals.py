"""Polygons that an answer parts into triangles along other diagonals.

Their edges are those of the answer, so what lies at their corners is known: no triangle has to be
found that lies near, which there need not be where the polygon is not flat.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...model.arrays import SIDES, Floats, Integers, Triangles
from .matched_triangles import RARE, TRIED, Keys, Numbers, bits_for, in_order, is_in, mixed

EDGES: Final = 2
"""Of a triangle at the rim of a larger polygon that are edges of the polygon as well."""


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
    ends = own.corners[lost]
    is_edge = following[ends] == np.roll(ends, -1, axis=1)
    at_rim = is_edge.sum(axis=1) == EDGES
    triangles = lost[at_rim]
    start = (is_edge[at_rim].argmin(axis=1) + 1) % SIDES
    corners = (start[:, None] + np.arange(SIDES)) % SIDES
    places = np.take_along_axis(numbers.own[own.vertices[triangles]], corners, axis=1)
    found = _found(places, numbers.answer, answer)
    there = np.flatnonzero((found >= 0).all(axis=1))
    found = found[there]
    ends = np.stack([found, _next(found)], axis=2)
    first, second = answer.corners.ravel()[ends].transpose(1, 0, 2)
    return Ears(triangles[there], corners[there], first, second, found // SIDES)


def _next(corners: Integers) -> Integers:
    """The next corner of the same triangle, where these are numbered one after the other."""
    return corners + np.where(corners % SIDES == SIDES - 1, 1 - SIDES, 1)


def _found(places: Integers, numbers: Integers, answer: Triangles) -> Integers:
    """(n, 2) where the answer's triangles have the two edges along (n, 3) places; -1: nowhere."""
    known = np.unique(places)
    is_there = is_in(numbers, known)
    starts = answer.vertices.ravel()
    ends = np.roll(answer.vertices, -1, axis=1).ravel()
    offered = np.flatnonzero(is_there[starts] & is_there[ends])
    found = np.full((len(places), EDGES), -1, dtype=np.int64)
    if not len(offered):
        return found
    keys = _keys(numbers[starts[offered]], numbers[ends[offered]])
    wanted = _keys(places[:, :-1], places[:, 1:]).ravel()
    bits = bits_for(keys, wanted)
    (keys, order), (wanted, which) = in_order(keys, bits), in_order(wanted, bits)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    alike = keys[place] == wanted
    found.ravel()[which[alike]] = offered[order[place[alike]]]
    return found


def _keys(starts: Integers, ends: Integers) -> Keys:
    """A number for each edge, which is another one the other way round."""
    return mixed(mixed(starts) + (mixed(ends) << np.uint64(1)))


def shown(
    found: Ears, uvs: Floats, answer: Triangles, tolerance: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """(n, 3, 2) UVs of the triangles' corners, and (n,) whether no seam runs through them.

    ``uvs`` are those of the answer's corners.
    """
    made = np.empty((len(found.triangles), SIDES, 2), dtype=np.float32)
    begin, middle = np.moveaxis(uvs[found.first], 1, 0)
    again, end = np.moveaxis(uvs[found.second], 1, 0)
    for corner, values in zip(found.corners.T, (begin, middle, end), strict=True):
        made[np.arange(len(made)), corner] = values
    slots = answer.materials[found.beside]
    is_whole = np.abs(middle - again).max(axis=1, initial=0.0) <= tolerance
    return made, is_whole & (slots[:, 0] == slots[:, 1])
