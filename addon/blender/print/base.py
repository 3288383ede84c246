"""A base under a figurine: disc, square, hexagon or plinth, with a name on its front.

It is joined by booleans, and what was closed stays closed.
"""

from itertools import pairwise
from math import acos, cos, pi, sin
from typing import Any, Final

import bmesh
import bpy
from mathutils import Matrix

from ...printing.orders import Base
from ..core.access import present, scene_of
from ..model.arrays import Places, places_of
from ..model.failure import PreparationFailed
from .booleans import THOROUGH, combine, put_beside, unite
from .fixes import merge

SIDES: Final = {"disc": 96, "square": 4, "hex": 6, "plinth": 4}
SUNK: Final = 0.2
"""Millimetres that the figurine goes into its base: it stands in it, and not on a point."""
WIDER: Final = 1.1
"""A base of no given diameter, in the longer horizontal side of its figurine."""
FLAT: Final = 0.85
"""How far from the middle a disc with a name is cut off flat, in its half."""
LOW: Final = 0.3
"""Share of a plinth's height that its foot takes, and how far that stands out."""
FOOT: Final = 0.05
TEXT_HEIGHT: Final = 0.6
"""Of the front that it stands on, and no wider than the other share of it."""
TEXT_WIDTH: Final = 0.85


def add_base(mesh: bpy.types.Mesh, base: Base) -> None:
    """Put a closed figurine, whose foot is at height 0, onto a base; raises PreparationFailed."""
    places = places_of(mesh)
    half = (base.diameter or float(_longer_side(places)) * WIDER) / 2
    if base.bevel * 2 >= min(half, base.high):
        raise PreparationFailed("The bevel is too large for the base.")
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    profile = _profile(base, half)
    body = _body(base, profile)
    if base.text:
        _write_name(body, base, profile)
    body.transform(Matrix.Translation((float(middle[0]), float(middle[1]), 0.0)))
    mesh.transform(Matrix.Translation((0.0, 0.0, base.high - SUNK)))
    unite(mesh)
    _combine(mesh, body, "UNION")
    bpy.data.meshes.remove(body)


def _longer_side(places: Places | Any) -> float:
    sides = places.max(axis=0) - places.min(axis=0)
    return float(max(sides[0], sides[1]))


Profile = list[tuple[float, float]]
"""How far the sides are from the middle, and at which height, from below."""


def _profile(base: Base, half: float) -> Profile:
    top = [(half, base.high - base.bevel), (half - base.bevel, base.high)]
    if base.bevel == 0.0:
        top = [(half, base.high)]
    if base.shape != "plinth":
        return [(half, 0.0), *top]
    out, low = half * (1.0 + FOOT), base.high * LOW
    return [(out, 0.0), (out, low), (half, low), *top]


def _body(base: Base, profile: Profile) -> bpy.types.Mesh:
    """The base around the middle; its front is between the last corner of a ring and the first."""
    shape = bmesh.new()
    turns, farther = _corners(base)
    rings = []
    for distance, height in profile:
        far = distance * farther
        rings.append([shape.verts.new((far * cos(t), far * sin(t), height)) for t in turns])
    shape.faces.new(rings[0][::-1])
    shape.faces.new(rings[-1])
    for low, high in pairwise(rings):
        for number, corner in enumerate(low):
            after = (number + 1) % len(turns)
            shape.faces.new((corner, low[after], high[after], high[number]))
    made = bpy.data.meshes.new("base")
    shape.to_mesh(made)
    shape.free()
    return made


def _corners(base: Base) -> tuple[list[float], float]:
    """Where the corners of a ring are, as angles, and how much farther than its sides."""
    sides = SIDES[base.shape]
    half, farther = pi / sides, 1.0 / cos(pi / sides)
    if base.shape == "disc":
        half, farther = (acos(FLAT) if base.text else half), 1.0
    around = 2 * (pi - half)
    return [-pi / 2 + half + around * number / (sides - 1) for number in range(sides)], farther


def _front(base: Base, distance: float) -> tuple[float, float]:
    """How far the flat front is from the middle, and how wide, of sides at that distance."""
    (first, *_), farther = _corners(base)
    return -distance * farther * sin(first), 2 * distance * farther * cos(first)


def _write_name(body: bpy.types.Mesh, base: Base, profile: Profile) -> None:
    """Raise the text on the front, or engrave it."""
    sides = max(profile[1:], key=lambda place: place[1] if place[1] < base.high else 0.0)[0]
    front, width = _front(base, sides)
    low = base.high * LOW if base.shape == "plinth" else 0.0
    high = base.high - base.bevel
    letters = _letters(base.text, (high - low) * TEXT_HEIGHT, width * TEXT_WIDTH, base.depth)
    turned = Matrix.Rotation(pi / 2, 4, "X")
    place = Matrix.Translation((0.0, -front, (low + high) / 2))
    letters.transform(place @ turned)
    _combine(body, letters, "DIFFERENCE" if base.engraved else "UNION")
    bpy.data.meshes.remove(letters)


def _letters(text: str, height: float, width: float, depth: float) -> bpy.types.Mesh:
    """The text as closed solids around the middle, as deep in front of it as behind."""
    curve: Any = bpy.data.curves.new("name", "FONT")
    curve.body, curve.extrude = text, depth
    curve.align_x, curve.align_y = "CENTER", "CENTER"
    obj = bpy.data.objects.new("name", curve)
    scene_of(bpy.context).collection.objects.link(obj)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    made = bpy.data.meshes.new_from_object(obj.evaluated_get(depsgraph), depsgraph=depsgraph)
    mesh = present(made, "text")
    bpy.data.objects.remove(obj)
    bpy.data.curves.remove(curve)
    places = places_of(mesh)
    if not len(places):
        raise PreparationFailed("Nothing of the text can be shown.")
    low, high = places.min(axis=0), places.max(axis=0)
    scale = min(height / float(high[1] - low[1]), width / float(high[0] - low[0]))
    x, y = (float(low[axis] + high[axis]) / 2 for axis in (0, 1))
    mesh.transform(Matrix.Diagonal((scale, scale, 1.0, 1.0)) @ Matrix.Translation((-x, -y, 0.0)))
    merge(mesh)
    return mesh


def _combine(mesh: bpy.types.Mesh, other: bpy.types.Mesh, operation: str) -> None:
    """Join the other to the mesh, or cut it out of it; raises PreparationFailed.

    Where no boolean leaves a closed surface, which happens to parts that cut through each other,
    what is to be joined is put beside it as a shell of its own: slicers unite them.
    """
    if combine(mesh, other, operation, THOROUGH):
        return
    if operation != "UNION":
        raise PreparationFailed("The name could not be engraved.", hint="Let it stand out.")
    put_beside(mesh, other)
