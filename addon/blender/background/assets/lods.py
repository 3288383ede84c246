"""Levels of detail: the model again with fewer triangles."""

from collections.abc import Sequence
from dataclasses import dataclass

import bpy

from ....recipes.game_engines import level_name
from ...core.access import copy_of, mesh_of, scene_of, typed, view_layer_of
from ...model.failure import PreparationFailed
from .. import normalize
from ..preparation import Model


@dataclass(frozen=True, slots=True)
class Level:
    """One level, in a collection of its own."""

    collection: bpy.types.Collection
    objects: Sequence[bpy.types.Object]
    triangles: int


def make(model: Model, shares: Sequence[float]) -> list[Level]:
    """One level per share of the triangles to keep; raises PreparationFailed."""
    return [_make(model, number, share) for number, share in enumerate(shares, 1)]


def _make(model: Model, number: int, share: float) -> Level:
    collection = bpy.data.collections.new(level_name(model.collection.name, number))
    scene_of(bpy.context).collection.children.link(collection)
    copies = {obj: copy_of(obj) for obj in model.objects}
    for original, copy in copies.items():
        copy.name = level_name(original.name, number)
        collection.objects.link(copy)
        copy.parent = copies.get(copy.parent) if copy.parent is not None else None
        for modifier in copy.modifiers:
            if isinstance(modifier, bpy.types.ArmatureModifier) and modifier.object is not None:
                modifier.object = copies.get(modifier.object)
    view_layer_of(bpy.context).update()
    meshes = [copy for copy in copies.values() if copy.type == "MESH"]
    for copy in meshes:
        decimate(copy, share)
    return Level(collection, list(copies.values()), normalize.count_triangles(meshes))


def decimate(obj: bpy.types.Object, share: float) -> None:
    """Reduce one object's own copy of its mesh."""
    mesh = obj.data = copy_of(mesh_of(obj))
    mesh.name = obj.name
    if mesh.shape_keys is not None:
        words = "{name} has shape keys: its triangles cannot be reduced."
        raise PreparationFailed(words, name=obj.name)
    modifier = typed(bpy.types.DecimateModifier, obj.modifiers.new("Decimate", "DECIMATE"))
    modifier.ratio = share
    obj.modifiers.move(len(obj.modifiers) - 1, 0)  # before an armature: in the rest pose
    with bpy.context.temp_override(object=obj, active_object=obj, selected_objects=[obj]):
        bpy.ops.object.modifier_apply(modifier=modifier.name)
