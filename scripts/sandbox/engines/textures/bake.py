"""From parts with finishes to one mesh with one texture atlas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..geometry.atlas import (
    MARGIN,
    draw_triangles,
    lay_out,
    nearest_triangle,
)
from ..geometry.surface import Floats, Ints, corner_normals
from ..model import (
    Image,
    Mesh,
    Part,
    Textures,
    mesh_of,
)
from .materials import MATERIALS
from .occlusion import Openness
from .texels import Maps, Texels

_EDGE_SHARE_OF_SIZE = 0.02


@dataclass(frozen=True, slots=True)
class _Covered:
    """The texels that lie on (or right beside) a triangle, in the order of the triangles."""

    flat: Ints
    triangle: Ints
    weights: npt.NDArray[np.float32]


def bake(parts: list[Part], resolution: int, *, pbr: bool, textured: bool = True) -> Mesh:
    """Unwrap all parts into one atlas and evaluate their materials.

    ``resolution`` is the side of the square images in texels; without ``textured`` only UVs.
    """
    surfaces = [part.surface for part in parts]
    normals = [corner_normals(surface) for surface in surfaces]
    layout = lay_out(surfaces, resolution, [part.copy_of for part in parts])
    mesh = mesh_of(parts, normals, layout.uvs)
    if not textured:
        return mesh
    covered = _cover(parts, layout.uvs, resolution)
    images = _evaluate(parts, normals, covered, layout.scale, resolution)
    return replace(mesh, textures=_encoded(images, resolution, layout.scale, pbr))


def _cover(parts: list[Part], uvs: list[Floats], resolution: int) -> _Covered:
    """Which triangle every texel shows, with barycentric weights that run on into the margin."""
    uv = np.concatenate(uvs)
    seen: set[str] = set()
    drawn = np.ones(len(uv), dtype=np.bool_)
    part_of = np.repeat(np.arange(len(parts)), [len(p.surface.triangles) for p in parts])
    for number, part in enumerate(parts):
        if part.copy_of and part.copy_of in seen:
            drawn[part_of == number] = False
        seen.add(part.copy_of)
    numbers = np.flatnonzero(drawn)
    image = nearest_triangle(draw_triangles(uv[drawn], resolution), MARGIN + 1)
    flat = np.flatnonzero(image.ravel() >= 0)
    triangle = numbers[image.ravel()[flat]]
    order = np.argsort(triangle.astype(np.int32), kind="stable")
    flat, triangle = flat[order], triangle[order]
    return _Covered(flat, triangle, _barycentric(uv, triangle, flat, resolution))


def _barycentric(
    uv: Floats, triangle: Ints, flat: Ints, resolution: int
) -> npt.NDArray[np.float32]:
    """(n, 3) weights of the corners at the centres of the texels ``flat``."""
    a, ab, ac = uv[:, 0], uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    inverse = 1.0 / np.where(np.abs(area) > 1e-12, area, np.inf)
    # Weights are linear in the texel's place: precompute the rows per triangle.
    second = np.stack([ac[:, 1], -ac[:, 0]], axis=1) * inverse[:, None]
    third = np.stack([-ab[:, 1], ab[:, 0]], axis=1) * inverse[:, None]
    rows, columns = np.divmod(flat, resolution)
    u = (columns + 0.5) / resolution - a[triangle, 0]
    v = 1 - (rows + 0.5) / resolution - a[triangle, 1]
    weights = np.empty((len(flat), 3), dtype=np.float32)
    for i, factor in ((1, second), (2, third)):
        # Slivers would extrapolate without bounds.
        weights[:, i] = np.clip(factor[triangle, 0] * u + factor[triangle, 1] * v, -2.0, 3.0)
    weights[:, 0] = 1 - weights[:, 1] - weights[:, 2]
    return weights


def _evaluate(
    parts: list[Part], normals: list[Floats], covered: _Covered, scale: float, resolution: int
) -> dict[str, Floats]:
    firsts = np.cumsum([0] + [len(p.surface.triangles) for p in parts])
    starts = np.searchsorted(covered.triangle, firsts)
    points = np.empty((len(covered.flat), 3), dtype=np.float32)
    facing = np.empty((len(covered.flat), 3), dtype=np.float32)
    for number, part in enumerate(parts):
        span = slice(starts[number], starts[number + 1])
        local = covered.triangle[span] - firsts[number]
        weights = covered.weights[span]
        surface = part.surface
        points[span] = _blend(surface.positions[surface.triangles], local, weights)
        facing[span] = _blend(normals[number], local, weights)
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-9)
    openness = Openness(points)
    size = float(np.ptp(points, axis=0).max())
    texel_count = resolution * resolution
    channels: dict[str, Floats] = {
        "colour": np.zeros((texel_count, 3), dtype=np.float32),
        "rough": np.full(texel_count, 0.8, dtype=np.float32),
        "metal": np.zeros(texel_count, dtype=np.float32),
        "height": np.zeros(texel_count, dtype=np.float32),
        "open": np.ones(texel_count, dtype=np.float32),
    }
    for number, part in enumerate(parts):
        span = slice(starts[number], starts[number + 1])
        if span.start == span.stop:
            continue
        surface = part.surface
        local = covered.triangle[span] - firsts[number]
        weights = covered.weights[span]
        rest = _blend(surface.rest[surface.triangles], local, weights)
        texels = Texels(
            uv=_blend(surface.uv, local, weights),
            rest=_lengthwise(rest, surface.rest),
            position=points[span],
            normal=facing[span],
            open=openness.at(points[span], facing[span]),
            edge=_edges(part, normals[number], size)[local],
            footprint=1.0 / scale,
            seed=number,
        )
        _store(
            channels,
            covered.flat[span],
            texels,
            MATERIALS[part.finish.material](texels, part.finish),
        )
    mean = channels["colour"][covered.flat].mean(axis=0)
    empty = np.ones(resolution * resolution, dtype=np.bool_)
    empty[covered.flat] = False
    channels["colour"][empty] = mean
    return channels


def _store(channels: dict[str, Floats], flat: Ints, texels: Texels, result: Maps) -> None:
    shade = 1 - 0.4 * (1 - texels.open)
    channels["colour"][flat] = result.colour * shade[:, None]
    channels["rough"][flat] = result.roughness
    channels["metal"][flat] = result.metallic
    channels["height"][flat] = result.height
    channels["open"][flat] = texels.open


def _blend(corners: Floats, triangle: Ints, weights: Floats) -> Floats:
    """Interpolate (m, 3, k) corner values at texels."""
    single = corners.astype(np.float32)
    result: Floats = single[triangle, 0] * weights[:, :1]
    result += single[triangle, 1] * weights[:, 1:2]
    result += single[triangle, 2] * weights[:, 2:]
    return result


def _lengthwise(points: Floats, rest: Floats) -> Floats:
    """Turn a part's own space so that its longest side is +Y."""
    longest = int(np.ptp(rest, axis=0).argmax())
    order = {0: [1, 0, 2], 1: [0, 1, 2], 2: [0, 2, 1]}[longest]
    return points[:, order]


def _edges(part: Part, normals: Floats, size: float) -> Floats:
    """(m,) how strongly each triangle bends outwards, relative to the size of the model."""
    corners = part.surface.positions[part.surface.triangles]
    along = np.roll(corners, -1, axis=1) - corners
    turn = np.roll(normals, -1, axis=1) - normals
    square = np.maximum(np.einsum("mci,mci->mc", along, along), 1e-12)
    curvature = (np.einsum("mci,mci->mc", along, turn) / square).max(axis=1)
    relative = curvature * size * _EDGE_SHARE_OF_SIZE
    return np.asarray(np.clip((relative - 0.5) / 1.5, 0.0, 1.0))


def _encoded(channels: dict[str, Floats], resolution: int, scale: float, pbr: bool) -> Textures:
    shape = (resolution, resolution)
    colour = _bytes(channels["colour"].reshape(*shape, 3))
    if not pbr:
        return Textures(colour)
    orm = np.stack([channels[name].reshape(shape) for name in ("open", "rough", "metal")], axis=2)
    return Textures(colour, _bytes(orm), normal_map(channels["height"].reshape(shape), scale))


def normal_map(height: Floats, texels_per_metre: float) -> Image:
    """Tangent-space normals (OpenGL convention, +Y up) of a height image in metres."""
    down, right = np.gradient(height * texels_per_metre)
    normal = np.stack([-right, down, np.ones_like(height)], axis=2)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    return _bytes(normal * 0.5 + 0.5)


def _bytes(values: Floats) -> npt.NDArray[np.uint8]:
    return (np.clip(values, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)
