"""Closed primitives with bevelled edges: boxes, balls, lathes, sweeps and extrusions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import manifold3d
import numpy as np

from .surface import (
    Floats,
    Ints,
    Surface,
    from_patches,
    welded,
)

Point2 = tuple[float, float]
Point3 = tuple[float, float, float]

_BOX_FACES: tuple[tuple[Point3, Point3, Point3], ...] = (
    # outward normal, u, v with u x v = normal and v upwards on the sides
    ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    ((-1, 0, 0), (0, 0, 1), (0, 1, 0)),
    ((0, 0, 1), (1, 0, 0), (0, 1, 0)),
    ((0, 0, -1), (-1, 0, 0), (0, 1, 0)),
    ((0, 1, 0), (1, 0, 0), (0, 0, -1)),
    ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
)


def rounded_box(size: Point3, radius: float, segments: int = 1, cuts: int = 1) -> Surface:
    """A box standing on the ground, centred in X and Z.

    ``radius`` rounds every edge and is limited to half the thinnest side; ``cuts`` divides the
    flat middle so that the box can be bent.
    """
    half = np.asarray(size, dtype=np.float64) / 2
    limit = min(radius, float(half.min()))
    patches = []
    for normal, u_axis, v_axis in _BOX_FACES:
        n, u, v = (np.asarray(a, dtype=np.float64) for a in (normal, u_axis, v_axis))
        u_half, v_half = float(np.abs(u) @ half), float(np.abs(v) @ half)
        u_line, u_length = _bevelled_line(u_half, limit, segments, cuts)
        v_line, v_length = _bevelled_line(v_half, limit, segments, cuts)
        cube = n * half + u_line[None, :, None] * u + v_line[:, None, None] * v
        inner = np.clip(cube, -(half - limit), half - limit)
        away = cube - inner
        length = np.linalg.norm(away, axis=2, keepdims=True)
        points = inner + away / np.maximum(length, 1e-12) * limit
        uv = np.stack(np.broadcast_arrays(u_length[None, :], v_length[:, None]), axis=2)
        patches.append((points, uv))
    return from_patches(patches).moved(y=float(half[1]))


def _bevelled_line(half: float, radius: float, segments: int, cuts: int) -> tuple[Floats, Floats]:
    """Coordinates across one box face and the arc length at each of them."""
    angle = np.linspace(0, np.pi / 4, segments + 1)
    flat = half - radius
    middle = np.linspace(-flat, flat, cuts + 1) if flat > 1e-9 else np.zeros(1)
    bevel, arc = flat + radius * np.tan(angle[1:]), flat + radius * angle[1:]
    line = np.concatenate([-bevel[::-1], middle, bevel])
    length = np.concatenate([-arc[::-1], middle, arc])
    return line, length


def ball(radii: Point3, segments: int = 6) -> Surface:
    """An ellipsoid about the origin, built from six square patches (no poles)."""
    sphere = rounded_box((2.0, 2.0, 2.0), 1.0, segments).moved(y=-1.0)
    unit = Surface(
        sphere.positions, sphere.positions, sphere.triangles, sphere.uv, sphere.chart, 60.0
    )
    return unit.scaled(*radii)


def rounded_profile(points: Sequence[Point2], radius: float, steps: int = 2) -> list[Point2]:
    """Replace the inner corners of a polyline by arcs of about ``radius``."""
    line = [np.asarray(p, dtype=np.float64) for p in points]
    result: list[Floats] = [line[0]]
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        back, ahead = before - corner, after - corner
        reach = min(radius, 0.45 * float(np.hypot(*back)), 0.45 * float(np.hypot(*ahead)))
        start = corner + back / max(float(np.hypot(*back)), 1e-12) * reach
        end = corner + ahead / max(float(np.hypot(*ahead)), 1e-12) * reach
        result += [
            (1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end
            for t in np.linspace(0, 1, steps + 1)
        ]
    result.append(line[-1])
    return [(float(p[0]), float(p[1])) for p in result]


def lathe(profile: Sequence[Point2], segments: int = 24, crease: float = 40.0) -> Surface:
    """Revolve (radius, height) points about Y.

    The profile runs from the axis at the bottom, up the outside, back to the axis; it is closed
    when both ends have radius zero.
    """
    line = np.asarray(profile, dtype=np.float64)
    steps = np.diff(line, axis=0)
    keep = np.concatenate([[True], np.hypot(steps[:, 0], steps[:, 1]) > 1e-7])
    line = line[keep]
    theta = np.linspace(0, 2 * np.pi, segments + 1)
    # The seam must weld exactly.
    ring = np.stack([np.cos(theta), -np.sin(theta)], axis=1)
    ring[-1] = ring[0]
    patches = []
    for run in _profile_runs(line):
        part = line[run[0] : run[1] + 1]
        points = np.stack(
            [
                part[:, :1] * ring[None, :, 0],
                np.broadcast_to(part[:, 1:], (len(part), segments + 1)),
                part[:, :1] * ring[None, :, 1],
            ],
            axis=2,
        )
        delta = np.diff(part, axis=0)
        if _is_flat(delta):
            side = 1.0 if delta[:, 0].sum() < 0 else -1.0
            uv = np.stack([points[..., 0], -side * points[..., 2]], axis=2)
        else:
            along = np.concatenate([[0.0], np.cumsum(np.hypot(delta[:, 0], delta[:, 1]))])
            around = theta * part[:, 0].max()
            uv = np.stack(np.broadcast_arrays(around[None, :], along[:, None]), axis=2)
        patches.append((points, uv))
    return _unmirrored(outward(from_patches(patches, crease)))


def _is_flat(delta: Floats) -> bool:
    return bool(np.abs(delta[:, 0]).sum() > 1.6 * np.abs(delta[:, 1]).sum())


def _profile_runs(line: Floats) -> list[tuple[int, int]]:
    """Split a profile into stretches that flatten well: near-horizontal ones and the others."""
    delta = np.diff(line, axis=0)
    kind = np.where(np.abs(delta[:, 0]) > 1.6 * np.abs(delta[:, 1]), np.sign(delta[:, 0]), 0.0)
    borders = [0, *(int(i) + 1 for i in np.flatnonzero(np.diff(kind))), len(delta)]
    return list(pairwise(borders))


def sweep(
    path: Sequence[Point3] | Floats,
    radii: Sequence[float] | float,
    segments: int = 10,
    *,
    round_ends: bool = True,
    loop: bool = False,
    flatten: float = 1.0,
    crease: float = 50.0,
) -> Surface:
    """A tube along a path; ``flatten`` scales the cross-section along its second axis."""
    centres: Floats = np.asarray(path, dtype=np.float64)
    radius: Floats = np.broadcast_to(np.asarray(radii, dtype=np.float64), len(centres)).copy()
    tangents = _tangents(centres, loop)
    if round_ends and not loop:
        centres, radius, tangents = _with_round_ends(centres, radius, tangents, segments)
    across, over = _transported_frames(centres, tangents, loop)
    theta = np.linspace(0, 2 * np.pi, segments + 1)
    cos, sin = np.cos(theta), np.sin(theta)
    cos[-1], sin[-1] = cos[0], sin[0]
    rings = centres[:, None] + radius[:, None, None] * (
        cos[None, :, None] * across[:, None] + flatten * sin[None, :, None] * over[:, None]
    )
    if loop:
        rings = np.concatenate([rings, rings[:1]])
        centres = np.concatenate([centres, centres[:1]])
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(centres, axis=0), axis=1))])
    turn = theta * max(float(radius.max()), 1e-6) * (1 + flatten) / 2
    uv = np.stack(np.broadcast_arrays(turn[None, :], length[:, None]), axis=2)
    patches: list[tuple[Floats, Floats]] = [(rings, uv)]
    if not round_ends and not loop:
        patches += _flat_ends(rings, centres, across, over)
    return from_patches(patches, crease)


def _tangents(centres: Floats, loop: bool) -> Floats:
    tangents: Floats = (
        np.roll(centres, -1, axis=0) - np.roll(centres, 1, axis=0)
        if loop
        else np.asarray(np.gradient(centres, axis=0))
    )
    length = np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-12)
    return np.asarray(tangents / length)


def _with_round_ends(
    centres: Floats, radius: Floats, tangents: Floats, segments: int
) -> tuple[Floats, Floats, Floats]:
    steps = max(2, segments // 4)
    angle = np.linspace(np.pi / 2, 0, steps + 1)[:-1]
    first = centres[0] - tangents[0] * (radius[0] * np.sin(angle))[:, None]
    last = centres[-1] + tangents[-1] * (radius[-1] * np.sin(angle[::-1]))[:, None]
    tip, tail = radius[0] * np.cos(angle), radius[-1] * np.cos(angle[::-1])
    tip[0] = tail[-1] = 0.0
    return (
        np.concatenate([first, centres, last]),
        np.concatenate([tip, radius, tail]),
        np.concatenate(
            [np.repeat(tangents[:1], steps, 0), tangents, np.repeat(tangents[-1:], steps, 0)]
        ),
    )


def _transported_frames(centres: Floats, tangents: Floats, loop: bool) -> tuple[Floats, Floats]:
    """Frames that do not twist along the path: (n, 3) across and over with across x over = t."""
    start = np.array([1.0, 0.0, 0.0])
    if abs(float(tangents[0] @ start)) > 0.9:
        start = np.array([0.0, 0.0, 1.0])
    across = np.empty_like(centres)
    current = start
    for i, tangent in enumerate(tangents):
        current = current - tangent * float(current @ tangent)
        current = current / np.linalg.norm(current)
        across[i] = current
    over = np.cross(tangents, across)
    if loop:
        # Spread the mismatch of the closed loop over its length.
        final = across[-1] - tangents[0] * float(across[-1] @ tangents[0])
        twist = np.arctan2(float(final @ over[0]), float(final @ across[0]))
        angle = -twist * np.arange(len(centres)) / len(centres)
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        across, over = across * cos + over * sin, over * cos - across * sin
    return across, over


def _flat_ends(
    rings: Floats, centres: Floats, across: Floats, over: Floats
) -> list[tuple[Floats, Floats]]:
    ends = []
    for i, flip in ((0, True), (-1, False)):
        ring = rings[i]
        centre = np.broadcast_to(centres[i], ring.shape)
        local = np.stack([(ring - centre) @ across[i], (ring - centre) @ over[i]], axis=1)
        points = np.stack([centre, ring] if flip else [ring, centre])
        uv = np.stack([local * 0, local] if flip else [local, local * 0])
        if flip:
            uv = uv * np.array([-1.0, 1.0])
        ends.append((points, uv))
    return ends


def loft(rings: Floats, crease: float = 40.0) -> Surface:
    """A skin over (k, n, 3) rings of n points each, closed round and capped at both ends."""
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    centres = rings.mean(axis=1)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(centres, axis=0), axis=1))])
    step = np.linalg.norm(np.diff(closed, axis=1), axis=2).max(axis=0)
    around = np.concatenate([[0.0], np.cumsum(step)])
    uv = np.stack(np.broadcast_arrays(around[None, :], along[:, None]), axis=2)
    patches = [(closed, uv)]
    for end, flip in ((0, True), (-1, False)):
        ring = closed[end]
        hub = np.broadcast_to(centres[end], ring.shape)
        axes = np.linalg.svd(ring - hub, full_matrices=False)[2][:2]
        flat = (ring - hub) @ axes.T
        rim, middle = (ring, flat), (hub, flat * 0)
        first, second = (middle, rim) if flip else (rim, middle)
        patches.append((np.stack([first[0], second[0]]), np.stack([first[1], second[1]])))
    return _unmirrored(outward(from_patches(patches, crease)))


def _unmirrored(surface: Surface) -> Surface:
    """Mirror back the charts whose UVs run against their triangles."""
    a, b = surface.uv[:, 1] - surface.uv[:, 0], surface.uv[:, 2] - surface.uv[:, 0]
    area = np.bincount(surface.chart, a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    sign = np.where(area[surface.chart] < 0, -1.0, 1.0)
    uv = surface.uv.copy()
    uv[..., 0] *= sign[:, None]
    return replace(surface, uv=uv)


def outward(surface: Surface) -> Surface:
    """Turn a closed surface the right way round."""
    a, b, c = (surface.positions[surface.triangles[:, i]] for i in range(3))
    if float(np.einsum("ij,ij->", a, np.cross(b, c))) >= 0:
        return surface
    return surface.turned_inside_out()


def extrude(
    outline: Sequence[Point2] | Floats,
    depth: float,
    bevel: float = 0.0,
    *,
    holes: Sequence[Sequence[Point2] | Floats] = (),
    bevel_steps: int = 1,
    crease: float = 35.0,
) -> Surface:
    """A plate: the outline in XY (counter-clockwise), ``depth`` along Z about the origin."""
    contours = [_oriented(np.asarray(outline, dtype=np.float64), True)]
    contours += [_oriented(np.asarray(hole, dtype=np.float64), False) for hole in holes]
    angle = np.linspace(0, np.pi / 2, bevel_steps + 1) if bevel > 0 else np.zeros(1)
    inset, drop = bevel * (1 - np.sin(angle)), bevel * (1 - np.cos(angle))
    half = depth / 2
    levels = [(i, -half + d) for i, d in zip(inset, drop[::1], strict=True)]
    levels += [(i, half - d) for i, d in reversed(list(zip(inset, drop, strict=True)))]
    pieces: list[tuple[Floats, Ints, Floats, int]] = []
    caps: list[Floats] = []
    for contour in contours:
        rings = np.stack([_with_z(_offset(contour, i), z) for i, z in levels])
        caps.append(rings[0, :, :2])
        pieces += _side_strips(rings, contour, len(pieces))
    pieces += _caps(caps, half, len(pieces))
    return _assembled(pieces, crease)


def _oriented(contour: Floats, counter_clockwise: bool) -> Floats:
    x, y = contour[:, 0], contour[:, 1]
    area = float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    return contour if (area > 0) == counter_clockwise else contour[::-1]


def _with_z(points: Floats, z: float) -> Floats:
    return np.column_stack([points, np.full(len(points), z)])


def _offset(contour: Floats, distance: float) -> Floats:
    """Move a contour inwards by mitred corners (outwards for a hole, which runs clockwise)."""
    if distance == 0:
        return contour
    ahead = np.roll(contour, -1, axis=0) - contour
    ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    mitre = normal + np.roll(normal, 1, axis=0)
    scale = 2.0 / np.maximum(np.einsum("ij,ij->i", mitre, mitre), 0.5)
    return np.asarray(contour + distance * mitre * scale[:, None])


def _side_strips(
    rings: Floats, contour: Floats, first: int
) -> list[tuple[Floats, Ints, Floats, int]]:
    """Walls of one contour, cut into strips no longer than the outline is wide."""
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    edge = np.linalg.norm(np.roll(contour, -1, axis=0) - contour, axis=1)
    length = np.concatenate([[0.0], np.cumsum(edge)])
    rise = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed[:, 0], axis=0), axis=1))])
    longest = 1.2 * float(np.ptp(contour, axis=0).max())
    strips: list[tuple[Floats, Ints, Floats, int]] = []
    start = 0
    for end in range(1, len(length)):
        last = end == len(length) - 1
        if not last and length[end + 1] - length[start] <= longest:
            continue
        points = closed[:, start : end + 1]
        uv = np.stack(np.broadcast_arrays(length[None, start : end + 1], rise[:, None]), axis=2)
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
        c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
        faces = np.stack([np.stack([a, b, c], 1), np.stack([a, c, d], 1)], 1).reshape(-1, 3)
        strips.append((points.reshape(-1, 3), faces, uv.reshape(-1, 2)[faces], first + len(strips)))
        start = end
    return strips


def _caps(
    contours: list[Floats], half: float, first: int
) -> list[tuple[Floats, Ints, Floats, int]]:
    flat = np.concatenate(contours)
    faces = np.asarray(manifold3d.triangulate(contours), dtype=np.int64)
    back = _with_z(flat, -half)
    front = _with_z(flat, half)
    mirrored = flat * np.array([-1.0, 1.0])
    return [
        (back, faces[:, ::-1], mirrored[faces[:, ::-1]], first),
        (front, faces, flat[faces], first + 1),
    ]


def _assembled(pieces: list[tuple[Floats, Ints, Floats, int]], crease: float) -> Surface:
    offsets = np.cumsum([0] + [len(p[0]) for p in pieces[:-1]])
    return welded(
        np.concatenate([p[0] for p in pieces]),
        np.concatenate([p[1] + o for p, o in zip(pieces, offsets, strict=True)]),
        np.concatenate([p[2] for p in pieces]),
        np.concatenate([np.full(len(p[1]), p[3]) for p in pieces]),
        crease,
    )
