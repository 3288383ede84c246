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


def corners_of(mesh: bpy.types.Mesh) -> Corners:
    starts = got(mesh.polygons, "loop_start").astype(np.int64)
    vertices = vertices_of_corners(mesh).astype(np.int64)
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
    drawn = corners_drawn(mesh).astype(np.int64)
    polygons = corners.polygons[drawn[:, 0]]
    places = places_of(mesh) + np.float32(0.0)  # -0.0 is 0.0
    materials = slots_of(mesh).astype(np.int64)
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
    if len(mesh.loops) == SIDES * len(mesh.polygons):  # none has fewer corners
        return np.arange(len(mesh.loops), dtype=np.int32).reshape(-1, SIDES)
    mesh.calc_loop_triangles()
    return got(mesh.loop_triangles, "loops", SIDES)


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


def places_shared(places: Places, tolerance: float) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """For each vertex the number of its place, and whether it is the only one there."""
    cells = np.round((places - places.min(axis=0)) / tolerance).astype(np.int64)
    span = int(cells.max()) + 1
    # Cells are below 1e6 along each axis, so three of them fit into one number.
    keys = (cells[:, 0] * span + cells[:, 1]) * span + cells[:, 2]
    order = np.argsort(keys)
    ends = np.ones(len(keys) + 1, dtype=np.bool_)
    np.not_equal(keys[order[1:]], keys[order[:-1]], out=ends[1:-1])
    number, is_alone = np.empty(len(keys), dtype=np.int64), np.empty(len(keys), dtype=np.bool_)
    number[order] = np.cumsum(ends[:-1])
    is_alone[order] = ends[:-1] & ends[1:]
    return number, is_alone


def welded(places: Places, tolerance: float) -> tuple[Integers, Places]:
    """For each vertex the number of its place, from 0, and the places."""
    number, _ = places_shared(places, tolerance)
    number -= 1
    found = np.empty((int(number.max()) + 1, 3))
    found[number] = places
    return number, found


@overload
def got(items: Any, name: str, width: int = 1) -> npt.NDArray[np.int32]: ...


@overload
def got(items: Any, name: str, width: int = 1, *, kind: type[Scalar]) -> npt.NDArray[Scalar]: ...


def got(items: Any, name: str, width: int = 1, *, kind: Any = np.int32) -> Any:
    """A property of all items: (n,), or (n, width) if that is more than 1."""
    flat = np.empty(width * len(items), dtype=kind)
    items.foreach_get(name, flat)
    return flat if width == 1 else flat.reshape(-1, width)


AT_ONCE: Final = 2**15
"""Rows whose intermediate results stay in a processor's cache."""


def stretches(count: int) -> Iterator[slice]:
    """So many rows, a stretch of them after the other."""
    for start in range(0, count, AT_ONCE):
        yield slice(start, start + AT_ONCE)
