"""What a model is accompanied by: levels of detail and collision shapes, and the files of all.

They lie in collections of their own in the model's, hidden, and say which object they follow.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import bmesh
import bpy

from ....recipes.game_engines import GAME_ENGINES, GameEngine, level_name
from ...core.access import mesh_of, scene_of
from ...model.failure import PreparationFailed
from ...model.names import FOLLOWS
from ..preparation import Model
from . import exports, lods

HOLDS_SEVERAL: Final = frozenset({"glb", "fbx", "usd"})
"""Formats in which an engine finds objects by their names."""
HAS_LEVELS: Final = HOLDS_SEVERAL | {"obj"}


@dataclass(slots=True)
class Extras:
    """What was made for a model."""

    engine: GameEngine | None = None
    levels: list[lods.Level] = field(default_factory=list)
    shapes: list[bpy.types.Object] = field(default_factory=list)
    """Collision shapes."""

    @property
    def levels_inside(self) -> bool:
        """Whether the model's own file has its levels."""
        return bool(self.levels) and self.engine is not None and self.engine.levels_inside

    def collections(self) -> list[bpy.types.Collection]:
        """Those that hold them."""
        found = {shape.users_collection[0]: None for shape in self.shapes}
        return [*(level.collection for level in self.levels), *found]


def make(model: Model, post: Mapping[str, Any], made: Extras) -> None:
    """Add to ``made`` what the steps ask for, one after the other; raises PreparationFailed."""
    made.engine = GAME_ENGINES.get(post.get("collision", ""))
    made.levels = lods.make(model, post["lods"])
    for level in made.levels:
        for original, copy in zip(model.objects, level.objects, strict=True):
            copy[FOLLOWS] = original
    if made.engine is not None:
        made.shapes = _hulls(model, made.engine)


def put_away(model: Model, made: Extras) -> None:
    """Have them in the model's collection, hidden."""
    for collection in made.collections():
        scene_of(bpy.context).collection.children.unlink(collection)
        model.collection.children.link(collection)
        collection.hide_viewport = collection.hide_render = True


def _hulls(model: Model, engine: GameEngine) -> list[bpy.types.Object]:
    """A convex hull for each mesh of the model, in a collection of their own."""
    collection = bpy.data.collections.new(f"{model.collection.name} Collision")
    scene_of(bpy.context).collection.children.link(collection)
    hulls = []
    for obj in model.objects:
        if obj.type != "MESH":
            continue
        name = engine.collision_name(obj.name)
        hull = bpy.data.objects.new(name, _hull_of(mesh_of(obj), name))
        collection.objects.link(hull)
        hull.matrix_world = obj.matrix_world
        hull.display_type = "WIRE"
        hull[FOLLOWS] = obj
        hulls.append(hull)
    return hulls


def _hull_of(mesh: bpy.types.Mesh, name: str) -> bpy.types.Mesh:
    shape = bmesh.new()
    try:
        shape.from_mesh(mesh)
        corners: list[Element] = [*shape.verts]
        made = bmesh.ops.convex_hull(shape, input=corners)["geom"]
        sides = {one for one in made if isinstance(one, bmesh.types.BMFace)}
        kept = {corner for side in sides for corner in side.verts}
        inside: list[Element] = [face for face in shape.faces if face not in sides]
        bmesh.ops.delete(shape, geom=inside, context="FACES_ONLY")
        beside: list[Element] = [corner for corner in shape.verts if corner not in kept]
        bmesh.ops.delete(shape, geom=beside, context="VERTS")
        bmesh.ops.recalc_face_normals(shape, faces=shape.faces[:])
        if abs(shape.calc_volume()) <= FLAT * _longest(shape) ** 3:
            raise PreparationFailed("{name} is flat: it has no collision shape.", name=mesh.name)
        hull = bpy.data.meshes.new(name)
        shape.to_mesh(hull)
    finally:
        shape.free()
    return hull


def _longest(shape: bmesh.types.BMesh) -> float:
    """The longest side of what is around it."""
    axes = zip(*(corner.co for corner in shape.verts), strict=True)
    return max((max(axis) - min(axis) for axis in axes), default=0.0)


Element = bmesh.types.BMVert | bmesh.types.BMEdge | bmesh.types.BMFace
FLAT: Final = 1e-6
"""Volume, in that of a cube around it, of what has no body: an importer refuses it."""


def write(model: Model, made: Extras, formats: Sequence[str], to: Path, stem: str) -> None:
    """Write the files into ``to``; raises PreparationFailed."""
    for suffix in formats:
        _write_one(model, made, suffix, to / f"{stem}.{suffix}")
        if suffix == "fbx":  # its levels have the same pictures
            exports.write_beside_fbx(model.objects, to / f"{stem}.{suffix}")
    if made.levels_inside:
        return
    for number, level in enumerate(made.levels, 1):
        for suffix in (one for one in formats if one in HAS_LEVELS):
            exports.export(level.objects, to / f"{stem}-lod{number}.{suffix}")


def _write_one(model: Model, made: Extras, suffix: str, to: Path) -> None:
    """Write the model in one format, with what an engine wants to find in its file."""
    objects = list(model.objects)
    if suffix not in HOLDS_SEVERAL:
        exports.export(objects, to)
        return
    with _in_sight(made), _numbered(model, made):
        inside = made.levels if made.levels_inside else []
        more = [obj for level in inside for obj in level.objects]
        exports.export([*objects, *more, *made.shapes], to)


@contextmanager
def _in_sight(made: Extras) -> Iterator[None]:
    """Exporters leave out what is hidden."""
    hidden = [one for one in made.collections() if one.hide_viewport]
    for collection in hidden:
        collection.hide_viewport = False
    try:
        yield
    finally:
        for collection in hidden:
            collection.hide_viewport = True


@contextmanager
def _numbered(model: Model, made: Extras) -> Iterator[None]:
    """Call the model the first of its levels meanwhile, where its file has them all."""
    if not made.levels_inside:
        yield
        return
    names = {obj: obj.name for obj in model.objects}
    for obj, name in names.items():
        obj.name = level_name(name, 0)
    try:
        yield
    finally:
        for obj, name in names.items():
            obj.name = name
