"""The parts that a texture set is made of: what of a model wears the same material."""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import bpy
import numpy as np
from mathutils import Matrix

from ...core.access import copy_of, mesh_of, size_of
from ...model import alike, occlusion
from ...model.arrays import (
    Corners,
    Floats,
    Integers,
    Places,
    Triangles,
    corners_of,
    got,
    moved,
    slots_of,
    triangles_of,
)
from ...model.shading import nodes_of, tree_of
from . import atlas, plans, uv_users

MOST_TILES: Final = 2.01
"""How often a picture may repeat along an axis and still be taken over as it is."""
SWATCH: Final = 64
"""Share of the side of the picture that one plain material takes."""
SWATCH_LEAST: Final = 8
"""Pixels."""
UNWRAPPED: Final = 1.5
"""How much room a surface takes that is unwrapped, of what it covers."""
NO_PICTURE: Final = (64, 64)
"""Pixels of what nodes make of nothing but numbers."""


class Piece(NamedTuple):
    """One mesh of the model."""

    own: bpy.types.Mesh
    copy: bpy.types.Mesh
    """With nodes for all materials."""
    world: Matrix
    corners: Corners


class Box(NamedTuple):
    """A region of a UV map."""

    left: float
    bottom: float
    right: float
    top: float


class Place(NamedTuple):
    """What of a piece a part consists of."""

    piece: int
    """Number of the piece."""
    corners: Integers
    """(n,) of it."""
    triangles: Integers
    """(t, 3) corners of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What wears one material."""

    material: bpy.types.Material
    places: Sequence[Place]
    maps: AbstractSet[str]
    """Names of the UV maps that it goes by, where it keeps its place in one."""
    wanted: atlas.Wanted
    is_plain: bool
    """Whether it looks the same everywhere."""
    box: Box | None
    """What of the UV map it lies in; None if it has to be unwrapped."""

    @property
    def is_flat(self) -> bool:
        """Whether the whole rectangle is shown as it lies there, whatever wears it."""
        return self.is_plain or self.box is not None


def pieces_of(objects: Sequence[bpy.types.Object]) -> list[Piece]:
    """The meshes, each once, with copies that are the caller's."""
    found: dict[bpy.types.Mesh, Piece] = {}
    for obj in objects:
        if obj.type != "MESH" or mesh_of(obj) in found or not len(mesh_of(obj).polygons):
            continue
        own = mesh_of(obj)
        found[own] = Piece(own, copy_of(own), obj.matrix_world.copy(), corners_of(own))
    return list(found.values())


def parts_of(pieces: Sequence[Piece], size: int) -> list[Part]:
    """All parts, for a picture of at most ``size`` pixels along a side."""
    materials = _unlike(pieces)
    worn = [_worn(one) for one in pieces]
    whole = sum(float(one.areas.sum()) for one in worn) or 1.0
    found = []
    for material in materials:
        surface, places = 0.0, []
        for number, (piece, one) in enumerate(zip(pieces, worn, strict=True)):
            slots = [slot for slot, other in enumerate(piece.copy.materials) if other == material]
            faces = np.isin(one.slots, slots)
            drawn = faces[one.drawn.polygons]
            if faces.any():
                corners = np.flatnonzero(faces[piece.corners.polygons])
                places.append(Place(number, corners, one.drawn.corners[drawn]))
                surface += float(one.areas[drawn].sum())
        found.append(_part(material, pieces, places, size * math.sqrt(surface / whole)))
    side = max(SWATCH_LEAST, size // SWATCH)
    swatch = atlas.Wanted(side, side, shrinks=False)
    return [replace(one, wanted=swatch) if one.is_plain else one for one in found]


def _unlike(pieces: Sequence[Piece]) -> list[bpy.types.Material]:
    """The materials that are seen; the copies wear one of those that look alike."""
    dressed = plans.all_dressed([(one.copy, one.own.name, one.world) for one in pieces])
    first = alike.merged(dressed)
    for piece in pieces:
        slots: Any = piece.copy.materials
        for index, material in enumerate(list(slots)):
            slots[index] = first.get(material, material)
    return list(dict.fromkeys(first.values()))


class _Worn(NamedTuple):
    slots: Integers
    """(p,) of the polygons."""
    drawn: Triangles
    areas: Places
    """(t,) in the world."""


def _worn(piece: Piece) -> _Worn:
    slots = np.minimum(slots_of(piece.copy), len(piece.copy.materials) - 1).astype(np.int64)
    drawn = triangles_of(piece.copy, piece.corners)
    placed = replace(drawn, places=moved(drawn.places, piece.world).astype(np.float32))
    return _Worn(slots, drawn, placed.areas())


def _part(
    material: bpy.types.Material, pieces: Sequence[Piece], places: Sequence[Place], side: float
) -> Part:
    """``side``: pixels along that of a square with as much of the picture as of the surface."""
    is_plain = not plans.plan_of([material]).passes() and not occlusion.has(material)
    maps = {uv_users.OWN} if is_plain else uv_users.maps_of(material)
    uvs = None if maps is None else _uvs(pieces, places, maps)
    box = None if uvs is None else _box_around(uvs, places)
    pixels = _pixels_of(material)
    made = Part(material, places, maps or set(), atlas.Wanted(side, side), is_plain, box)
    if is_plain or box is None or uvs is None:
        return made
    if max(box.right - box.left, box.top - box.bottom) <= MOST_TILES:
        box = _on_pixels(box, pixels)
        width, height = (box.right - box.left) * pixels[0], (box.top - box.bottom) * pixels[1]
        return replace(made, box=box, wanted=atlas.Wanted(width, height))
    covered = sum(_covered(lies, place) for lies, place in zip(uvs, places, strict=True))
    side = min(side, math.sqrt(UNWRAPPED * covered * pixels[0] * pixels[1]))
    return replace(made, box=None, wanted=atlas.Wanted(side, side))


def _uvs(
    pieces: Sequence[Piece], places: Sequence[Place], maps: AbstractSet[str]
) -> list[Floats] | None:
    """(l, 2) of all corners of each piece; None if not all have the one map."""
    found = []
    for place in places:
        layer = uv_users.layer_of(pieces[place.piece].copy, maps)
        if layer is None:
            return None
        uvs = got(layer.uv, "vector", 2, kind=np.float32)
        if not np.isfinite(uvs[place.corners]).all():
            return None
        found.append(uvs)
    return found


def _box_around(uvs: Sequence[Floats], places: Sequence[Place]) -> Box:
    shown = np.concatenate([one[place.corners] for one, place in zip(uvs, places, strict=True)])
    return Box(*shown.min(axis=0).tolist(), *shown.max(axis=0).tolist())


def _on_pixels(box: Box, pixels: tuple[int, int]) -> Box:
    """The box of whole pixels around it, so that pictures of their own size stay as they are."""
    low, high = ((math.floor, box[:2]), (math.ceil, box[2:]))
    sides = []
    for whole, corner in (low, high):
        sides += [whole(at * count) / count for at, count in zip(corner, pixels, strict=True)]
    left, bottom, right, top = sides
    across, up = (1.0 / count for count in pixels)
    return Box(left, bottom, max(right, left + across), max(top, bottom + up))


def _covered(uvs: Floats, place: Place) -> float:
    """How many tiles the triangles cover."""
    a, b, c = np.moveaxis(uvs[place.triangles].astype(np.float64), 1, 0)
    (ux, uy), (vx, vy) = (b - a).T, (c - a).T
    return float(np.abs(ux * vy - uy * vx).sum() / 2)


def _pixels_of(material: bpy.types.Material) -> tuple[int, int]:
    """Sides of its largest picture."""
    sizes = [
        size_of(node.image)
        for node in nodes_of(tree_of(material))
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None
    ]
    return max([size for size in sizes if min(size)], default=NO_PICTURE)
