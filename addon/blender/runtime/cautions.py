"""What the service would not see, or its result would not have, in words: known before it is paid.

Drawing asks for it: everything is only read, and read again when the scene has changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import bpy

from ...catalog import Outcome
from ...catalog.messages import Message
from ...catalog.validation import simple_already
from ...jobs.planner import CHANGES_MODEL, MAKES_SURFACE
from ..core.access import mesh_of, present, view_layer_of
from ..model import deforming
from ..scene import (
    file_materials,
    materials,
    modifiers_lost,
    paint,
    parenting,
    read_cache,
    upload_size,
)
from ..scene.export_selection import Selection
from ..scene.file_materials import Loss
from ..settings.properties import settings_of
from .tool_orders import MAIN, Order

NAMED: Final = 3
"""As many names stand in a sentence."""


class _Lost(NamedTuple):
    """Names, in order, of what is seen and not sent."""

    missing: tuple[str, ...]
    tiles: tuple[str, ...]
    losses: Mapping[Loss, Sequence[str]]
    """Names of materials."""


def of_order(context: bpy.types.Context, order: Order) -> list[str]:
    """What the model files of an order lack, and what its results will."""
    found = of_models(context, order.selections)
    lost = _not_carried_over(context, order)
    if lost:
        words = Message("Not carried over to the result: {names}.", names=_listed(lost))
        found.append(words)
    hiding = _hiding(context, order)
    if hiding:
        words = Message(
            "The new textures may be hidden by the materials or UV maps that these set: {names}. "
            "Apply or remove them first.",
            names=_listed(hiding),
        )
        found.append(words)
    return found + _of_simple_models(context, order)


def _of_simple_models(context: bpy.types.Context, order: Order) -> list[str]:
    """That a tool which simplifies has little to do; only the first step sees the objects."""
    enough = order.drafts[0].operation.simple_below
    counts = [upload_size.count_triangles(context, one) for one in order.selections if enough]
    simple = [count for count in counts if 0 < count < enough]
    if not simple:
        return []
    return [simple_already(min(simple))]


def of_models(context: bpy.types.Context, selections: Sequence[Selection]) -> list[str]:
    """What a model file of the selections lacks."""
    lost = _lost(context, selections)
    found = list(_of_pictures(lost))
    for loss, words in LOST_WORDS.items():
        if loss in lost.losses:
            found.append(Message(words, names=_listed(lost.losses[loss])))
    return found


LOST_WORDS: Final[Mapping[Loss, str]] = {
    Loss.COLOR: (
        "Only pictures and plain colors can be sent, and these are made by nodes: {names}. "
        "Bake them into a picture first."
    ),
    Loss.SURFACE: (
        "What nodes make of roughness, metalness, normals, emission, alpha or displacement is not "
        "sent: {names}. Bake it into pictures first."
    ),
    Loss.PLACE: (
        "Pictures are sent as they lie on a UV map, and on these they lie otherwise: {names}. "
        "Bake them into a picture first."
    ),
}


def of_pictures(context: bpy.types.Context, selections: Sequence[Selection]) -> list[str]:
    """What a rendering or an asset of the selections lacks: nodes are no trouble there."""
    return _of_pictures(_lost(context, selections))


def _of_pictures(lost: _Lost) -> list[str]:
    found: list[str] = []
    if lost.missing:
        found.append(
            Message(
                "Pictures are missing, and the model goes without them: {names}.",
                names=_listed(lost.missing),
            )
        )
    if lost.tiles:
        found.append(
            Message(
                "Save these pictures first, or their tiles go as they were: {names}.",
                names=_listed(lost.tiles),
            )
        )
    return found


def _listed(names: Sequence[str]) -> str:
    more = "…" if len(names) > NAMED else ""
    return ", ".join([*names[:NAMED], *([more] if more else [])])


def _not_carried_over(context: bpy.types.Context, order: Order) -> list[str]:
    """Names of what belongs to the vertices of the originals, of which results have others."""
    if order.outcome not in CHANGES_MODEL:
        return []
    anew = any(draft.operation.outcome in MAKES_SURFACE for draft in order.drafts)
    # A result on a UV map of the original has all of the original's maps.
    kept = order.outcome is Outcome.TEXTURES and bool(settings_of(context).uv_map)
    found: dict[str, None] = {}
    for selection in (models[MAIN] for models in order.runs if MAIN in models):
        for obj in selection.objects:
            if isinstance(obj.data, bpy.types.Mesh):
                key = (_not_carried_over, anew, kept, obj.session_uid)
                look = partial(_lost_of, context, obj, anew=anew, maps_stay=kept)
                found.update(dict.fromkeys(read_cache.once(key, look)))
    return list(found)


def _hiding(context: bpy.types.Context, order: Order) -> list[str]:
    """Names of modifiers that stay on, and over the new textures."""
    if order.outcome is not Outcome.TEXTURES:
        return []
    found: dict[str, None] = {}
    for selection in (models[MAIN] for models in order.runs if MAIN in models):
        obj = selection.main
        if isinstance(obj.data, bpy.types.Mesh) and not _has_made_polygons(context, obj):
            found.update(dict.fromkeys(modifiers_lost.that_hide_textures(obj)))
    return list(found)


BY_VERTEX: Final = frozenset(
    {
        "CLOTH",
        "CORRECTIVE_SMOOTH",
        "DYNAMIC_PAINT",
        "LAPLACIANDEFORM",
        "MESH_CACHE",
        "MESH_DEFORM",
        "MESH_SEQUENCE_CACHE",
        "MULTIRES",
        "SOFT_BODY",
        "SURFACE_DEFORM",
    }
)
"""Types of modifiers that keep something for each vertex or face."""


def _lost_of(
    context: bpy.types.Context, obj: bpy.types.Object, *, anew: bool, maps_stay: bool
) -> list[str]:
    mesh = mesh_of(obj)
    found = [one.name for one in mesh.uv_layers if not (maps_stay or one.active_render)]
    if anew or _has_made_polygons(context, obj):
        going_on = deforming.going_on(obj)
        for modifier in obj.modifiers:
            bends = modifier.type in BY_VERTEX or deforming.can_go_on(modifier)
            if bends and modifier not in going_on and modifier.show_viewport:
                found.append(modifier.name)
        found += modifiers_lost.that_follow_others(obj)
        if deforming.hangs_in(obj) and deforming.is_copied(obj):
            found.append(present(obj.parent, "parent").name)
        found += [system.name for system in obj.particle_systems]
        if mesh.shape_keys is not None and not mesh.shape_keys.use_relative:
            found.append(mesh.shape_keys.name)
        found += [child.name for child in obj.children if child.parent_type in parenting.VERTICES]
    return found


def _has_made_polygons(context: bpy.types.Context, obj: bpy.types.Object) -> bool:
    """Whether modifiers show other polygons than the mesh has."""
    depsgraph = view_layer_of(context).depsgraph
    own, shown = obj.data, obj.evaluated_get(depsgraph).data if depsgraph else obj.data
    if not isinstance(own, bpy.types.Mesh) or not isinstance(shown, bpy.types.Mesh):
        return False
    return len(own.polygons) != len(shown.polygons)


def _lost(context: bpy.types.Context, selections: Sequence[Selection]) -> _Lost:
    keys = (key for selection in selections for key in selection.key)
    return read_cache.once((_Lost, *keys), lambda: _look(_materials(context, selections)))


def _materials(
    context: bpy.types.Context, selections: Sequence[Selection]
) -> Iterator[bpy.types.Material]:
    """Those on the surfaces, each once."""
    found: dict[bpy.types.Material, None] = {}
    for selection in selections:
        for part in upload_size.parts(context, selection):
            slots = (slot.material for slot in part.obj.material_slots)
            found.update(dict.fromkeys(material for material in slots if material is not None))
    yield from found


def _look(found: Iterable[bpy.types.Material]) -> _Lost:
    missing: dict[str, None] = {}
    tiles: dict[str, None] = {}
    losses: dict[Loss, list[str]] = {}
    for material in found:
        for image in materials.pictures_of(material):
            if paint.has_unsaved_tiles(image):
                if not paint.is_unsaved(image):
                    tiles[image.name] = None
            elif paint.is_file_missing(image) and not (image.is_dirty or image.has_data):
                missing[image.name] = None
        for loss in file_materials.losses(material):
            losses.setdefault(loss, []).append(material.name)
    return _Lost(tuple(missing), tuple(tiles), losses)
