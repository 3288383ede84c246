"""Which triangle of an answer is which of the mesh that was sent.

Services mostly return the very triangles they were sent: in another order, with vertices split or
merged, and in formats that round. Those are found by the places of their corners. For what is left
there is only the nearest triangle.
"""

import functools
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...model.arrays import (
    SIDES,
    Floats,
    Integers,
    Places,
    Triangles,
    any_of_rows,
    box_of,
    stretches,
)
from .nearest_triangles import Search

Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]

FINE: Final = (20, 0.37)
COARSER: Final = tuple((bits, shift) for bits in (16, 13) for shift in (0.37, 0.87, 0.12, 0.62))
"""Cells along the longest side, as powers of two, and by how much of a cell they are shifted.

Places in one cell count as one. The shifts part different places, and none of those at whole parts
of the model's size, where many are. Two places closer than a quarter of a cell are parted by one
of the four along each axis at most, so one cell at least has both.
"""
NEARBY: Final = (6, 0.37)
"""The same for what lies somewhere near."""
TRIED: Final = 1000
"""Triangles, or places, that tell whether it is worth while to look at all."""
RARE: Final = 50
"""Where less than one in so many is found, the nearest triangles do as well."""
FEW: Final = 8
"""Less than one in so many: it is faster to leave out first what cannot be one of them."""
MOST_EXTRAPOLATED: Final = 4.0
"""A needle of a triangle says nothing about places further beyond its edges, in its lengths."""


def find(own: Triangles, answer: Triangles) -> "tuple[Integers, Numbers | None]":
    """(t, 3) corner of the answer that each corner of the own triangles is; -1 where none is.

    And numbers of the vertices' places; None if all was found without.
    """
    numbers = None
    found = np.full((len(own), SIDES), -1, dtype=np.int64)
    free = np.ones(len(answer), dtype=np.bool_)
    # Files keep the triangles of each material together, and their order otherwise. That decides
    # between triangles which nothing else tells apart.
    order = np.argsort(own.materials, kind="stable")
    if len(own) == len(answer):
        some = slice(None, None, 1 + len(own) // TRIED)
        if (own.at(order[some]) == answer.at(some)).all(axis=(1, 2)).any():
            same = np.concatenate(
                [
                    ~any_of_rows(own.at(order[part]) != answer.at(part))
                    for part in stretches(len(own))
                ]
            )
            found[order[same]] = answer.corners[same]
            free[same] = False
    for numbers, keeps_side in _attempts(own, answer, found, free):
        wanted = order[found[order, 0] < 0]
        offered = np.flatnonzero(free) if keeps_side else np.arange(len(answer))
        some = wanted[:: 1 + len(wanted) // TRIED]
        if len(some) < len(wanted):
            tried, _, _ = _matched(own, answer, numbers, some, offered, keeps_side=keeps_side)
            if len(tried) * RARE < len(some):
                continue
        one, other, corners = _matched(own, answer, numbers, wanted, offered, keeps_side=keeps_side)
        found[one] = answer.corners[other[:, None], corners]
        free[other] = False
    return found, numbers


def _matched(
    own: Triangles,
    answer: Triangles,
    numbers: "Numbers",
    wanted: Integers,
    offered: Integers,
    *,
    keeps_side: bool,
) -> tuple[Integers, Integers, Integers]:
    """As ``_pairs``, of the own triangles that are ``wanted`` and those that are ``offered``."""
    ones = _Known(wanted, numbers.own[own.vertices[wanted]], keeps_side=keeps_side)
    if not keeps_side or len(wanted) * FEW < len(offered):  # of all there are few are looked for
        offered = offered[_are_among(numbers, ones, answer.vertices[offered])]
    others = _Known(offered, numbers.answer[answer.vertices[offered]], keeps_side=keeps_side)
    return _pairs(ones, others, again=not keeps_side)


class Numbers(NamedTuple):
    """Of places: one for all that count as one."""

    own: Integers
    """(v,)"""
    answer: Integers
    """(w,)"""


def _attempts(
    own: Triangles, answer: Triangles, found: Integers, free: Flags
) -> Iterator[tuple[Numbers, bool]]:
    """What to number places by, and whether triangles have to show the same side.

    ``found`` and ``free`` say what is left to do.
    """
    if (found[:, 0] >= 0).all():
        return
    frame = frame_of(own)
    numbers = Numbers(*(cells(one.places, *frame, FINE) for one in (own, answer)))
    some = np.unique(numbers.own[:: 1 + len(numbers.own) // TRIED])
    if 2 * len(np.intersect1d(some, numbers.answer[is_in(numbers.answer, some)])) > len(some):
        yield numbers, True
    lost = found[:, 0] < 0
    if not lost.any():
        return
    if _join(numbers, (own, _used(own, lost)), (answer, _used(answer, free))):
        yield numbers, True
    yield numbers, False


def _used(one: Triangles, which: Flags) -> Integers:
    """The vertices of those triangles."""
    used = np.zeros(len(one.places), dtype=np.bool_)
    used[one.vertices[which]] = True
    return np.flatnonzero(used)


def frame_of(own: Triangles) -> tuple[Places, float]:
    """Where cells start, which has to be the same for both, and what they are parts of."""
    low, high = box_of(own.places)
    return low.astype(np.float64), float((high - low).max()) or 1.0


def _join(
    numbers: Numbers, ones: tuple[Triangles, Integers], others: tuple[Triangles, Integers]
) -> bool:
    """Give places of the answer the number of the own place that lies nearly there.

    Of these vertices of the own mesh and the answer; False if there is none.
    """
    (mesh, own), (offered, answer) = ones, others
    frame = frame_of(mesh)
    answer = np.delete(answer, Table(numbers.own[own]).look_up(numbers.answer[answer])[0])
    if _are_apart(mesh.places[own], offered.places[answer], *frame):
        return False
    changed = False
    for grid in COARSER:
        if not len(answer):
            break
        table = Table(cells(mesh.places[own], *frame, grid))
        there, first, last = table.look_up(cells(offered.places[answer], *frame, grid))
        # Of several in one cell, one of these two is taken: the nearer one.
        unsure = np.flatnonzero(first != last)
        here = offered.places[answer[there[unsure]]]
        ways = [((mesh.places[own[one[unsure]]] - here) ** 2).sum(axis=1) for one in (first, last)]
        first[unsure] = np.where(ways[0] <= ways[1], first[unsure], last[unsure])
        numbers.answer[answer[there]] = numbers.own[own[first]]
        changed = changed or bool(len(there))
        answer = np.delete(answer, there)
    return changed


def _are_apart(places: Floats, others: Floats, low: Places, size: float) -> bool:
    """Whether next to none of many others lies where one of the places does."""
    some = others[:: 1 + len(others) // TRIED]
    if len(some) == len(others):
        return False
    wanted = cells(some, low, size, COARSER[-1])
    known = np.unique(wanted)
    there = cells(places, low, size, COARSER[-1])
    known = np.unique(there[is_in(there, known)])
    return int(np.count_nonzero(is_in(wanted, known))) * RARE < len(some)


class Table:
    """Where numbers are in a list: many times as fast as a search in a sorted one."""

    def __init__(self, numbers: Integers | Keys) -> None:
        self._numbers = numbers
        self._shift = np.uint64(64 - min(23, (8 * len(numbers)).bit_length()))
        self._first, self._last = np.zeros((2, 2 ** int(64 - self._shift)), dtype=np.int32)
        slots, places = self._slots(numbers), np.arange(len(numbers), dtype=np.int32)
        self._first[slots[::-1]] = places[::-1]
        self._last[slots] = places

    def _slots(self, numbers: Integers | Keys) -> Keys:
        return mixed(numbers) >> self._shift

    def find(self, wanted: Integers | Keys) -> Integers:
        """(n,) a place of each; -1: it is nowhere."""
        found = np.full(len(wanted), -1, dtype=np.int64)
        if not len(self._numbers):
            return found
        for part in stretches(len(wanted)):
            slots = self._slots(wanted[part])
            for ends in (self._last, self._first):
                places = ends[slots]
                same = self._numbers[places] == wanted[part]
                found[part][same] = places[same]
        missing = np.flatnonzero(found < 0)
        if len(missing):
            found[missing] = self._find_hidden(wanted[missing])
        return found

    def _find_hidden(self, wanted: Integers | Keys) -> Integers:
        """The same among those numbers that share a slot with two others."""
        hidden = self._hidden
        found = np.full(len(wanted), -1, dtype=np.int64)
        if len(hidden):
            known = self._numbers[hidden]
            place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
            same = known[place] == wanted
            found[same] = hidden[place[same]]
        return found

    @functools.cached_property
    def _hidden(self) -> Integers:
        """Where those are, by their size."""
        parts = [np.zeros(0, dtype=np.int64)]
        for part in stretches(len(self._numbers)):
            slots = self._slots(self._numbers[part])
            places = np.arange(part.start, part.start + len(slots))
            is_shown = (self._first[slots] == places) | (self._last[slots] == places)
            parts.append(places[~is_shown])
        hidden = np.concatenate(parts)
        return hidden[np.argsort(self._numbers[hidden], kind="stable")]

    def look_up(self, wanted: Integers) -> tuple[Integers, Integers, Integers]:
        """Which are there, and for each of these two places, perhaps the same.

        A number that shares its slot with two others may not be found.
        """
        if not len(self._numbers):
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        slots = self._slots(wanted)
        first, last = self._first[slots], self._last[slots]
        is_first, is_last = (self._numbers[place] == wanted for place in (first, last))
        there = np.flatnonzero(is_first | is_last)
        ends = np.where(is_first, first, last)[there], np.where(is_last, last, first)[there]
        return there, ends[0], ends[1]


def is_in(values: Integers, known: Integers) -> Flags:
    """(n,) whether each is one of ``known``, which are sorted."""
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    same: Flags = known[place] == values
    return same


def _are_among(numbers: Numbers, ones: "_Known", vertices: Integers) -> Flags:
    """(t,) whether all corners of the answer's triangles are at places of ``ones``."""
    is_there = is_in(numbers.answer, np.unique(ones.cells))
    a, b, c = vertices.T
    among: Flags = is_there[a] & is_there[b] & is_there[c]
    return among


def cells(places: Floats, low: Places, size: float, grid: tuple[int, float]) -> Integers:
    """(n,) number of the cell that each place is in."""
    bits, shift = grid
    number = np.zeros(len(places), dtype=np.int64)
    for axis in range(3):
        cell = places[:, axis].astype(np.float64)
        cell -= low[axis]
        cell *= 2.0**bits / size
        cell += shift
        np.clip(np.floor(cell, out=cell), -1, 2**bits + 1, out=cell)
        number *= 2**bits + 3
        number += cell.astype(np.int64) + 1
    return number


class _Known:
    """Triangles by the places of their corners."""

    def __init__(self, numbers: Integers, cells: Integers, *, keeps_side: bool) -> None:
        a, b, c = np.ascontiguousarray(cells.T)
        real = (a != b) & (b != c) & (c != a)
        if not real.all():
            numbers, cells, a, b, c = numbers[real], cells[real], a[real], b[real], c[real]
        self.numbers = numbers
        """(n,) which triangles these are."""
        self.cells = cells
        """(n, 3)"""
        parts = [mixed(one) for one in (a, b, c)]
        if keeps_side:  # the same from whichever corner on, another one the other way round
            parts = [mixed(parts[n] + (parts[n - 2] << np.uint64(1))) for n in range(SIDES)]
        self.keys = parts[0] + parts[1] + parts[2]


def mixed(numbers: Integers | Keys) -> Keys:
    """Numbers that no longer have anything to do with each other."""
    mixed = np.empty(numbers.shape, dtype=np.uint64)
    for part in stretches(len(numbers)):
        some = numbers[part].astype(np.uint64)
        some *= np.uint64(0x9E3779B97F4A7C15)
        some ^= some >> np.uint64(32)
        some *= np.uint64(0xC2B2AE3D27D4EB4F)
        some ^= some >> np.uint64(29)
        mixed[part] = some
    return mixed


def edge_keys(places: Keys, starts: Integers, ends: Integers) -> Keys:
    """A number for each edge, which is another one the other way round.

    ``places``: a number for the place of each vertex.
    """
    made = np.empty(len(starts), dtype=np.uint64)
    for part in stretches(len(starts)):
        made[part] = mixed(places[starts[part]] + (places[ends[part]] << np.uint64(1)))
    return made


def _pairs(ones: _Known, others: _Known, *, again: bool) -> tuple[Integers, Integers, Integers]:
    """Those with the same corners: the first with the first, and so on.

    Gives the triangles, those of the others, and (n, 3) which of its three corners each one's is.
    ``again``: one of the others can be found any number of times.
    """
    if not len(ones.keys) or not len(others.keys):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none.reshape(-1, SIDES)
    bits = bits_for(ones.keys, others.keys)
    (keys, order), (others_keys, others_order) = (
        in_order(one.keys, bits) for one in (ones, others)
    )
    place = np.searchsorted(others_keys, keys)
    if not again:
        first = np.ones(len(keys), dtype=np.bool_)
        first[1:] = keys[1:] != keys[:-1]
        steps = np.arange(len(keys))
        place += steps - np.maximum.accumulate(np.where(first, steps, 0))
    place = np.minimum(place, len(others_keys) - 1)
    alike = keys == others_keys[place]
    one, other = order[alike], others_order[place[alike]]
    wanted, offered = ones.cells[one], others.cells[other]
    corners = np.empty((len(one), SIDES), dtype=np.int64)
    same = np.ones(len(one), dtype=np.bool_)
    for corner in range(SIDES):
        equal = offered == wanted[:, corner, None]
        corners[:, corner] = equal.argmax(axis=1)
        same &= equal.any(axis=1)
    return ones.numbers[one][same], others.numbers[other][same], corners[same]


def bits_for(*lists: Keys) -> np.uint64:
    """How many are needed to number each of the lists."""
    return np.uint64(max(map(len, lists)).bit_length())


def in_order(keys: Keys, bits: np.uint64) -> tuple[Keys, Integers]:
    """Keys in order, those that are equal as they were, and where each was.

    The last ``bits`` of each make room for that: numbers alone are sorted many times as fast.
    """
    together = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    together.sort()
    return together >> bits, (together & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)


def around(own: Triangles, which: Integers, answer: Triangles) -> Integers:
    """The triangles of the answer with a corner somewhere near those own ones."""
    low, size = frame_of(own)
    span = 2 ** NEARBY[0] + 3
    steps = np.array([(x * span + y) * span + z for x, y, z in np.ndindex(3, 3, 3)])
    steps -= steps[len(steps) // 2]
    filled = np.unique(cells(own.at(which).reshape(-1, 3), low, size, NEARBY))
    marked = np.zeros(span**3, dtype=np.bool_)
    marked[np.clip(filled[:, None] + steps, 0, span**3 - 1)] = True
    is_near = marked[cells(answer.places, low, size, NEARBY)]
    return np.flatnonzero(is_near[answer.vertices].any(axis=1))


def middles(own: Triangles, which: Integers) -> Floats:
    """(n, 3) of those triangles."""
    a, b, c = own.vertices[which].T
    middles: Floats = (own.places[a] + own.places[b] + own.places[c]) / np.float32(SIDES)
    return middles


def nearest(
    own: Triangles, answer: Triangles, among: Search, which: Integers
) -> tuple[Integers, Places]:
    """(n,) triangle of the answer nearest to the middle of each own one, and how far away it is."""
    places = middles(own, which)
    numbers = among.nearest(places)
    gaps = [_gaps(places[part], answer.at(numbers[part])) for part in stretches(len(which))]
    return numbers, np.concatenate([np.zeros(0), *gaps])


def _gaps(places: Floats, corners: Floats) -> Places:
    """(n,) distance between (n, 3) places and the (n, 3, 3) triangles."""
    weights = weights_of(places[:, None], corners)[:, 0].T
    below = (weights[:, None] * corners.transpose(1, 2, 0)).sum(axis=0)
    gaps: Places = np.sqrt(((places.T - below) ** 2).sum(axis=0))
    beside = np.flatnonzero(weights.min(axis=0) <= 0.0)
    if len(beside):
        gaps[beside] = np.min(
            [
                _gaps_to_lines(places[beside], corners[beside, n - 1], corners[beside, n])
                for n in range(SIDES)
            ],
            axis=0,
        )
    return gaps


def _gaps_to_lines(places: Floats, begin: Floats, end: Floats) -> Places:
    """(n,) distance between (n, 3) places and the lines from one to the other."""
    way, line = (one.astype(np.float64) for one in (places - begin, end - begin))
    lengths = np.einsum("ij,ij->i", line, line)
    along = np.einsum("ij,ij->i", way, line) / np.where(lengths > 0.0, lengths, 1.0)
    gaps: Places = np.linalg.norm(way - np.clip(along, 0.0, 1.0)[:, None] * line, axis=1)
    return gaps


def continued(places: Floats, corners: Floats, values: Floats) -> Floats:
    """(n, m, k) values at (n, m, 3) places of the plane in which triangles with values lie.

    ``corners`` (n, 3, 3), ``values`` (n, 3, k) of the triangles. Beyond its edges a triangle goes
    on as it is inside.
    """
    weights = weights_of(places, corners).transpose(2, 1, 0)
    of_corners = np.ascontiguousarray(values.transpose(1, 2, 0))
    made = np.empty((len(places), places.shape[1], values.shape[2]), dtype=np.float32)
    for place in range(made.shape[1]):
        for value in range(made.shape[2]):
            parts = (weights[n, place] * of_corners[n, value] for n in range(SIDES))
            made[:, place, value] = sum(parts)
    return made


def weights_of(places: Floats | Places, corners: Floats | Places) -> Places:
    """(n, m, 3) share of each corner in (n, m, 3) places of the planes of (n, 3, 3) triangles."""
    # Triangles go along the last axis: numpy is many times faster along long ones.
    a, b, c = np.ascontiguousarray(corners.transpose(1, 2, 0), dtype=np.float64)
    way = np.ascontiguousarray(places.transpose(1, 2, 0), dtype=np.float64) - a
    ab, ac = b - a, c - a
    bb, bc, cc = ((x * y).sum(axis=0) for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    wb, wc = ((way * side).sum(axis=1) for side in (ab, ac))
    area = bb * cc - bc * bc
    area[area <= 1e-12 * bb * cc] = np.inf
    weights = np.empty((SIDES, *wb.shape))
    weights[1], weights[2] = (cc * wb - bc * wc) / area, (bb * wc - bc * wb) / area
    weights[0] = 1.0 - weights[1] - weights[2]
    np.clip(weights, -MOST_EXTRAPOLATED, 1.0 + MOST_EXTRAPOLATED, out=weights)
    weights /= weights.sum(axis=0)
    shares: Places = weights.transpose(2, 1, 0)
    return shares
