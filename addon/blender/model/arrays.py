"""What meshes consist of, as arrays: loops over a million corners take Python minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar, overload

import bpy
import numpy as np
import numpy.typing as npt
from mathutils import Matrix

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.integer[Any]]
"""As short as Blender stores them, or longer."""

Scalar = TypeVar("Scalar", bound=np.generic)

SIDES: Final = 3
"""Of a triangle."""


@dataclass(frozen=True, slots=True)
class Corners:
    """The polygons of a mesh, corner by corner; corners are numbered as Blender's loops are."""

    starts: Integers
    """First corner of each polygon."""
    vertices: Integers
    """Vertex of each corner."""
    polygons: Integers
    """Polygon of each corner."""

    @property
    def following(self) -> Integers:
        """The next corner of the same polygon, for each corner."""
        following = np.arange(1, len(self.vertices) + 1)
        following[np.append(self.starts[1:], len(self.vertices)) - 1] = self.starts
        return following


def are_triangles(mesh: bpy.types.Mesh) -> bool:
    """Whether all polygons are: none has fewer corners."""
    return len(mesh.loops) == SIDES * len(mesh.polygons)


def corners_of(mesh: bpy.types.Mesh) -> Corners:
    vertices = vertices_of_corners(mesh).astype(np.int64)
    if are_triangles(mesh):
        starts = np.arange(0, len(vertices), SIDES)
        return Corners(starts, vertices, np.repeat(np.arange(len(starts)), SIDES))
    starts = got(mesh.polygons, "loop_start").astype(np.int64)
    totals = np.diff(np.append(starts, len(vertices)))
    return Corners(starts, vertices, np.repeat(np.arange(len(starts)), totals))


@dataclass(frozen=True, slots=True)
class Triangles:
    """A mesh as it is drawn."""

    places: Floats
    """(v, 3) of the vertices."""
    corners: Integers
    """(t, 3) corners of the mesh."""
    vertices: Integers
    """(t, 3) vertices of these."""
    polygons: Integers
    """(t,) polygon each is a part of."""
    materials: Integers
    """(t,) number of the material slot."""

    def __len__(self) -> int:
        return len(self.corners)

    def at(self, which: Any = slice(None)) -> Floats:
        """(n, 3, 3) places of the corners of those triangles."""
        places: Floats = self.places[self.vertices[which]]
        return places

    def areas(self) -> Places:
        """(t,)."""
        x, y, z = np.ascontiguousarray(self.places.T, dtype=np.float64)
        a, b, c = np.ascontiguousarray(self.vertices.T)
        (x1, y1, z1), (x2, y2, z2) = ([of[end] - of[a] for of in (x, y, z)] for end in (b, c))
        squares = (y1 * z2 - z1 * y2) ** 2 + (z1 * x2 - x1 * z2) ** 2 + (x1 * y2 - y1 * x2) ** 2
        areas: Places = np.sqrt(squares) / 2
        return areas


def triangles_of(mesh: bpy.types.Mesh, corners: Corners) -> Triangles:
    places = places_of(mesh) + np.float32(0.0)  # -0.0 is 0.0
    materials = slots_of(mesh).astype(np.int64)
    if are_triangles(mesh):
        polygons = np.arange(len(corners.starts))
        drawn, vertices = (
            every.reshape(-1, SIDES) for every in (np.arange(len(mesh.loops)), corners.vertices)
        )
        return Triangles(places, drawn, vertices, polygons, materials)
    drawn = corners_drawn(mesh).astype(np.int64)
    polygons = corners.polygons[drawn[:, 0]]
    return Triangles(places, drawn, corners.vertices[drawn], polygons, materials[polygons])


# Blender hands attributes out as they lie in memory; the same numbers as properties of vertices,
# loops and polygons take it up to a hundred times as long.


def places_of(mesh: bpy.types.Mesh) -> Floats:
    """(v, 3) of the vertices."""
    if not mesh.vertices:
        return np.zeros((0, 3), dtype=np.float32)
    return got(_data(mesh, "position"), "vector", 3, kind=np.float32)


def moved(places: Floats | Places, matrix: Matrix) -> Places:
    """(..., 3) where the matrix takes the places."""
    rows = np.array(matrix)
    there: Places = places @ rows[:3, :3].T + rows[:3, 3]
    return there


def vertices_of_corners(mesh: bpy.types.Mesh) -> npt.NDArray[np.int32]:
    """(l,)."""
    if not mesh.loops:
        return np.zeros(0, dtype=np.int32)
    return got(_data(mesh, ".corner_vert"), "value")


def polygons_of(mesh: bpy.types.Mesh) -> bytes:
    """The same for meshes with the same polygons of the same vertices."""
    starts = got(mesh.polygons, "loop_start")
    counts = np.array([len(mesh.vertices), len(mesh.polygons)])
    return b"".join(part.tobytes() for part in (counts, starts, vertices_of_corners(mesh)))


def edges_of_corners(mesh: bpy.types.Mesh) -> npt.NDArray[np.int32]:
    """(l,) from each corner to the next of its polygon."""
    if not mesh.loops:
        return np.zeros(0, dtype=np.int32)
    return got(_data(mesh, ".corner_edge"), "value")


def vertices_of_edges(mesh: bpy.types.Mesh) -> npt.NDArray[np.int32]:
    """(e, 2)."""
    if not mesh.edges:
        return np.zeros((0, 2), dtype=np.int32)
    return got(_data(mesh, ".edge_verts"), "value", 2)


def corners_drawn(mesh: bpy.types.Mesh) -> npt.NDArray[np.int32]:
    """(t, 3) corners of the triangles that are drawn."""
    if are_triangles(mesh):
        return np.arange(len(mesh.loops), dtype=np.int32).reshape(-1, SIDES)
    mesh.calc_loop_triangles()
    return got(mesh.loop_triangles, "loops", SIDES)


def fans_of(mesh: bpy.types.Mesh) -> npt.NDArray[np.int32]:
    """(t, 3) corners of triangles from the first corner of each polygon to all others.

    Of flat polygons they hold the same volume as those that are drawn, and take a fraction of the
    time.
    """
    count = len(mesh.loops) - 2 * len(mesh.polygons)
    starts = got(mesh.polygons, "loop_start")
    totals = np.diff(np.append(starts, len(mesh.loops)))
    polygons = np.repeat(np.arange(len(starts), dtype=np.int32), totals - 2)
    second = np.arange(1, count + 1, dtype=np.int32) + 2 * polygons
    return np.stack([starts[polygons], second, second + 1], axis=1)


def vertices_drawn(mesh: bpy.types.Mesh, corners: Numbers) -> npt.NDArray[np.int32]:
    """(t, 3) vertices of the triangles that are drawn, which have those ``corners``."""
    vertices = vertices_of_corners(mesh)
    return vertices.reshape(-1, SIDES) if are_triangles(mesh) else vertices[corners]


def slots_of(mesh: bpy.types.Mesh) -> npt.NDArray[np.int32]:
    """(p,) number of each polygon's material."""
    if "material_index" not in mesh.attributes:  # it is 0 everywhere
        return np.zeros(len(mesh.polygons), dtype=np.int32)
    return got(_data(mesh, "material_index"), "value")


def set_slots(mesh: bpy.types.Mesh, slots: Integers) -> None:
    """Give the polygons their materials."""
    if not slots.any() and "material_index" not in mesh.attributes:
        return
    if "material_index" not in mesh.attributes:
        mesh.attributes.new("material_index", "INT", "FACE")
    _data(mesh, "material_index").foreach_set("value", slots.astype(np.int32))


def _data(mesh: bpy.types.Mesh, name: str) -> Any:
    return data_of(mesh.attributes[name])


def data_of(attribute: Any) -> Any:
    """The values of an attribute, of which the stubs know only that it is one."""
    return attribute.data


def places_shared(columns: Places, tolerance: float) -> tuple[Integers, Flags]:
    """For each of the (3, n) places a number that all have who lie there, and whether it is alone.

    The number is that of one of them.
    """
    keys = _cells(columns, tolerance)
    number, is_alone = np.arange(len(keys)), np.ones(len(keys), dtype=np.bool_)
    # Most are alone, which takes no sorting to see: nothing else is in their slot of a table.
    shift = np.uint64(64 - min(22, (4 * len(keys)).bit_length()))
    slots = (keys.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> shift
    table = np.zeros(2 ** int(64 - shift), dtype=np.int32)
    table[slots] = number
    is_shared = np.zeros(len(table), dtype=np.bool_)
    is_shared[slots[table[slots] != number]] = True
    which = np.flatnonzero(is_shared[slots])
    which = which[np.argsort(keys[which])]
    starts = np.ones(len(which) + 1, dtype=np.bool_)
    np.not_equal(keys[which[1:]], keys[which[:-1]], out=starts[1:-1])
    is_alone[which] = starts[:-1] & starts[1:]
    number[which] = which[starts[:-1]][np.cumsum(starts[:-1]) - 1]
    return number, is_alone


def _cells(columns: Places, tolerance: float) -> Integers:
    """(v,) number of the cell of that size that each place is in."""
    keys = np.zeros(columns.shape[1], dtype=np.int64)
    cells = []
    for column in columns:
        along = column - column.min()
        along /= tolerance
        cells.append(np.round(along, out=along).astype(np.int64))
    span = max(int(cell.max()) for cell in cells) + 1
    for cell in cells:  # below 1e6 along each axis, so that three of them fit into one number
        keys *= span
        keys += cell
    return keys


def welded(places: Places, tolerance: float) -> tuple[Integers, Places]:
    """For each vertex the number of its place, from 0, and the places."""
    shared, _ = places_shared(np.ascontiguousarray(places.T), tolerance)
    kept, number = np.unique(shared, return_inverse=True)
    return number, places[kept]


@overload
def got(items: Any, name: str, width: int = 1) -> npt.NDArray[np.int32]: ...


@overload
def got(items: Any, name: str, width: int = 1, *, kind: type[Scalar]) -> npt.NDArray[Scalar]: ...


def got(items: Any, name: str, width: int = 1, *, kind: Any = np.int32) -> Any:
    """A property of all items: (n,), or (n, width) if that is more than 1."""
    flat = np.empty(width * len(items), dtype=kind)
    items.foreach_get(name, flat)
    return flat if width == 1 else flat.reshape(-1, width)


def box_of(places: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest of each of the three numbers: numpy takes long along short axes."""
    columns = np.ascontiguousarray(places.T)
    return columns.min(axis=1), columns.max(axis=1)


def any_of_rows(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """(n,) whether any of the (n, ...) flags is set; faster, as above."""
    first, *others = flags.reshape(len(flags), -1).T
    found = first.copy()
    for other in others:
        found |= other
    return found


AT_ONCE: Final = 2**15
"""Rows whose intermediate results stay in a processor's cache."""


def stretches(count: int) -> Iterator[slice]:
    """So many rows, a stretch of them after the other."""
    for start in range(0, count, AT_ONCE):
        yield slice(start, start + AT_ONCE)
