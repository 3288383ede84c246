"""The surface that was sent: as it was seen, and as it is before anything bends it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

import bpy
import numpy as np
from mathutils import Matrix
from mathutils.bvhtree import BVHTree

from ...core.access import copy_of, mesh_of, present, scene_of
from ...model import deforming
from ...model.arrays import (
    Corners,
    Integers,
    Places,
    Triangles,
    corners_of,
    moved,
    places_of,
    polygons_of,
    triangles_of,
)
from .. import export
from .attributes import Given

EXACT: Final = 1e-6
"""Share of the size within which a place is where it was sent."""


class Group(NamedTuple):
    """A vertex group."""

    name: str
    is_locked: bool


class Weights(NamedTuple):
    """Of vertices in groups, one row a pair; sorted by vertex."""

    vertices: Integers
    groups: Integers
    values: Places


@dataclass(frozen=True, slots=True)
class Key:
    """A shape key and the difference it makes, (v, 3), of the one it is relative to."""

    name: str
    relative_to: str
    difference: Places


@dataclass(frozen=True, slots=True)
class Surface:
    """One object that was sent, in the coordinates of the exported file."""

    mesh: bpy.types.Mesh
    """As it was seen."""
    unbent: Places
    """(v, 3) the same vertices, as they are before what goes on bends them."""
    rest: Places
    """(v, 3) the same without shape keys."""
    basis: str = ""
    """Name of the shape key that all others change; "" if there are none."""
    keys: Sequence[Key] = ()
    groups: Sequence[Group] = ()


def weights_of(surface: Surface) -> Weights:
    """Those of its groups."""
    vertices = surface.mesh.vertices if surface.groups else ()
    found = [
        (number, pair.group, pair.weight)
        for number, vertex in enumerate(vertices)
        for pair in vertex.groups
        if pair.weight > 0.0
    ]
    table = np.array(found, dtype=np.float64).reshape(-1, 3)
    return Weights(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def surfaces(
    original: export.Original,
    moving: Collection[bpy.types.Object],
    keyed: Collection[bpy.types.Object],
) -> list[Surface]:
    """Everything that was sent; the objects ``moving``, which are meshes, in two states.

    Shape keys count of those ``keyed``; what they do to others is their shape.
    """
    found: list[Surface] = []
    apply = original.apply_modifiers
    for obj, world in zip(original.objects, original.worlds, strict=True):
        pieces = export.surfaces(obj, world, apply=apply)
        if obj in moving:
            (mesh, _, _), *pieces = pieces
            found.append(_in_two_states(obj, mesh, world, apply=apply, keyed=obj in keyed))
        found += [_still(mesh, where) for mesh, _, where in pieces]
    return found


def _still(mesh: bpy.types.Mesh, world: Matrix) -> Surface:
    """What nothing is known of but how it was seen."""
    export.bake(mesh, world)
    places = places_of(mesh).astype(np.float64)
    return Surface(mesh, places, places)


STEADY: Final = frozenset({"ARRAY", "MIRROR", "MULTIRES", "SCREW", "SOLIDIFY", "SUBSURF"})
"""Types of modifiers that make the same polygons of a mesh, however it is bent."""


def _in_two_states(
    obj: bpy.types.Object, mesh: bpy.types.Mesh, world: Matrix, *, apply: bool, keyed: bool
) -> Surface:
    """The surface as it was seen and unbent.

    Some modifiers make other polygons when the mesh is bent. Then both are without these: that
    lies near what was sent.
    """
    bending = [one.name for one in deforming.going_on(obj)]
    others = [one for one in obj.modifiers if one.name not in bending and _makes(one)]
    steady = [one for one in others if one.type in STEADY]
    for making in (others, steady, []):
        kept = [one.name for one in making] if apply else []
        straight = _states(obj, kept, keyed=keyed)
        if straight is None:
            continue
        if straight.polygons != polygons_of(mesh):
            mesh = export.own_mesh(_copy(obj, [*kept, *bending] if apply else []))
        if straight.polygons == polygons_of(mesh):
            break
    else:
        raise RuntimeError("a mesh that is only bent has other polygons")
    export.bake(mesh, world)
    return straight.as_surface(mesh, world, _groups(mesh))


def _groups(mesh: bpy.types.Mesh) -> list[Group]:
    """Those that its vertices are in: modifiers may have numbered them anew."""
    shown = bpy.data.objects.new(mesh.name, mesh)
    return [Group(group.name, group.lock_weight) for group in shown.vertex_groups]


def _makes(modifier: bpy.types.Modifier) -> bool:
    """Whether it may change the object's own mesh."""
    return modifier.type != "PARTICLE_SYSTEM" and not deforming.moves_nothing(modifier)


class _States(NamedTuple):
    """An object that nothing bends, in its own coordinates."""

    polygons: bytes
    unbent: Places
    rest: Places
    basis: str
    keys: Sequence[Key]

    def as_surface(self, mesh: bpy.types.Mesh, world: Matrix, groups: Sequence[Group]) -> Surface:
        """As a surface that stands at ``world``; ``mesh`` is how it was seen, there."""
        turn = np.array(world)[:3, :3].T
        keys = [replace(key, difference=key.difference @ turn) for key in self.keys]
        unbent, rest = moved(self.unbent, world), moved(self.rest, world)
        return Surface(mesh, unbent, rest, self.basis, keys, groups)


def _states(obj: bpy.types.Object, kept: Sequence[str], *, keyed: bool) -> _States | None:
    """The object with no modifiers but those ``kept``; None if shape keys change its polygons.

    Keys that follow one after the other in time are no more than the shape they make now.
    """
    straight = _copy(obj, kept, hangs_in=False)
    polygons, unbent = _polygons(straight), shown_places(straight)
    keys = _keys_of(straight)
    if keys is None or not keys.use_relative or not keyed:
        return _States(polygons, unbent, unbent, "", [])
    straight.show_only_shape_key = False
    for key in keys.key_blocks:
        key.slider_min, key.slider_max = min(key.slider_min, 0.0), max(key.slider_max, 1.0)
        key.value, key.mute, key.vertex_group = 0.0, False, ""
    rest = shown_places(straight)
    found: list[Key] = []
    for key in keys.key_blocks:
        if key == keys.reference_key:
            continue
        key.value = 1.0
        places = shown_places(straight)
        key.value = 0.0
        if len(places) != len(rest):
            return None
        found.append(Key(key.name, key.relative_key.name, places - rest))
    if len(unbent) != len(rest):
        return None
    return _States(polygons, unbent, rest, keys.reference_key.name, found)


def _copy(obj: bpy.types.Object, kept: Sequence[str], *, hangs_in: bool = True) -> bpy.types.Object:
    """The object with some of its modifiers, by name, and shape keys that stay as they are seen."""
    copy = copy_of(obj)
    copy.data = copy_of(mesh_of(obj))
    for modifier in list(copy.modifiers):
        if modifier.name not in kept:
            copy.modifiers.remove(modifier)
    if not hangs_in and deforming.hangs_in(copy):
        inverse = copy.matrix_parent_inverse.copy()
        copy.parent_type = "OBJECT"
        copy.matrix_parent_inverse = inverse
    keys, shown = _keys_of(copy), _keys_of(obj)
    if keys is not None and shown is not None:
        keys.animation_data_clear()
        evaluated = shown.evaluated_get(bpy.context.evaluated_depsgraph_get())
        keys.eval_time = evaluated.eval_time
        for key, seen in zip(keys.key_blocks, evaluated.key_blocks, strict=True):
            key.value = seen.value
    scene_of(bpy.context).collection.objects.link(copy)
    return copy


def key_values(obj: bpy.types.Object) -> dict[str, float]:
    """By how much each shape key is seen, by name."""
    keys = _keys_of(obj)
    if keys is None:
        return {}
    seen = keys.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return {key.name: 0.0 if key.mute else key.value for key in seen.key_blocks}


def _keys_of(obj: bpy.types.Object) -> bpy.types.Key | None:
    return mesh_of(obj).shape_keys


@contextmanager
def _evaluated(obj: bpy.types.Object) -> Iterator[bpy.types.Mesh]:
    shown = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    try:
        yield present(shown.to_mesh(), "mesh")
    finally:
        shown.to_mesh_clear()


def shown_places(obj: bpy.types.Object) -> Places:
    """(v, 3) of the vertices as modifiers show them, in the object's own coordinates."""
    with _evaluated(obj) as mesh:
        return places_of(mesh).astype(np.float64)


def _polygons(obj: bpy.types.Object) -> bytes:
    with _evaluated(obj) as mesh:
        return polygons_of(mesh)


class Source:
    """All that was sent as one surface; arrays have its vertices in their order."""

    def __init__(self, surfaces: Sequence[Surface]) -> None:
        self._surfaces = surfaces
        corners = [corners_of(surface.mesh) for surface in surfaces]
        triangles = [
            triangles_of(surface.mesh, one) for surface, one in zip(surfaces, corners, strict=True)
        ]
        shape, every = _as_one(triangles, corners)
        tree = BVHTree.FromPolygons(
            shape.places.tolist(), shape.vertices.tolist(), all_triangles=True
        )
        self.given = Given([surface.mesh for surface in surfaces], every, shape, tree)
        self.posed: Places = shape.places.astype(np.float64)
        self.unbent = np.concatenate([surface.unbent for surface in surfaces])
        self.rest = np.concatenate([surface.rest for surface in surfaces])
        self.size = float(np.ptp(self.posed, axis=0).max(initial=0.0)) or 1.0
        self.basis = next((surface.basis for surface in surfaces if surface.basis), "")
        self.relations: dict[str, str] = {}
        """Names of the shape keys, and of those they are relative to."""
        for key in (key for surface in surfaces for key in surface.keys):
            if key.name != self.basis:
                self.relations.setdefault(key.name, key.relative_to)

    @property
    def is_bent(self) -> bool:
        """Whether more than shape keys has moved any of it."""
        return bool(np.abs(self.posed - self.unbent).max(initial=0.0) > EXACT * self.size)

    def difference(self, name: str) -> Places:
        """(v, 3) between the shape of that name and the basis."""
        made = np.zeros_like(self.rest)
        passed: set[str] = set()
        while name in self.relations and name not in passed:
            passed.add(name)
            made += np.concatenate([_difference(surface, name) for surface in self._surfaces])
            name = self.relations[name]
        return made

    @cached_property
    def groups(self) -> tuple[list[Group], Weights]:
        """Those of all objects; of the same name they are one, as shape keys are."""
        found = {group.name: group for one in self._surfaces for group in one.groups}
        numbers = {name: number for number, name in enumerate(found)}
        start, parts = 0, []
        for surface in self._surfaces:
            weights = weights_of(surface)
            own = np.array([numbers[group.name] for group in surface.groups], dtype=np.int64)
            if len(weights.vertices):
                parts.append((weights.vertices + start, own[weights.groups], weights.values))
            start += len(surface.rest)
        if not parts:
            nothing = np.zeros(0, dtype=np.int64)
            return list(found.values()), Weights(nothing, nothing, np.zeros(0))
        columns = zip(*parts, strict=True)
        return list(found.values()), Weights(*map(np.concatenate, columns))


def _difference(surface: Surface, name: str) -> Places:
    """(v, 3) that the key of that name makes; none if the surface has no such key."""
    own = next((key for key in surface.keys if key.name == name), None)
    return np.zeros_like(surface.rest) if own is None else own.difference


def _as_one(shapes: Sequence[Triangles], corners: Sequence[Corners]) -> tuple[Triangles, Corners]:
    """Several meshes, numbered one after the other."""
    vertex = np.cumsum([0, *(len(shape.places) for shape in shapes)])
    corner = np.cumsum([0, *(len(one.vertices) for one in corners)])
    polygon = np.cumsum([0, *(len(one.starts) for one in corners)])
    numbered = list(zip(shapes, corners, vertex, corner, polygon, strict=False))

    def together(parts: Iterable[Any]) -> Any:
        return np.concatenate(list(parts))

    return Triangles(
        together(shape.places for shape in shapes),
        together(shape.corners + c for shape, _, _, c, _ in numbered),
        together(shape.vertices + v for shape, _, v, _, _ in numbered),
        together(shape.polygons + p for shape, _, _, _, p in numbered),
        together(shape.materials for shape in shapes),
    ), Corners(
        together(one.starts + c for _, one, _, c, _ in numbered),
        together(one.vertices + v for _, one, v, _, _ in numbered),
        together(one.polygons + p for _, one, _, _, p in numbered),
    )
