"""Closed solids: boxes, balls, lathes, sweeps, lofts and plates, and what is cut out of them."""

from collections.abc import Sequence

import manifold3d
import numpy as np
from manifold3d import CrossSection, FillRule, Manifold

from .surface import Floats, Ints, Polyline, Surface, welded

Point3 = tuple[float, float, float]


def to_manifold(positions: Floats, triangles: Ints) -> Manifold:
    """The solid inside a closed surface; its status tells whether it is one."""
    # Copies: the binding takes no read-only arrays.
    return Manifold(
        manifold3d.Mesh64(
            np.array(positions, dtype=np.float64, order="C"),
            np.array(triangles, dtype=np.uint64, order="C"),
        )
    )


def from_manifold(solid: Manifold, crease: float = 40.0) -> Surface:
    """The surface of a solid; textures are laid on as it is now."""
    mesh = solid.to_mesh64()
    positions = np.array(mesh.vert_properties, dtype=np.float64)[:, :3]
    return Surface(positions, positions, np.array(mesh.tri_verts, dtype=np.int64), crease)


def _solid(surface: Surface) -> Manifold:
    return to_manifold(surface.positions, surface.triangles)


def cut(base: Surface, *cutters: Surface) -> Surface:
    """``base`` without the cutters."""
    return from_manifold(
        Manifold.batch_boolean([_solid(s) for s in (base, *cutters)], manifold3d.OpType.Subtract),
        base.crease,
    )


def common(first: Surface, second: Surface) -> Surface:
    """What lies in both solids."""
    return from_manifold(_solid(first) ^ _solid(second), first.crease)


def rounded_box(size: Point3, radius: float, segments: int = 1, cuts: int = 1) -> Surface:
    """A box standing on the ground, centred in X and Z.

    ``radius`` rounds every edge and is limited to half the thinnest side; ``cuts`` divides the
    longest side so that the box can be bent.
    """
    limit = min(radius, min(size) / 2)
    if limit > 0:
        inner = np.array(size) / 2 - limit
        corner = Manifold.sphere(limit, 8 * segments)
        signs = np.stack(np.meshgrid(*[(-1, 1)] * 3), axis=-1).reshape(-1, 3)
        solid = Manifold.batch_hull([corner.translate(tuple(sign * inner)) for sign in signs])
    else:
        solid = Manifold.cube(size, center=True)
    if cuts > 1:
        solid = solid.refine_to_length(max(size) / cuts)
    return from_manifold(solid.translate((0.0, size[1] / 2, 0.0)))


def ball(radii: Point3, segments: int = 6) -> Surface:
    """An ellipsoid about the origin: a swollen cube, ``segments`` to each of its edges."""

    def swollen(points: Floats) -> Floats:
        even = np.tan(points * np.pi / 4)
        return np.asarray(even / np.linalg.norm(even, axis=1, keepdims=True))

    cube = Manifold.cube((2.0, 2.0, 2.0), center=True).refine(segments)
    return from_manifold(cube.warp_batch(swollen).scale(radii), 60.0)


def rounded_profile(profile: Polyline, radius: float, steps: int = 2) -> Floats:
    """Replace the inner corners of a polyline by arcs of about ``radius``."""
    line = np.asarray(profile, dtype=np.float64)
    rounded = [line[:1]]
    t = np.linspace(0, 1, steps + 1)[:, None]
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        back, ahead = before - corner, after - corner
        lengths = float(np.hypot(*back)), float(np.hypot(*ahead))
        reach = min(radius, 0.45 * min(lengths))
        start, end = (
            corner + side / max(length, 1e-12) * reach
            for side, length in zip((back, ahead), lengths, strict=True)
        )
        rounded.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.concatenate([*rounded, line[-1:]])


def lathe(profile: Polyline, segments: int = 24, crease: float = 40.0) -> Surface:
    """Revolve (radius, height) points about Y; both ends lie on the axis, or at one place."""
    section = CrossSection([np.asarray(profile, dtype=np.float64)], FillRule.NonZero)
    return from_manifold(Manifold.revolve(section, segments).rotate((-90.0, 0.0, 0.0)), crease)


def loft(rings: Floats, crease: float = 40.0, *, loop: bool = False) -> Surface:
    """A skin over (k, n, 3) rings of n points each, capped at both ends or joined to a ``loop``."""
    count, around = rings.shape[:2]
    index = np.arange(count * around).reshape(count, around)
    along = np.concatenate([index, index[:1]]) if loop else index
    faces = _grid(np.concatenate([along, along[:, :1]], axis=1))
    if loop:
        return welded(rings.reshape(-1, 3), faces, crease)
    hubs = rings[[0, -1]].mean(axis=1)
    for hub, ring in ((0, index[0]), (1, index[-1][::-1])):
        centre = np.full(around, count * around + hub)
        faces = np.concatenate([faces, np.stack([centre, np.roll(ring, -1), ring], axis=1)])
    return welded(np.concatenate([rings.reshape(-1, 3), hubs]), faces, crease)


def _grid(index: Ints) -> Ints:
    """Triangles over a grid of vertex numbers."""
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.stack([a, b, c, a, c, d], axis=-1).reshape(-1, 3)


def sweep(
    path: Polyline,
    radii: Sequence[float] | Floats | float,
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
    across, over = _transported_frames(tangents, loop)
    theta = np.linspace(0, 2 * np.pi, segments, endpoint=False)[None, :, None]
    circle = np.cos(theta) * across[:, None] + flatten * np.sin(theta) * over[:, None]
    return loft(centres[:, None] + radius[:, None, None] * circle, crease, loop=loop)


def _tangents(centres: Floats, loop: bool) -> Floats:
    if loop:
        tangents = np.roll(centres, -1, axis=0) - np.roll(centres, 1, axis=0)
    else:
        tangents = np.asarray(np.gradient(centres, axis=0))
    return np.asarray(tangents / np.linalg.norm(tangents, axis=1, keepdims=True))


def _with_round_ends(
    centres: Floats, radius: Floats, tangents: Floats, segments: int
) -> tuple[Floats, Floats, Floats]:
    steps = max(2, segments // 4)
    angle = np.linspace(np.pi / 2, 0, steps + 1)[:-1]
    sin, cos = np.sin(angle), np.cos(angle) * (np.arange(steps) > 0)
    first = centres[0] - tangents[0] * (radius[0] * sin)[:, None]
    last = centres[-1] + tangents[-1] * (radius[-1] * sin[::-1])[:, None]
    return (
        np.concatenate([first, centres, last]),
        np.concatenate([radius[0] * cos, radius, radius[-1] * cos[::-1]]),
        np.pad(tangents, ((steps, steps), (0, 0)), mode="edge"),
    )


def _transported_frames(tangents: Floats, loop: bool) -> tuple[Floats, Floats]:
    """Frames that do not twist along the path: (n, 3) across and over with across x over = t."""
    across = np.empty_like(tangents)
    current = np.array([0.0, 0.0, 1.0] if abs(tangents[0, 0]) > 0.9 else [1.0, 0.0, 0.0])
    for i, tangent in enumerate(tangents):
        current = current - tangent * float(current @ tangent)
        current = current / np.linalg.norm(current)
        across[i] = current
    over = np.cross(tangents, across)
    if loop:
        # Spread the mismatch of the closed loop over its length.
        final = across[-1] - tangents[0] * float(across[-1] @ tangents[0])
        twist = np.arctan2(float(final @ over[0]), float(final @ across[0]))
        angle = -twist * np.arange(len(tangents)) / len(tangents)
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        across, over = across * cos + over * sin, over * cos - across * sin
    return across, over


def extrude(
    outline: Polyline,
    depth: float,
    bevel: float = 0.0,
    *,
    holes: Sequence[Polyline] = (),
    crease: float = 35.0,
) -> Surface:
    """A plate: the outline in XY, ``depth`` along Z about the origin, its edges cut at 45°."""
    contours = [_oriented(np.asarray(line, dtype=np.float64), line is outline)
                for line in (outline, *holes)]  # fmt: skip
    half = depth / 2
    levels = ((bevel, -half), (0.0, bevel - half), (0.0, half - bevel), (bevel, half))
    positions, faces, caps = [], [], []
    first = 0
    for contour in contours:
        rings = [np.insert(_offset(contour, inset), 2, z, axis=1) for inset, z in levels]
        index = first + np.arange(4 * len(contour)).reshape(4, -1)
        faces.append(_grid(np.concatenate([index, index[:, :1]], axis=1)))
        positions += rings
        caps.append((rings[0][:, :2], index[0], index[3]))
        first += index.size
    flat = np.asarray(manifold3d.triangulate([cap for cap, _, _ in caps]), dtype=np.int64)
    back, front = (np.concatenate([cap[i] for cap in caps]) for i in (1, 2))
    faces += [back[flat[:, ::-1]], front[flat]]
    return welded(np.concatenate(positions), np.concatenate(faces), crease)


def _oriented(contour: Floats, counter_clockwise: bool) -> Floats:
    x, y = contour.T
    area = float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    return contour if (area > 0) == counter_clockwise else contour[::-1]


def _offset(contour: Floats, distance: float) -> Floats:
    """Move a contour inwards by mitred corners (outwards for a hole, which runs clockwise)."""
    ahead = np.roll(contour, -1, axis=0) - contour
    ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    mitre = normal + np.roll(normal, 1, axis=0)
    scale = 2.0 / np.maximum(np.einsum("ij,ij->i", mitre, mitre), 0.5)
    return np.asarray(contour + distance * mitre * scale[:, None])
