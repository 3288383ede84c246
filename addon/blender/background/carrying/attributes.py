"""Named values on a mesh, taken to another mesh of the same surface.

UV maps are left alone: they belong to the pictures that are on the mesh.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import bpy
import numpy as np
import numpy.typing as npt
from mathutils.bvhtree import BVHTree

from ...model.arrays import Corners, Integers, Places, Triangles, corners_of, got
from . import binding

Values = npt.NDArray[Any]


class _Type(NamedTuple):
    """How the values of a type are read; ``mixes`` tells that there is something between two."""

    property: str
    width: int
    kind: type
    mixes: bool


TYPES: Final[dict[str, _Type]] = {
    "BOOLEAN": _Type("value", 1, np.bool_, False),
    "BYTE_COLOR": _Type("color", 4, np.float32, True),
    "FLOAT": _Type("value", 1, np.float32, True),
    "FLOAT2": _Type("vector", 2, np.float32, True),
    "FLOAT_COLOR": _Type("color", 4, np.float32, True),
    "FLOAT_VECTOR": _Type("vector", 3, np.float32, True),
    "INT": _Type("value", 1, np.int32, False),
    "INT8": _Type("value", 1, np.int32, False),
}
COLORS: Final = frozenset({"BYTE_COLOR", "FLOAT_COLOR"})
OF_THE_FILE: Final = frozenset(
    {"custom_normal", "material_index", "position", "sharp_edge", "sharp_face"}
)
"""Names of those that make a mesh look as it does, which every mesh has of its own."""
SEAMS: Final = "use_seam"
SAME_PLACE: Final = 1e-5
"""Share of the size within which two vertices are one."""
INSET: Final = 0.1
"""How far into its polygon a corner is looked for: at its very place polygons touch."""


class Kind(NamedTuple):
    """What tells attributes apart."""

    name: str
    type: str
    domain: str


@dataclass(frozen=True)
class Given:
    """Meshes as one surface, which gives its attributes."""

    meshes: Sequence[bpy.types.Mesh]
    corners: Corners
    """Of all of them, one mesh after the other."""
    shape: Triangles
    tree: BVHTree

    def kinds(self) -> list[Kind]:
        """Attributes that can be taken to another mesh."""
        found: dict[str, Kind] = {}
        for mesh in self.meshes:
            for one in mesh.attributes:
                if is_own(one):
                    found.setdefault(one.name, Kind(one.name, one.data_type, one.domain))
        return list(found.values())

    def values(self, kind: Kind) -> Values:
        """(n, k) of all elements of the kind's domain; 0, or white, where a mesh has none."""
        return np.concatenate([_values(mesh, kind) for mesh in self.meshes])


def is_own(attribute: bpy.types.Attribute) -> bool:
    """Whether it is an artist's, and no mesh has it by itself."""
    if attribute.name.startswith(".") or attribute.name in OF_THE_FILE:
        return False
    is_uv_map = attribute.data_type == "FLOAT2" and attribute.domain == "CORNER"
    return attribute.data_type in TYPES and not is_uv_map


def _values(mesh: bpy.types.Mesh, kind: Kind) -> Values:
    how = TYPES[kind.type]
    attribute: Any = mesh.attributes.get(kind.name)
    if attribute is None or (attribute.data_type, attribute.domain) != kind[1:]:
        count = {
            "POINT": len(mesh.vertices),
            "EDGE": len(mesh.edges),
            "FACE": len(mesh.polygons),
            "CORNER": len(mesh.loops),
        }[kind.domain]
        return np.full((count, how.width), kind.type in COLORS, dtype=how.kind)
    values: Values = got(attribute.data, how.property, how.width, kind=how.kind)
    return values.reshape(-1, how.width)


class Taker:
    """A mesh that attributes are given to, bound to what gives them."""

    def __init__(
        self, mesh: bpy.types.Mesh, places: Places, points: binding.Bound, given: Given
    ) -> None:
        """``places`` (v, 3) in the given surface's coordinates, which ``points`` bind."""
        self._mesh, self._places, self._points, self._given = mesh, places, points, given

    def take(self) -> None:
        """Give the mesh all attributes that it has not, and the seams it has not."""
        mesh = self._mesh
        has_colors = bool(mesh.color_attributes)
        for kind in self._given.kinds():
            if kind.name not in mesh.attributes and not (has_colors and kind.type in COLORS):
                values = self._sampled(kind, self._given.values(kind))
                if values is not None:
                    _write(mesh, kind, values)
        if not has_colors:
            self._take_active_colors()
        self._take_seams()

    def _sampled(self, kind: Kind, values: Values) -> Values | None:
        mixes = TYPES[kind.type].mixes
        if kind.domain == "POINT":
            return _mixed(self._points.corners, self._points.shares, values, mixes=mixes)
        if kind.domain == "FACE":
            polygons = self._given.shape.polygons[self._faces.triangles]
            return values[polygons]
        if kind.domain == "EDGE":
            return self._of_edges(values)
        return self._of_corners(values, mixes=mixes)

    def _of_corners(self, values: Values, *, mixes: bool) -> Values:
        """As the vertices have it, but where the corners of one differ."""
        given, points = self._given, self._points
        which = given.shape.corners[points.triangles]
        sampled: Values = _mixed(which, points.shares, values, mixes=mixes)[self._corners.vertices]
        vertices = given.corners.vertices
        some = np.zeros((len(given.shape.places), values.shape[1]), dtype=values.dtype)
        some[vertices] = values
        differs = np.zeros(len(some), dtype=np.bool_)
        differs[vertices[np.any(some[vertices] != values, axis=1)]] = True
        rough = differs[points.corners[self._corners.vertices]].any(axis=1)
        if rough.any():
            rows = np.flatnonzero(rough)
            triangles, shares = self._inside(rows)
            sampled[rows] = _mixed(given.shape.corners[triangles], shares, values, mixes=mixes)
        return sampled

    def _inside(self, rows: Integers) -> tuple[Integers, Places]:
        """The triangle that lies where the polygon of a corner does, and its shares there."""
        places = self._places[self._corners.vertices[rows]]
        polygons = self._corners.polygons[rows]
        inside = places + INSET * (self._centers[polygons] - places)
        normals = self._normals[polygons]
        bound = binding.bind(inside, normals, self._given.shape, self._given.tree)
        corners = self._given.shape.at(bound.triangles).astype(np.float64)
        return bound.triangles, binding.shares_at(places, corners)

    @cached_property
    def _corners(self) -> Corners:
        return corners_of(self._mesh)

    @cached_property
    def _centers(self) -> Places:
        """(p, 3)."""
        sums = np.add.reduceat(self._places[self._corners.vertices], self._corners.starts)
        totals = np.diff(np.append(self._corners.starts, len(self._corners.vertices)))
        return sums / totals[:, None]

    @cached_property
    def _normals(self) -> Places:
        """(p, 3)."""
        return got(self._mesh.polygons, "normal", 3, kind=np.float32).astype(float)

    @cached_property
    def _faces(self) -> binding.Bound:
        return binding.bind(self._centers, self._normals, self._given.shape, self._given.tree)

    @cached_property
    def _vertices(self) -> Integers:
        """(v,) the given vertex that each is; -1 where it is none."""
        points, shape = self._points, self._given.shape
        rows = np.arange(len(points.triangles))
        nearest = points.corners[rows, points.shares.argmax(axis=1)]
        near = float(np.ptp(shape.places, axis=0).max(initial=0.0)) * SAME_PLACE
        away = np.linalg.norm(shape.places[nearest] - self._places, axis=1)
        return np.where(away <= near, nearest, -1)

    def _of_edges(self, values: Values) -> Values | None:
        """Those of the edges that the mesh has kept; None if it has kept none."""
        sampled = np.zeros((len(self._mesh.edges), values.shape[1]), dtype=values.dtype)
        given = self._edge_keys(_edges(self._given.meshes))
        ends = self._vertices[_edges([self._mesh])]
        order = np.argsort(given)
        keys = self._edge_keys(ends)
        place = order[np.minimum(np.searchsorted(given[order], keys), len(order) - 1)]
        same = (ends >= 0).all(axis=1) & (given[place] == keys)
        sampled[same] = values[place[same]]
        return sampled if sampled.any() else None

    def _edge_keys(self, ends: Integers) -> Integers:
        low, high = ends.min(axis=1), ends.max(axis=1)
        keys: Integers = low * len(self._given.shape.places) + high
        return keys

    def _take_active_colors(self) -> None:
        for mesh in self._given.meshes:
            if mesh.color_attributes:
                ours: Any = self._mesh.attributes
                ours.active_color_name = mesh.attributes.active_color_name
                ours.default_color_name = mesh.attributes.default_color_name
                return

    def _take_seams(self) -> None:
        seams = np.concatenate(
            [got(mesh.edges, SEAMS, kind=np.bool_) for mesh in self._given.meshes]
        )
        if seams.any() and not got(self._mesh.edges, SEAMS, kind=np.bool_).any():
            taken = self._of_edges(seams[:, None])
            if taken is not None:
                self._mesh.edges.foreach_set(SEAMS, taken.ravel())


def _edges(meshes: Sequence[bpy.types.Mesh]) -> Integers:
    """(e, 2) vertices of the edges of all meshes, numbered one mesh after the other."""

    def numbered() -> Iterator[Any]:
        start = 0
        for mesh in meshes:
            yield got(mesh.edges, "vertices", 2).astype(np.int64) + start
            start += len(mesh.vertices)

    return np.concatenate(list(numbered()))


def _mixed(which: Integers, shares: Places, values: Values, *, mixes: bool) -> Values:
    """(n, k) of (n, 3) elements that have these shares; of what cannot be mixed the largest."""
    if mixes:
        mixed: Values = np.einsum("nc,nck->nk", shares, values[which])
        return mixed
    rows = np.arange(len(which))
    largest: Values = values[which[rows, shares.argmax(axis=1)]]
    return largest


def _write(mesh: bpy.types.Mesh, kind: Kind, values: Values) -> None:
    how = TYPES[kind.type]
    attributes: Any = mesh.attributes  # the stubs know the kinds by their names
    made = attributes.new(*kind)
    made.data.foreach_set(how.property, values.astype(how.kind).ravel())
