"""Which triangle of an answer is which of the mesh that was sent.

Services mostly return the very triangles they were sent: in another order, with vertices split or
merged, and in formats that round. Those are found by the places of their corners. For what is left
there is only the nearest triangle.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, cast

import bpy
import numpy as np
import numpy.typing as npt
from mathutils.bvhtree import BVHTree

from ..model.arrays import (
    SIDES,
    Floats,
    Integers,
    Places,
    Triangles,
)

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
"""Triangles that tell whether the answer has kept the order."""
MOST_EXTRAPOLATED: Final = 4.0
"""A needle of a triangle says nothing about places further beyond its edges, in its lengths."""


def find(own: Triangles, answer: Triangles) -> Integers:
    """(t, 3) corner of the answer that each corner of the own triangles is; -1 where none is."""
    found = np.full((len(own), SIDES), -1, dtype=np.int64)
    free = np.ones(len(answer), dtype=np.bool_)
    # Files keep the triangles of each material together, and their order otherwise. That decides
    # between triangles which nothing else tells apart.
    order = np.argsort(own.materials, kind="stable")
    if len(own) == len(answer):
        some = slice(None, None, 1 + len(own) // TRIED)
        if (own.at(order[some]) == answer.at(some)).all(axis=(1, 2)).any():
            same = (own.at(order) == answer.at()).all(axis=(1, 2))
            found[order[same]] = answer.corners[same]
            free[same] = False
    for numbers, keeps_side in _attempts(own, answer, found, free):
        wanted = order[found[order, 0] < 0]
        offered = np.flatnonzero(free) if keeps_side else np.arange(len(answer))
        ones = _Known(wanted, numbers.own[own.vertices[wanted]], keeps_side=keeps_side)
        if not keeps_side:  # of all there are few are looked for
            offered = offered[_are_among(numbers, ones, answer.vertices)]
        others = _Known(offered, numbers.answer[answer.vertices[offered]], keeps_side=keeps_side)
        one, other, corners = _pairs(ones, others, again=not keeps_side)
        found[one] = answer.corners[other[:, None], corners]
        free[other] = False
    return found


class _Numbers(NamedTuple):
    """Of places: one for all that count as one."""

    own: Integers
    """(v,)"""
    answer: Integers
    """(w,)"""


def _attempts(
    own: Triangles, answer: Triangles, found: Integers, free: Flags
) -> Iterator[tuple[_Numbers, bool]]:
    """What to number places by, and whether triangles have to show the same side.

    ``found`` and ``free`` say what is left to do.
    """
    if (found[:, 0] >= 0).all():
        return
    frame = _frame(own)
    numbers = _Numbers(*(_cells(one.places, *frame, FINE) for one in (own, answer)))
    some = np.unique(numbers.own[:: 1 + len(numbers.own) // TRIED])
    if 2 * len(np.intersect1d(some, numbers.answer[_is_in(numbers.answer, some)])) > len(some):
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


def _frame(own: Triangles) -> tuple[Places, float]:
    """Where cells start, which has to be the same for both, and what they are parts of."""
    size = float(np.ptp(own.places, axis=0).max()) or 1.0
    return own.places.min(axis=0).astype(np.float64), size


def _join(
    numbers: _Numbers, ones: tuple[Triangles, Integers], others: tuple[Triangles, Integers]
) -> bool:
    """Give places of the answer the number of the own place that lies nearly there.

    Of these vertices of the own mesh and the answer; False if there is none.
    """
    (mesh, own), (offered, answer) = ones, others
    frame = _frame(mesh)
    answer = np.delete(answer, _Table(numbers.own[own]).look_up(numbers.answer[answer])[0])
    changed = False
    for grid in COARSER:
        if not len(answer):
            break
        table = _Table(_cells(mesh.places[own], *frame, grid))
        there, first, last = table.look_up(_cells(offered.places[answer], *frame, grid))
        # Of several in one cell, one of these two is taken: the nearer one.
        unsure = np.flatnonzero(first != last)
        here = offered.places[answer[there[unsure]]]
        ways = [((mesh.places[own[one[unsure]]] - here) ** 2).sum(axis=1) for one in (first, last)]
        first[unsure] = np.where(ways[0] <= ways[1], first[unsure], last[unsure])
        numbers.answer[answer[there]] = numbers.own[own[first]]
        changed = changed or bool(len(there))
        answer = np.delete(answer, there)
    return changed


class _Table:
    """Where numbers are in a list: many times as fast as a search in a sorted one.

    A number that shares its slot with two others may not be found.
    """

    def __init__(self, numbers: Integers) -> None:
        self._numbers = numbers
        self._shift = np.uint64(64 - min(23, (8 * len(numbers)).bit_length()))
        self._first, self._last = np.zeros((2, 2 ** int(64 - self._shift)), dtype=np.int32)
        slots, places = self._slots(numbers), np.arange(len(numbers), dtype=np.int32)
        self._first[slots[::-1]] = places[::-1]
        self._last[slots] = places

    def _slots(self, numbers: Integers) -> Keys:
        return cast(Keys, _mixed(numbers) >> self._shift)

    def look_up(self, wanted: Integers) -> tuple[Integers, Integers, Integers]:
        """Which are there, and for each of these two places, perhaps the same."""
        if not len(self._numbers):
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        slots = self._slots(wanted)
        first, last = self._first[slots], self._last[slots]
        is_first, is_last = (self._numbers[place] == wanted for place in (first, last))
        there = np.flatnonzero(is_first | is_last)
        ends = np.where(is_first, first, last)[there], np.where(is_last, last, first)[there]
        return there, ends[0], ends[1]


def _is_in(values: Integers, known: Integers) -> Flags:
    """(n,) whether each is one of ``known``, which are sorted."""
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return cast(Flags, known[place] == values)


def _are_among(numbers: _Numbers, ones: "_Known", vertices: Integers) -> Flags:
    """(t,) whether all corners of the answer's triangles are at places of ``ones``."""
    is_there = _is_in(numbers.answer, np.unique(ones.cells))
    return cast(Flags, is_there[vertices].all(axis=1))


def _cells(places: Floats, low: Places, size: float, grid: tuple[int, float]) -> Integers:
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
        parts = [_mixed(one) for one in (a, b, c)]
        if keeps_side:  # the same from whichever corner on, another one the other way round
            parts = [_mixed(parts[n] + (parts[n - 2] << np.uint64(1))) for n in range(SIDES)]
        self.keys = parts[0] + parts[1] + parts[2]


def _mixed(numbers: Integers | Keys) -> Keys:
    """Numbers that no longer have anything to do with each other."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _pairs(ones: _Known, others: _Known, *, again: bool) -> tuple[Integers, Integers, Integers]:
    """Those with the same corners: the first with the first, and so on.

    Gives the triangles, those of the others, and (n, 3) which of its three corners each one's is.
    ``again``: one of the others can be found any number of times.
    """
    if not len(ones.keys) or not len(others.keys):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none.reshape(-1, SIDES)
    bits = _bits(ones.keys, others.keys)
    (keys, order), (others_keys, others_order) = (_sorted(one.keys, bits) for one in (ones, others))
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


def _bits(*lists: Keys) -> np.uint64:
    """How many are needed to number each of the lists."""
    return np.uint64(max(map(len, lists)).bit_length())


def _sorted(keys: Keys, bits: np.uint64) -> tuple[Keys, Integers]:
    """Keys in order, those that are equal as they were, and where each was.

    The last ``bits`` of each make room for that: numbers alone are sorted many times as fast.
    """
    together = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    together.sort()
    return together >> bits, (together & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)


class Tree:
    """Triangles as ``nearest`` looks through them: all, or those ``which``."""

    def __init__(self, answer: Triangles, which: Integers | None = None) -> None:
        self.numbers = np.arange(len(answer)) if which is None else which
        places, corners = answer.places, answer.vertices[self.numbers].ravel()
        if which is not None:
            used, corners = np.unique(corners, return_inverse=True)
            places = places[used]
        self.bvh = _bvh(places, corners.astype(np.int32).ravel())


def _bvh(places: Floats, corners: npt.NDArray[np.int32]) -> BVHTree:
    """From an object: through Python, it would take several times as long."""
    mesh = bpy.data.meshes.new("nearest")
    mesh.vertices.add(len(places))
    mesh.vertices.foreach_set("co", places.ravel())
    mesh.loops.add(len(corners))
    mesh.loops.foreach_set("vertex_index", corners)
    mesh.polygons.add(len(corners) // SIDES)
    mesh.polygons.foreach_set("loop_start", np.arange(0, len(corners), SIDES, dtype=np.int32))
    mesh.update()
    scene, obj = bpy.data.scenes.new("nearest"), bpy.data.objects.new("nearest", mesh)
    try:
        scene.collection.objects.link(obj)
        layer = scene.view_layers[0]
        layer.update()
        return BVHTree.FromObject(obj, cast(bpy.types.Depsgraph, layer.depsgraph))
    finally:
        bpy.data.batch_remove([scene, obj, mesh])


def around(own: Triangles, which: Integers, answer: Triangles) -> Integers:
    """The triangles of the answer with a corner somewhere near those own ones."""
    low, size = _frame(own)
    span = 2 ** NEARBY[0] + 3
    steps = np.array([(x * span + y) * span + z for x, y, z in np.ndindex(3, 3, 3)])
    steps -= steps[len(steps) // 2]
    cells = np.unique(_cells(own.at(which).reshape(-1, 3), low, size, NEARBY))
    marked = np.zeros(span**3, dtype=np.bool_)
    marked[np.clip(cells[:, None] + steps, 0, span**3 - 1)] = True
    is_near = marked[_cells(answer.places, low, size, NEARBY)]
    return np.flatnonzero(is_near[answer.vertices].any(axis=1))


def nearest(
    own: Triangles, tree: Tree, which: Integers, within: float = np.inf
) -> tuple[Integers, Places]:
    """(n,) triangle of the tree nearest to the middle of each own one, and how far away it is.

    Where nothing is ``within`` that distance, it is infinitely far away.
    """
    numbers = np.zeros(len(which), dtype=np.int64)
    gaps = np.full(len(which), np.inf)
    for row, middle in enumerate(own.at(which).mean(axis=1).tolist()):
        _, _, number, gap = tree.bvh.find_nearest(middle, within)
        if number is not None and gap is not None:
            numbers[row], gaps[row] = tree.numbers[number], gap
    return numbers, gaps


def continued(places: Floats, corners: Floats, values: Floats) -> Floats:
    """(n, 3, k) values at (n, 3, 3) places of the plane in which triangles with values lie.

    ``corners`` (n, 3, 3), ``values`` (n, 3, k) of the triangles. Beyond its edges a triangle goes
    on as it is inside.
    """
    weights = weights_of(places, corners)
    return cast(Floats, np.einsum("ikj,ijl->ikl", weights, values).astype(np.float32))


def weights_of(places: Floats | Places, corners: Floats | Places) -> Places:
    """(n, m, 3) share of each corner in (n, m, 3) places of the planes of (n, 3, 3) triangles."""
    a, b, c = np.moveaxis(corners.astype(np.float64), 1, 0)
    ab, ac, way = b - a, c - a, places - a[:, None]
    bb, bc, cc = (np.einsum("ij,ij->i", x, y)[:, None] for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    wb, wc = (np.einsum("ikj,ij->ik", way, side) for side in (ab, ac))
    area = bb * cc - bc * bc
    safe = np.where(area > 1e-12 * bb * cc, area, np.inf)
    second, third = (cc * wb - bc * wc) / safe, (bb * wc - bc * wb) / safe
    weights = np.clip(
        np.stack([1.0 - second - third, second, third], axis=2),
        -MOST_EXTRAPOLATED,
        1.0 + MOST_EXTRAPOLATED,
    )
    return cast(Places, weights / weights.sum(axis=2, keepdims=True))
