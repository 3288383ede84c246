"""Put new textures on the geometry they were ordered for.

Services return triangles, often with a new UV map. The artist's polygons are the same surface, so
each takes the UVs of the triangles it was sent as. Nothing of the mesh itself changes, but that a
polygon is cut where a seam of the new UV map runs through it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy

from ...core.access import present
from ...model import face_cuts
from ...model.names import UV_NAME
from .. import export

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ...model.arrays import Corners, Floats, Integers, Triangles
    from .matched_triangles import Numbers

SAME: Final = 1e-4
"""Share of the size within which two places are one."""
SAME_UV: Final = 1e-5
NEARLY_SAME_UV: Final = 1e-3
"""The same for UVs that were not found but carried on."""
ENOUGH: Final = 0.98
"""Share of the surface that has to find its UVs."""
TRIED: Final = 500
"""Triangles to look at before all are, where the answer may well be another surface."""
ALIKE: Final = 0.01
"""Share of the size by which the boxes of two may differ that are the same surface."""
FEW: Final = 8
"""Of triangles less than one in so many: only what is around them has to be looked at."""


def geometry_of(original: export.Original) -> bpy.types.Mesh | None:
    """The one mesh that was sent, as polygons, in the file's coordinates; None if it was several.

    Raises ExportFailed.
    """
    pieces = export.pieces(original)
    if len(pieces) != 1:
        for mesh, _, _ in pieces:
            bpy.data.meshes.remove(mesh)
        return None
    ((mesh, _, world),) = pieces
    export.bake(mesh, world)
    return mesh


def transfer(own: bpy.types.Mesh, answer: bpy.types.Mesh) -> bool:
    """Give ``own`` the answer's UVs and materials; False if the two are not the same surface.

    The cuts that this takes are noted as ``face_cuts.CUTS``.
    """
    import numpy as np  # late, as what loads it: Blender takes a while

    from ...model.arrays import corners_of, got, set_slots, triangles_of

    layer = answer.uv_layers.active
    if layer is None or not len(own.polygons) or not len(answer.polygons):
        return False
    corners = corners_of(own)
    triangles = triangles_of(own, corners)
    uvs = got(layer.uv, "vector", 2, kind=np.float32)
    worn = _wear(triangles, corners, answer, uvs)
    if worn is None:
        return False
    fitted = _fit(corners, triangles, worn)
    for old in list(own.uv_layers):
        own.uv_layers.remove(old)
    if own.get(face_cuts.CUTS) is not None:  # the mesh came from an earlier answer
        del own[face_cuts.CUTS]
    if fitted.cuts and face_cuts.cut(own, fitted.cuts):
        own[face_cuts.CUTS] = [number for one in fitted.cuts for number in one]
        fitted = _fit_pieces(own, corners, triangles, worn, fitted)
    elif fitted.cuts:
        fitted = _fit_whole(corners, triangles, worn, fitted)
    new = present(own.uv_layers.new(name=UV_NAME, do_init=False), "room for a UV map")
    new.uv.foreach_set("vector", fitted.uvs.ravel())
    own.materials.clear()
    for material in answer.materials:
        own.materials.append(material)
    set_slots(own, fitted.slots)
    own.update()
    return True


class _Worn(NamedTuple):
    """What each triangle of the own mesh shows."""

    uvs: "Floats"
    """(t, 3, 2)"""
    slots: "Integers"
    """(t,) material."""
    exact: "npt.NDArray[np.bool_]"
    """(t,) whether it was found in the answer."""


def _wear(
    own: "Triangles", corners: "Corners", answer: bpy.types.Mesh, uvs: "Floats"
) -> _Worn | None:
    """Find the own triangles in the answer, or what lies nearest; None: it is another surface.

    ``uvs`` are those of the answer's corners.
    """
    import numpy as np

    from ...model.arrays import corners_of, triangles_of
    from . import diagonals, matched_triangles

    offered = triangles_of(answer, corners_of(answer))
    if not all(np.isfinite(one.places).all() for one in (own, offered)):  # a damaged file's
        return None
    found, numbers = matched_triangles.find(own, offered)
    exact = found[:, 0] >= 0
    number = np.zeros(int(offered.corners.max()) + 1, dtype=np.int64)
    number[offered.corners] = np.arange(len(offered))[:, None]
    twin = number[found[:, 0]]
    shown = uvs[found]
    lost = ~exact
    if numbers is not None and lost.any():
        ears = diagonals.ears(own, corners.following, offered, numbers, np.flatnonzero(lost))
        shown[ears.triangles], whole = diagonals.shown(ears, uvs, offered, _same(uvs, SAME_UV))
        twin[ears.triangles] = ears.beside[:, 0]
        exact[ears.triangles[whole]] = True
        lost[ears.triangles] = False
        _continue(shown, twin, ears.triangles[~whole], (own, offered, uvs))
    rest = np.flatnonzero(lost)
    if len(rest):
        nearest = _nearest(own, offered, answer, numbers, rest)
        if nearest is None:
            return None
        twin[rest] = nearest
        _continue(shown, twin, rest, (own, offered, uvs))
    return _Worn(shown, offered.materials[twin], exact)


def _continue(
    shown: "Floats",
    twin: "Integers",
    which: "Integers",
    of: "tuple[Triangles, Triangles, Floats]",
) -> None:
    """Show on the own triangles ``which`` what the answer's triangles ``twin`` go on to there."""
    from ...model.arrays import stretches
    from . import matched_triangles

    own, answer, uvs = of
    for part in stretches(len(which)):
        mine, theirs = which[part], twin[which[part]]
        values = uvs[answer.corners[theirs]]
        shown[mine] = matched_triangles.continued(own.at(mine), answer.at(theirs), values)


def _nearest(
    own: "Triangles",
    answer: "Triangles",
    mesh: bpy.types.Mesh,
    numbers: "Numbers | None",
    rest: "Integers",
) -> "Integers | None":
    """What of the mesh, the answer, lies nearest to those own triangles.

    None if that is too far away for too many.
    """
    import numpy as np

    from . import matched_triangles, walking
    from .nearest_triangles import search

    areas = own.areas()
    near = matched_triangles.frame_of(own)[1] * SAME
    most = (1.0 - ENOUGH) * areas.sum() / (areas[rest].sum() or 1.0)
    found, gaps = np.zeros(len(rest), dtype=np.int64), np.full(len(rest), np.inf)
    if len(rest) * FEW >= len(own) and numbers is not None:
        places = matched_triangles.middles(own, rest)
        found = walking.under(places, answer, mesh, numbers.answer, near)
        gaps[found >= 0] = 0.0
    left = np.flatnonzero(gaps > near)
    if len(left) * FEW < len(own):
        around = matched_triangles.around(own, rest[left], answer)
        if len(around):
            with search(answer, mesh, around) as among:
                found[left], gaps[left] = matched_triangles.nearest(own, answer, among, rest[left])
    far = np.flatnonzero(gaps > near)
    if len(far):
        with search(answer, mesh) as among:
            if not _lie_alike(own, answer):
                some = far[:: 1 + len(far) // TRIED]
                _, apart = matched_triangles.nearest(own, answer, among, rest[some])
                tried = areas[rest[some]]
                share = areas[rest[far]].sum() / (areas[rest].sum() or 1.0)
                if share * tried[apart > near].sum() > 2.0 * most * tried.sum():
                    return None
            found[far], gaps[far] = matched_triangles.nearest(own, answer, among, rest[far])
    if areas[rest][gaps > near].sum() > most * areas[rest].sum():
        return None
    return found


def _lie_alike(own: "Triangles", answer: "Triangles") -> bool:
    """Whether the two fill the same box. To look for what is nearest far away takes long."""
    import numpy as np

    from ...model.arrays import box_of

    boxes = [np.stack(box_of(one.places)) for one in (own, answer)]
    return bool(np.abs(boxes[0] - boxes[1]).max() <= ALIKE * np.ptp(boxes[0], axis=0).max())


class _Fitted(NamedTuple):
    """What the polygons show."""

    uvs: "Floats"
    """(l, 2)"""
    slots: "Integers"
    """(p,) material."""
    cuts: Sequence[face_cuts.Cut]
    """Where they do not show what their triangles do, until they are cut."""


def _fit(corners: "Corners", own: "Triangles", worn: _Worn) -> _Fitted:
    import numpy as np

    from ...model.arrays import any_of_rows, stretches

    uvs = np.zeros((len(corners.vertices), 2), dtype=np.float32)
    slots = np.zeros(len(corners.starts), dtype=np.int64)
    for exact in (~worn.exact, worn.exact):  # what was found goes over what was carried on
        which = slice(None) if exact.all() else np.flatnonzero(exact)
        uvs[own.corners[which]] = worn.uvs[which]
        slots[own.polygons[which]] = worn.slots[which]
    off, tolerance = slots[own.polygons] != worn.slots, _tolerance(worn)
    for part in stretches(len(own)):
        gaps = np.abs(uvs[own.corners[part]] - worn.uvs[part])
        off[part] |= any_of_rows(gaps > tolerance[part, None, None])
    return _Fitted(uvs, slots, _seams(corners, own, worn, own.polygons[off]))


def _tolerance(worn: _Worn) -> "Floats":
    """(t,) by how much UVs of one corner may differ."""
    import numpy as np

    tolerances = (_same(worn.uvs, share) for share in (SAME_UV, NEARLY_SAME_UV))
    return np.where(worn.exact, *tolerances).astype(np.float32)


def _same(uvs: "Floats", share: float) -> float:
    """By how much UVs may differ that are the same; those of pictures that repeat are large."""
    import numpy as np

    return share * max(1.0, float(np.abs(uvs).max(initial=0.0)))


def _seams(
    corners: "Corners", own: "Triangles", worn: _Worn, polygons: "Integers"
) -> Sequence[face_cuts.Cut]:
    """The lines within the polygons on whose two sides the triangles show different things."""
    import numpy as np

    torn = np.zeros(len(corners.starts), dtype=np.bool_)
    torn[polygons] = True
    numbers = np.flatnonzero(torn[own.polygons])
    if not len(numbers):
        return []
    starts, ends = own.corners[numbers], np.roll(own.corners[numbers], -1, axis=1)
    keys = (np.minimum(starts, ends) * len(corners.vertices) + np.maximum(starts, ends)).ravel()
    order = np.argsort(keys, kind="stable")
    twice = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    one, other = order[twice], order[twice + 1]
    uvs = worn.uvs[numbers]
    begin, end = uvs.reshape(-1, 2), np.roll(uvs, -1, axis=1).reshape(-1, 2)
    # The two triangles go along their common line in opposite directions.
    gap = np.abs(np.concatenate([begin[one] - end[other], end[one] - begin[other]], axis=1))
    here, there = numbers[one // 3], numbers[other // 3]
    tolerance = _tolerance(worn)
    apart = gap.max(axis=1) > np.maximum(tolerance[here], tolerance[there])
    apart |= worn.slots[here] != worn.slots[there]
    lines = np.stack(
        [
            own.polygons[here],
            corners.vertices[starts.ravel()[one]],
            corners.vertices[ends.ravel()[one]],
        ],
        axis=1,
    )[apart]
    cuts: list[face_cuts.Cut] = lines[np.argsort(lines[:, 0], kind="stable")].tolist()
    return cuts


def _fit_pieces(
    mesh: bpy.types.Mesh, before: "Corners", own: "Triangles", worn: _Worn, fitted: _Fitted
) -> _Fitted:
    """The same for the mesh that has been cut.

    A triangle that shows something else than the whole polygon is found by its edges: going round
    a piece, each edge belongs to one of the triangles in it.
    """
    import numpy as np

    from ...model.arrays import corners_of

    now = corners_of(mesh)
    polygons = face_cuts.polygons_before(len(before.starts), fitted.cuts)
    torn = np.zeros(len(before.starts), dtype=np.bool_)
    torn[[polygon for polygon, _, _ in fitted.cuts]] = True
    in_pieces = torn[polygons][now.polygons]
    uvs = np.zeros((len(now.vertices), 2), dtype=np.float32)
    uvs[~in_pieces] = fitted.uvs[~torn[before.polygons]]
    slots = fitted.slots[polygons]

    numbers = np.flatnonzero(torn[own.polygons])
    vertices = own.vertices[numbers]
    known = face_cuts.keys(
        own.polygons[numbers][:, None], vertices, np.roll(vertices, -1, axis=1)
    ).ravel()
    order = np.argsort(known)
    which = np.flatnonzero(in_pieces)
    wanted = face_cuts.edge_keys(now, polygons, which)
    place = order[np.searchsorted(known[order], wanted)]
    uvs[which] = worn.uvs[numbers].reshape(-1, 2)[place]
    slots[now.polygons[which]] = worn.slots[numbers[place // 3]]
    return fitted._replace(uvs=uvs, slots=slots)


def _fit_whole(corners: "Corners", own: "Triangles", worn: _Worn, fitted: _Fitted) -> _Fitted:
    """The same if the mesh cannot be cut: the largest triangle goes on over the whole polygon."""
    import numpy as np

    from . import matched_triangles

    torn = np.zeros(len(corners.starts), dtype=np.bool_)
    torn[[polygon for polygon, _, _ in fitted.cuts]] = True
    numbers = np.flatnonzero(torn[own.polygons])
    numbers = numbers[np.argsort(own.areas()[numbers], kind="stable")]
    largest = np.zeros(len(corners.starts), dtype=np.int64)
    largest[own.polygons[numbers]] = numbers  # of several the last
    which = np.flatnonzero(torn[corners.polygons])
    base = largest[corners.polygons[which]]
    places = own.places[corners.vertices[which]][:, None]
    uvs, slots = fitted.uvs.copy(), fitted.slots.copy()
    uvs[which] = matched_triangles.continued(places, own.at(base), worn.uvs[base])[:, 0]
    slots[torn] = worn.slots[largest[torn]]
    return fitted._replace(uvs=uvs, slots=slots)
