"""A small picture of a model for a list: its colours, some light, and nothing that takes long.

A renderer takes longer to start than this takes in all. Triangles of any number are cheap here:
most of a million cover the middle of no pixel.
"""

import math
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import bpy
import numpy as np
from mathutils import Matrix

from ...core.access import mesh_of, pixels_of, present, scene_of
from ...model.arrays import (
    SIDES,
    Floats,
    Integers,
    Numbers,
    Places,
    are_triangles,
    corners_drawn,
    fans_of,
    got,
    moved,
    places_of,
    slots_of,
    stretches,
    vertices_drawn,
)
from ...model.colors import to_srgb
from . import fragments
from .preview import DIRECTION, LENS, MARGIN, SENSOR, SUN_FROM
from .surface_colors import Pictures, Spots, looks

SIZE: Final = 160
"""Pixels; enough for a list."""
FINER: Final = 2
"""Times as many are drawn along each side, so that edges come out smooth."""
LAYERS: Final = 8
"""Of what can be seen through; what is behind so many is not missed."""
MANY: Final = 20_000
"""Triangles of all meshes together up to which Blender is asked for all normals."""

SKY: Final = 0.1
"""Light from everywhere, as a share of white."""
SUN: Final = 0.75
"""What the sun adds where it shines straight on."""
GLOSS: Final = 0.2
"""What is seen of the sun where it is mirrored."""
SHARP: Final = 40
"""How small the mirrored sun is."""


class _Shape(NamedTuple):
    """A mesh as it is shown."""

    mesh: bpy.types.Mesh
    world: Matrix
    materials: Sequence[bpy.types.Material | None]
    """Of its slots; one at least."""
    places: Floats
    """(v, 3) in the world."""
    corners: Numbers
    """(t, 3) of the mesh, of each triangle."""
    vertices: Numbers
    """(t, 3)"""
    is_coarse: bool
    """Whether it has so few triangles that Blender is asked for all normals."""


def draw_all(to: Path) -> None:
    """Write such a picture of everything in the open scene."""
    draw(list(scene_of(bpy.context).objects), to)


def draw(objects: Sequence[bpy.types.Object], to: Path) -> None:
    """Write a PNG file with a picture of the objects; nothing is behind them.

    None is written where there is nothing to see.
    """
    depsgraph = bpy.context.evaluated_depsgraph_get()
    shown = [obj.evaluated_get(depsgraph) for obj in objects if obj.type == "MESH"]
    few = MANY // max(len(shown), 1)
    shapes = [shape for obj in shown if len((shape := _shape(obj, few)).corners)]
    if not shapes:
        return
    side = SIZE * FINER
    columns = np.ascontiguousarray(np.concatenate([shape.places for shape in shapes]).T)
    starts = np.cumsum([0, *(len(shape.places) for shape in shapes)])
    triangles = np.concatenate(
        [shape.vertices + start for shape, start in zip(shapes, starts.tolist(), strict=False)]
    )
    framed = _framed(columns, triangles)
    if framed is None:
        return
    found = fragments.of(_seen(columns, framed, side), triangles, side)
    if len(found.pixels):
        _save(_smooth(_composed(found, shapes, side), side), to)


def _shape(obj: bpy.types.Object, few: int) -> _Shape:
    mesh = mesh_of(obj)
    corners = _corners(mesh, few)
    world = obj.matrix_world.copy()
    places = places_of(mesh)
    if world != Matrix.Identity(4):
        places = moved(places, world).astype(np.float32)
    materials = [slot.material for slot in present(obj.original, "original").material_slots] or [
        None
    ]
    vertices = vertices_drawn(mesh, corners)
    return _Shape(mesh, world, materials, places, corners, vertices, len(corners) <= few)


def _corners(mesh: bpy.types.Mesh, few: int) -> Numbers:
    """(t, 3) of the triangles that are drawn, or nearly so where nobody can see the difference.

    Of many small quads it does not matter which way they are parted, and Blender is slow to say.
    """
    count = len(mesh.loops) - 2 * len(mesh.polygons)
    if count > few and not are_triangles(mesh):
        fans = fans_of(mesh)
        if not (fans[2:, 0] == fans[:-2, 0]).any():  # none has more than four corners
            return fans
    return corners_drawn(mesh)


def _framed(columns: Floats, triangles: Numbers) -> tuple[Places, float] | None:
    """Middle and radius of what the triangles have of the (3, v) places; None if that is a point.

    What lies nowhere, as damaged files have it, and what no triangle has is not looked for.
    """
    is_seen = np.zeros(columns.shape[1], dtype=np.bool_)
    is_seen[triangles.ravel()] = True
    for column in columns:
        is_seen &= np.isfinite(column)
    if not is_seen.any():
        return None
    if not is_seen.all():
        columns = columns[:, is_seen]
    low, high = (end(columns, axis=1).astype(np.float64) for end in (np.min, np.max))
    radius = float(np.linalg.norm(high - low)) / 2
    return ((low + high) / 2, radius) if radius > 0.0 else None


def _seen(columns: Floats, framed: tuple[Places, float], side: int) -> Floats:
    """The (3, v) places as ``fragments`` wants them: from where the camera of previews stands."""
    middle, radius = framed
    angle = math.atan(SENSOR / 2 / LENS)
    turn = np.array(DIRECTION.to_track_quat("Z", "Y").to_matrix(), dtype=np.float32)
    scale = side / 2 / math.tan(angle)
    seen = np.empty_like(columns)
    for part in stretches(columns.shape[1]):
        # In radii: of what is tiny or huge the squares would be beyond these numbers.
        places = ((columns[:, part] - middle[:, None]) / radius).astype(np.float32)
        right, up, back = turn.T @ places
        nearness = 1.0 / (MARGIN / math.sin(angle) - back)
        seen[:2, part] = np.stack([right, up]) * nearness * scale + side / 2
        seen[2, part] = nearness
    return seen


def _composed(found: fragments.Fragments, shapes: Sequence[_Shape], side: int) -> Floats:
    """(side * side, 4) the light of each pixel, and how much it covers of what is behind."""
    picture = np.zeros((side * side, 4), dtype=np.float32)
    behind = np.ones(side * side, dtype=np.float32)
    light = np.zeros((len(found.pixels), 4), dtype=np.float32)
    pictures: Pictures = {}
    for number, layer in enumerate(islice(fragments.layers(found, behind), LAYERS)):
        if number == 0:
            light[layer] = _lit(found.at(layer), shapes, pictures)
        elif number == 1:  # what can be seen through mostly has many layers
            rest = np.flatnonzero(behind[found.pixels] > fragments.HIDDEN)
            light[rest] = _lit(found.at(rest), shapes, pictures)
        pixels, seen = found.pixels[layer], light[layer]
        share = behind[pixels] * seen[:, 3]
        picture[pixels, :3] += share[:, None] * seen[:, :3]
        picture[pixels, 3] += share
        behind[pixels] -= share
    return picture


def _lit(found: fragments.Fragments, shapes: Sequence[_Shape], pictures: Pictures) -> Floats:
    """(n, 4) light and alpha of the places."""
    made = np.empty((len(found.pixels), 4), dtype=np.float32)
    order = np.argsort(found.triangles)
    starts = np.cumsum([0, *(len(shape.corners) for shape in shapes)])
    ends = np.searchsorted(found.triangles[order], starts)
    for number, shape in enumerate(shapes):
        which = order[ends[number] : ends[number + 1]]
        if len(which):
            triangles = found.triangles[which] - starts[number]
            made[which] = _lit_shape(shape, triangles, found.weights[:, which], pictures)
    return made


def _lit_shape(shape: _Shape, triangles: Integers, weights: Floats, pictures: Pictures) -> Floats:
    """The same of places of one mesh, in these of its triangles."""
    made = np.empty((len(triangles), 4), dtype=np.float32)
    corners = shape.corners[triangles].T
    spots = Spots(shape.mesh, corners, weights)
    light, gloss = _light(_normals(shape, triangles, spots))
    for which, found in looks(spots, _slots(shape)[triangles], shape.materials, pictures):
        made[which, :3] = found.color * light[which, None] + found.glow
        if found.is_lit:
            made[which, :3] += gloss[which, None]
        made[which, 3] = found.alpha
    return made


def _slots(shape: _Shape) -> Numbers:
    """(t,) number of each triangle's material."""
    slots = slots_of(shape.mesh)
    if len(shape.corners) != len(slots):
        totals = got(shape.mesh.polygons, "loop_total")
        slots = np.repeat(slots, totals - 2)
    return slots


def _light(normals: Floats) -> tuple[Floats, Floats]:
    """(n,) how much falls on a surface with the (n, 3) normals, and what of it mirrors the sun.

    It falls on the side that is seen.
    """
    lengths = np.sqrt((normals**2).sum(axis=1))
    lengths[lengths == 0.0] = 1.0
    sun = SUN_FROM.normalized()
    toward_camera, toward_sun, halfway = (
        (normals[:, 0] * one.x + normals[:, 1] * one.y + normals[:, 2] * one.z) / lengths
        for one in (DIRECTION, sun, (DIRECTION + sun).normalized())
    )
    side = np.sign(toward_camera)
    light = SKY + SUN * np.maximum(side * toward_sun, 0.0)
    return light, GLOSS * np.maximum(side * halfway, 0.0) ** SHARP


def _normals(shape: _Shape, triangles: Integers, spots: Spots) -> Floats:
    """(n, 3) of any length, at places in these triangles, in the world."""
    if shape.is_coarse:
        normals = spots.blend(got(shape.mesh.corner_normals, "vector", 3, kind=np.float32))
        turn = shape.world.to_3x3().inverted_safe()
        return normals @ np.array(turn, dtype=np.float32)
    seen = np.zeros(len(shape.vertices), dtype=np.bool_)
    seen[triangles] = True
    vertices = shape.vertices[seen]
    a, b, c = (shape.places[one] for one in vertices.T)
    sides = np.cross(b - a, c - a)
    every = np.stack(
        [
            np.bincount(vertices.ravel(), np.repeat(along, SIDES), len(shape.places))
            for along in sides.T
        ],
        axis=1,
    ).astype(np.float32)
    return Spots(shape.mesh, shape.vertices[triangles].T, spots.weights).blend(every)


def _smooth(picture: Floats, side: int) -> Floats:
    """(size, size, 4) of what was drawn finer, as PNG files store it."""
    finer = picture.reshape(side, side, 4)
    shifts = [(up, right) for up in range(FINER) for right in range(FINER)]
    parts = [finer[up::FINER, right::FINER] for up, right in shifts]
    whole = np.mean(parts, axis=0)
    alpha = whole[..., 3:]
    light = whole[..., :3] / np.where(alpha > 0.0, alpha, 1.0)
    return np.concatenate([to_srgb(np.clip(light, 0.0, 1.0)), alpha], axis=2)


def _save(picture: Floats, to: Path) -> None:
    """Write it as PNG."""
    image = bpy.data.images.new("Preview", picture.shape[1], picture.shape[0], alpha=True)
    try:
        pixels_of(image).foreach_set(picture.astype(np.float32).ravel())
        image.filepath_raw = str(to)
        image.file_format = "PNG"
        image.save()
    finally:
        bpy.data.images.remove(image)
