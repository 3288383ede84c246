"""From parts with finishes to one mesh with one texture atlas."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, map_coordinates

from ..geometry import atlas
from ..geometry.surface import Floats, Ints, Surface, corner_normals
from ..model import Image, Mesh, Part, Textures, mesh_of
from .materials import MATERIALS
from .texels import Maps, Texels

_EDGE_SHARE_OF_SIZE = 0.02
_CELLS = 80
_LAYERS = ((1.3, 3.2, 2.0), (3.5, 7.5, 3.2))
"""Blur (cells), distance along the normal (cells), strength."""


def bake(parts: list[Part], resolution: int, *, pbr: bool, textured: bool = True) -> Mesh:
    """Unwrap all parts into one atlas and evaluate their materials.

    ``resolution`` is the side of the square images in texels; without ``textured`` only UVs.
    """
    surfaces = [part.surface for part in parts]
    normals = [corner_normals(surface) for surface in surfaces]
    layout = atlas.lay_out(surfaces, resolution, [part.finish for part in parts])
    mesh = mesh_of(parts, normals, layout.uvs)
    if not textured:
        return mesh
    images = _evaluate(parts, normals, layout, resolution)
    return replace(mesh, textures=_encoded(images, resolution, layout.scale, pbr))


@dataclass(frozen=True, slots=True)
class _Shown:
    """The texels of one part."""

    part: Part
    normals: Floats
    metres: Floats
    texel: Ints
    triangle: Ints
    weights: npt.NDArray[np.float32]

    def blend(self, corners: Floats) -> Floats:
        """Interpolate (m, 3, k) corner values at the texels."""
        single = corners.astype(np.float32)
        result: Floats = single[self.triangle, 0] * self.weights[:, :1]
        result += single[self.triangle, 1] * self.weights[:, 1:2]
        result += single[self.triangle, 2] * self.weights[:, 2:]
        return result


def _shown(
    parts: list[Part], normals: list[Floats], layout: atlas.Layout, resolution: int
) -> list[_Shown]:
    """The parts that have texels of their own."""
    own = [number for number, copy in enumerate(layout.copy) if not copy]
    covered = atlas.cover(np.concatenate([layout.uvs[n] for n in own]), resolution)
    firsts = np.cumsum([0] + [len(layout.uvs[n]) for n in own])
    starts = np.searchsorted(covered.triangle, firsts)
    found = []
    for place, number in enumerate(own):
        span = slice(starts[place], starts[place + 1])
        triangle = covered.triangle[span] - firsts[place]
        if len(triangle):
            texel, weights = covered.texel[span], covered.weights[span]
            metres = layout.metres[number]
            found.append(_Shown(parts[number], normals[number], metres, texel, triangle, weights))
    return found


def _evaluate(
    parts: list[Part], normals: list[Floats], layout: atlas.Layout, resolution: int
) -> dict[str, Floats]:
    shown = _shown(parts, normals, layout, resolution)
    points = [part.blend(part.part.surface.corners) for part in shown]
    cloud = np.concatenate(points)
    openness, size = Openness(cloud), float(np.ptp(cloud, axis=0).max())
    texel_count = resolution * resolution
    channels: dict[str, Floats] = {
        "colour": np.full((texel_count, 3), np.nan, dtype=np.float32),
        "rough": np.full(texel_count, 0.8, dtype=np.float32),
        "metal": np.zeros(texel_count, dtype=np.float32),
        "height": np.zeros(texel_count, dtype=np.float32),
        "open": np.ones(texel_count, dtype=np.float32),
    }
    for number, (part, position) in enumerate(zip(shown, points, strict=True)):
        surface, finish = part.part.surface, part.part.finish
        facing = part.blend(part.normals)
        facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-9)
        texels = Texels(
            uv=part.blend(part.metres),
            rest=_lengthwise(part.blend(surface.rest[surface.triangles]), surface.rest),
            position=position,
            normal=facing,
            open=openness.at(position, facing),
            edge=_edges(surface, part.normals, size)[part.triangle],
            footprint=1.0 / layout.scale,
            seed=number,
        )
        _store(channels, part.texel, texels, MATERIALS[finish.material](texels, finish))
    colour = channels["colour"]
    empty = np.isnan(colour[:, 0])
    colour[empty] = colour[~empty].mean(axis=0)
    return channels


def _store(channels: dict[str, Floats], flat: Ints, texels: Texels, result: Maps) -> None:
    shade = 1 - 0.4 * (1 - texels.open)
    channels["colour"][flat] = result.colour * shade[:, None]
    channels["rough"][flat] = result.roughness
    channels["metal"][flat] = result.metallic
    channels["height"][flat] = result.height
    channels["open"][flat] = texels.open


def _lengthwise(points: Floats, rest: Floats) -> Floats:
    """Turn a part's own space so that its longest side is +Y."""
    longest = int(np.ptp(rest, axis=0).argmax())
    order = {0: [1, 0, 2], 1: [0, 1, 2], 2: [0, 2, 1]}[longest]
    return points[:, order]


def _edges(surface: Surface, normals: Floats, size: float) -> Floats:
    """(m,) how strongly each triangle bends outwards, relative to the size of the model."""
    along = np.roll(surface.corners, -1, axis=1) - surface.corners
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


class Openness:
    """Ambient occlusion without rays: blurred occupancy of a cloud of surface points.

    There is a floor below the lowest.
    """

    def __init__(self, points: Floats) -> None:
        low, high = points.min(axis=0), points.max(axis=0)
        self._cell = float(max((high - low).max(), 1e-6)) / _CELLS
        pad = 10
        self._origin = low - pad * self._cell
        shape = np.ceil((high - self._origin) / self._cell).astype(int) + pad + 1
        occupied = np.zeros(tuple(shape), dtype=np.float32)
        index = np.floor((points - self._origin) / self._cell).astype(int)
        occupied[index[:, 0], index[:, 1], index[:, 2]] = 1.0
        occupied[:, pad - 1, :] = 1.0
        self._layers = [gaussian_filter(occupied, blur, mode="nearest") for blur, _, _ in _LAYERS]

    def at(self, points: Floats, normals: Floats) -> Floats:
        """(n,) 1 in the open, towards 0 in corners and gaps."""
        hidden = np.zeros(len(points), dtype=np.float32)
        found = np.empty(len(points), dtype=np.float32)
        for layer, (_, distance, strength) in zip(self._layers, _LAYERS, strict=True):
            ahead = points + normals * (distance * self._cell)
            index = ((ahead - self._origin) / self._cell - 0.5).T.astype(np.float32)
            map_coordinates(layer, index, found, order=1, mode="nearest", prefilter=False)
            hidden += strength * np.maximum(found - 0.03, 0.0)
        return np.asarray(np.clip(1.0 - hidden, 0.0, 1.0))
