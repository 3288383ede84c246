"""A model that is larger than the printer: parts that fit, and pins that hold them together.

It is cut by planes along the axes, at equal distances. Lengths are millimetres.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil, pi, prod
from typing import Final

import bmesh
import bpy
import numpy as np
from mathutils import Matrix, Vector

from ...printing.orders import Split
from ...printing.printers import Printer
from ..model.arrays import Places, places_of
from ..model.failure import PreparationFailed
from .booleans import THOROUGH, bodies, combine, combine_any, is_closed, only, triangulate, unite
from .components import components
from .fixes import copy_of, cut_off, edit, replace_geometry
from .rays import Rays
from .rods import turned_rods
from .solid import Solid, solid_of

AROUND: Final = 0.8
"""Of the material around the hole of a pin, at least."""
ROOTED: Final = 0.5
"""How far a pin goes into the part it stands on."""
SPOTS: Final = 40
"""Places along each side of a cut that are looked at for pins."""
FAR: Final = 3.0
"""Diameters between two pins, at least."""
MOST_PARTS: Final = 200
AXES: Final = (Vector((1.0, 0.0, 0.0)), Vector((0.0, 1.0, 0.0)), Vector((0.0, 0.0, 1.0)))

NUDGES: Final = (0.0137, 0.0311, 0.0479)
"""Millimetres that planes are moved by until none meets corners: models are often symmetric."""
UP: Final = 2
TURNED: Final = (Matrix.Rotation(-pi / 2, 4, "Y"), Matrix.Rotation(pi / 2, 4, "X"), Matrix())
"""By which what looked along each axis looks up."""
FACING: Final = 0.999
AT_PLANE: Final = 1e-3
"""Millimetres."""

Cell = tuple[int, int, int]
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Parts:
    """What became of a model."""

    meshes: list[bpy.types.Mesh]
    """Each with its foot at height 0."""
    pins: int


def split(mesh: bpy.types.Mesh, order: Split, printer: Printer) -> Parts:
    """Cut a closed model into parts that fit on the printer; raises PreparationFailed.

    One that fits stays as it is.
    """
    solid = solid_of(mesh)
    if printer.fits(solid.sides):
        return Parts([mesh], 0)
    if not is_closed(mesh):
        raise PreparationFailed(
            "Only a closed surface can be split.",
            hint="Close its holes first, or make it anew of voxels.",
        )
    unite(mesh)
    bounds, cells = _cut(mesh, order, printer)
    rays = Rays(solid_of(mesh))
    pins = 0
    for one, axis in product(list(cells), range(3)):
        other = _next(one, axis)
        if other in cells and cells[one].polygons and cells[other].polygons:
            spots = list(_spots(rays, bounds, one, axis, order)) if order.pin else []
            if spots and _join(cells[one], cells[other], spots, axis, order):
                pins += len(spots)
    parts = [part for cell, made in cells.items() for part in _laid(made, cell, bounds, printer)]
    return Parts(parts, pins)


Bounds = list[list[float]]
"""Where the planes are, along each axis, with the outermost places of the model."""


def _bounds(low: Places, high: Places, order: Split, printer: Printer) -> Bounds:
    """The planes, for whichever way round on the bed takes fewer parts."""
    sides = (high - low).tolist()
    ways = (
        (printer.width, printer.depth, printer.height),
        (printer.depth, printer.width, printer.height),
    )
    counts = min(
        ([_count(*of, order) for of in zip(sides, rooms, strict=True)] for rooms in ways), key=prod
    )
    if prod(counts) > MOST_PARTS:
        raise PreparationFailed("It would take more than {n} parts.", n=MOST_PARTS)
    return [
        np.linspace(float(low[axis]), float(high[axis]), count + 1).tolist()
        for axis, count in enumerate(counts)
    ]


def _count(side: float, room: float, order: Split) -> int:
    """Parts along one side; each but the last has pins that stand out."""
    if side <= room:
        return 1
    left = room - order.pin - 2 * max(NUDGES)
    return ceil(side / left) if left > 0.0 else MOST_PARTS + 1


def _cut(
    mesh: bpy.types.Mesh, order: Split, printer: Printer
) -> tuple[Bounds, dict[Cell, bpy.types.Mesh]]:
    """The planes, and what is between them; raises PreparationFailed."""
    places = places_of(mesh).astype(np.float64)
    middles = _bounds(places.min(axis=0), places.max(axis=0), order, printer)
    for nudge in NUDGES:
        bounds = [[p[0], *(place + nudge for place in p[1:-1]), p[-1]] for p in middles]
        cells = {
            (x, y, z): cell
            for x, slice_ in enumerate(_slabs(copy_of(mesh), bounds, 0))
            for y, bar in enumerate(_slabs(slice_, bounds, 1))
            for z, cell in enumerate(_slabs(bar, bounds, UP))
        }
        if all(not made.polygons or is_closed(made) for made in cells.values()):
            return bounds, cells
        bpy.data.batch_remove(cells.values())
    x, y, z = (range(len(planes) - 1) for planes in middles)
    return middles, {cell: _within(mesh, middles, cell) for cell in product(x, y, z)}


def _slabs(mesh: bpy.types.Mesh, bounds: Bounds, axis: int) -> Iterator[bpy.types.Mesh]:
    """What is between the planes across one axis, in their order; the mesh becomes the last."""
    planes = bounds[axis][1:-1]
    for plane in planes:
        below = copy_of(mesh)
        for part, side in ((below, -1.0), (mesh, 1.0)):
            _keep(part, _along(axis, plane), _along(axis, side))
        yield below
    yield mesh


def _keep(mesh: bpy.types.Mesh, place: Point, side: Point) -> None:
    edit(mesh, lambda shape: cut_off(shape, place, side))


def _within(mesh: bpy.types.Mesh, bounds: Bounds, cell: Cell) -> bpy.types.Mesh:
    """The same by a boolean, which takes longer and copes with more; raises PreparationFailed."""
    made = copy_of(mesh)
    triangulate(made)
    ends = []
    for axis, number in enumerate(cell):
        planes = bounds[axis]
        past = planes[-1] - planes[0]
        low = planes[number] if number > 0 else planes[0] - past
        high = planes[number + 1] if number + 2 < len(planes) else planes[-1] + past
        ends.append((low, high))
    middle = Matrix.Translation([(low + high) / 2 for low, high in ends])
    sides = Matrix.Diagonal([*(high - low for low, high in ends), 1.0])
    shape = bmesh.new()
    bmesh.ops.create_cube(shape, size=1.0, matrix=middle @ sides)
    box = bpy.data.meshes.new("box")
    shape.to_mesh(box)
    shape.free()
    done = combine(made, box, "INTERSECT", THOROUGH)
    bpy.data.meshes.remove(box)
    if not done:
        raise PreparationFailed(
            "The model could not be cut.", hint="Make the surface anew of voxels first."
        )
    return made


def _along(axis: int, length: float) -> Point:
    way = AXES[axis] * length
    return way.x, way.y, way.z


def _next(cell: Cell, axis: int) -> Cell:
    x, y, z = cell
    return x + (axis == 0), y + (axis == 1), z + (axis == UP)


def _spots(rays: Rays, bounds: Bounds, cell: Cell, axis: int, order: Split) -> Iterator[Vector]:
    """Where pins go through the plane between a cell and the next: in the thick of the solid."""
    around = order.pin / 2 + order.clearance + AROUND
    one, other = (number for number in range(3) if number != axis)
    lines = [
        np.linspace(
            bounds[number][cell[number]] + around, bounds[number][cell[number] + 1] - around, SPOTS
        )
        for number in (one, other)
    ]
    grid = np.empty((SPOTS, SPOTS, 3))
    grid[..., axis] = bounds[axis][cell[axis] + 1]
    grid[..., one], grid[..., other] = np.meshgrid(*lines, indexing="ij")
    free = np.array([_is_free(rays, place, axis, order, around) for place in grid.reshape(-1, 3)])
    number = np.where(free.reshape(SPOTS, SPOTS), np.arange(SPOTS**2).reshape(SPOTS, SPOTS), -1)
    pairs = [
        np.stack([first.reshape(-1), second.reshape(-1)])
        for first, second in ((number[1:], number[:-1]), (number[:, 1:], number[:, :-1]))
    ]
    met = np.concatenate(pairs, axis=1)
    met = met[:, (met >= 0).all(axis=0)]
    part = components(SPOTS**2, met[0], met[1])
    for root in np.unique(part[free]).tolist():
        yield from _apart(grid.reshape(-1, 3)[free & (part == root)], order)


def _is_free(rays: Rays, place: Places, axis: int, order: Split, around: float) -> bool:
    """Whether there is solid all around a pin at that place, and around its hole."""
    start = Vector(place.tolist())
    for far in (0.0, -ROOTED, order.pin / 2, order.pin + order.clearance):
        if rays.tree.find_nearest(start + AXES[axis] * far, around)[0] is not None:
            return False
    return rays.is_inside(place)


def _apart(places: Places, order: Split) -> Iterator[Vector]:
    """Two places far from each other, or one in the middle where there is no room for two."""
    away = np.linalg.norm(places - places.mean(axis=0), axis=1)
    first = places[np.argmax(away)]
    gaps = np.linalg.norm(places - first, axis=1)
    if gaps.max() < FAR * order.pin:
        yield Vector(places[np.argmin(away)].tolist())
        return
    yield Vector(first.tolist())
    yield Vector(places[np.argmax(gaps)].tolist())


def _join(
    one: bpy.types.Mesh, other: bpy.types.Mesh, spots: list[Vector], axis: int, order: Split
) -> bool:
    """Let pins stand out of the one, and go into holes of the other; False if that fails."""
    way, far = AXES[axis], order.pin
    radius, gap = order.pin / 2, order.clearance
    roots = [spot - way * ROOTED for spot in spots]
    pins = [(root, spot + way * far) for root, spot in zip(roots, spots, strict=True)]
    holes = [(root, end + way * gap) for root, end in pins]
    pinned = copy_of(one)
    done = combine_any(
        pinned, turned_rods(pins, radius), "UNION", solid_of(one).shell_of[1]
    ) and combine_any(
        other, turned_rods(holes, radius + gap), "DIFFERENCE", solid_of(other).shell_of[1]
    )
    if done:
        replace_geometry(one, pinned)
    else:
        bpy.data.meshes.remove(pinned)
    return done


def _laid(
    mesh: bpy.types.Mesh, cell: Cell, bounds: Bounds, printer: Printer
) -> Iterator[bpy.types.Mesh]:
    """Every piece of a cell, on its largest flat side that points down or to a cut before it."""
    for faces in bodies(solid_of(mesh)):
        piece = only(mesh, faces)
        _lay(piece, [bounds[axis][cell[axis]] for axis in range(3)], cell, printer)
        yield piece


def _lay(piece: bpy.types.Mesh, low: list[float], cell: Cell, printer: Printer) -> None:
    solid = solid_of(piece)
    areas = [
        _flat(solid, axis, low[axis]) if axis == UP or cell[axis] else 0.0 for axis in range(3)
    ]
    turn = TURNED[int(np.argmax(areas))] if max(areas) > areas[UP] else Matrix()
    sides = np.abs(np.array(turn.to_3x3()) @ np.array(solid.sides))
    if printer.fits((float(sides[0]), float(sides[1]), float(sides[2]))):
        piece.transform(turn)
    corner = places_of(piece).min(axis=0).tolist()
    piece.transform(Matrix.Translation([-length for length in corner]))
    piece.update()


def _flat(solid: Solid, axis: int, height: float) -> float:
    """How large the side is that is at the plane and looks down along the axis."""
    facing = solid.normals[:, axis] < -FACING
    at = np.abs(solid.corners[axis] - height).max(axis=0) < AT_PLANE
    return float(solid.doubles[facing & at].sum() / 2.0)
