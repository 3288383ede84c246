"""A result as the artist has it, written into an asset library as a .blend of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix

from ....jobs.asset_catalogs import add_catalog
from ....service.names import safe_name
from ...core.access import load_from, scene_of, view_layer_of
from ...model import sent_objects
from ...model.failure import PreparationFailed
from ...scene import assets, carried, object_links
from .. import export, normalize
from ..importing.file_references import MISSING
from ..pictures import preview
from . import library

PREVIEW = "preview.png"


def make(order: Mapping[str, Any]) -> dict[str, Any]:
    """Write the asset; returns the report's content. Raises PreparationFailed.

    ``order``: ``blend`` with the ``objects`` and what ``export.export_model`` has to know of them,
    or with no objects but a prepared ``collection`` and the ``scale`` in metres per unit; ``name``,
    ``metadata``, ``library`` (a folder), ``catalog`` and ``report``, beside which the preview is
    rendered.
    """
    folder = Path(order["library"])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    if order["objects"]:
        objects = _fetch_seen(order)
    else:
        objects = _fetch_prepared(Path(order["blend"]), order["collection"])
        _forget_originals(objects)
    collection = normalize.collect(order["name"], objects)
    normalize.keep_only(collection)
    _stand_in_metres(objects, order["scale"])
    left_out = _pack_images()
    normalize.drop_unused()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        catalog = add_catalog(folder, order["catalog"])
    except OSError as error:
        raise _no_room(error) from error
    metadata = replace(assets.Metadata.from_json(order["metadata"]), catalog_id=catalog)
    item = objects[0] if len(objects) == 1 else collection
    picture = Path(order["report"]).with_name(PREVIEW)
    preview.render(objects, picture)
    assets.mark([item], metadata, picture)
    try:
        to = library.add_file(folder, safe_name(order["name"]), picture.parent)
    except OSError as error:
        raise _no_room(error) from error
    return {"blend": str(to), "left_out": left_out}


def _no_room(error: OSError) -> PreparationFailed:
    message = "The library cannot be written to: {reason}"
    return PreparationFailed(message, reason=error.strerror or error)


def _fetch_seen(order: Mapping[str, Any]) -> list[bpy.types.Object]:
    """The artist's objects as they are seen, free of other files and other objects."""
    objects = sent_objects.fetch(Path(order["blend"]), order["objects"], order["libraries"])
    export.show(objects, order)
    _forget_originals(objects)
    worlds = dict(zip(objects, map(Matrix, order["matrices"]), strict=True))
    others = [obj for obj in bpy.data.objects if obj not in worlds]
    as_seen = {obj: export.surfaces(obj, world) for obj, world in worlds.items() if others}
    _place(worlds)
    used = sent_objects.users_of(others)
    return [
        result
        for obj in objects
        for result in (_as_meshes(obj, as_seen[obj], worlds) if obj in used else [obj])
    ]


def _as_meshes(
    obj: bpy.types.Object,
    surfaces: Sequence[export.Piece],
    worlds: Mapping[bpy.types.Object, Matrix],
) -> list[bpy.types.Object]:
    """The object without what it needs others for: they are no part of the asset."""
    for child in obj.children:
        if child in worlds:
            child.parent = None
            child.matrix_world = worlds[child]
    made: list[bpy.types.Object] = []
    for mesh, name, world in surfaces:
        if not made and obj.type == "MESH" and world == worlds[obj]:
            plain = obj  # and all that is noted on it
            plain.modifiers.clear()
            plain.constraints.clear()
            plain.animation_data_clear()
            plain.data = mesh
        else:
            plain = bpy.data.objects.new(name, mesh)
            scene_of(bpy.context).collection.objects.link(plain)
        for slot in plain.material_slots:
            slot.link = "DATA"
        plain.matrix_world = world
        made.append(plain)
    return made


def _fetch_prepared(blend: Path, name: str) -> list[bpy.types.Object]:
    with load_from(blend) as (_, wanted):
        wanted.collections = [name]
    (collection,) = wanted.collections
    if collection is None:
        raise PreparationFailed("The prepared result cannot be read.")
    objects = list(collection.all_objects)
    carried.keep_pose(objects)
    bpy.data.collections.remove(collection)
    return objects


def _forget_originals(objects: Sequence[bpy.types.Object]) -> None:
    """A result that stands for another object takes that along otherwise."""
    for cls in object_links.CLASSES:
        bpy.utils.register_class(cls)
    object_links.register()
    for obj in objects:
        object_links.unlink(obj)


def _place(worlds: Mapping[bpy.types.Object, Matrix]) -> None:
    """Free the roots of what they hang on in the artist's scene, where they stand there."""
    for obj, world in worlds.items():
        if obj.parent not in worlds:
            obj.parent = None
            obj.matrix_world = world


def _pack_images() -> list[dict[str, Any]]:
    """Put every picture of the artist's scene into the file; what to say of those missing.

    As ``catalog.messages.pack`` writes messages.
    """
    left_out = []
    for image in list(bpy.data.images):
        if image.source != "FILE":
            continue
        try:
            if image.packed_file is None:
                image.pack()
        except RuntimeError:
            name = bpy.path.basename(image.filepath)
            left_out.append({"template": MISSING, "parts": {"name": name}})
            bpy.data.images.remove(image)
        else:
            image.filepath_raw = ""  # says where this machine had it
    return left_out


def _stand_in_metres(objects: Sequence[bpy.types.Object], scale: float) -> None:
    """Bring a single object's origin, or the base of several, to the world's origin, in metres."""
    view_layer_of(bpy.context).update()
    anchor = objects[0].matrix_world.translation if len(objects) == 1 else normalize.foot(objects)
    matrix = Matrix.Scale(scale, 4) @ Matrix.Translation((-anchor)[:])
    for obj in objects:
        if obj.parent is None:
            obj.matrix_world = matrix @ obj.matrix_world
    view_layer_of(bpy.context).update()
    # Modifiers and constraints measure in the object's own space.
    if not any(obj.modifiers or obj.constraints for obj in objects):
        normalize.apply_transforms(objects)
