"""A result as the artist has it, written into an asset library as a .blend of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import bpy
from mathutils import Matrix

from ...jobs.asset_catalogs import add_catalog
from ...service.names import free_path, safe_name
from .. import object_links
from ..background import preview, tidy
from ..background.failure import PreparationFailed
from ..scene import assets
from . import library

PREVIEW = "preview.png"


def make(order: Mapping[str, Any]) -> dict[str, Any]:
    """Write the asset; returns the report's content. Raises PreparationFailed.

    ``order``: ``blend`` with the ``objects``, their ``matrices`` in the scene and its ``scale`` in
    metres per unit, or with no objects but a prepared ``collection``; ``name``, ``metadata``,
    ``library`` (a folder), ``catalog`` and ``report``, beside which the preview is rendered.
    """
    folder = Path(order["library"])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    if order["objects"]:
        objects = _fetch(Path(order["blend"]), order["objects"])
        _place(objects, order["matrices"])
    else:
        objects = _fetch_prepared(Path(order["blend"]), order["collection"])
    _forget_originals(objects)
    collection = tidy.collect(order["name"], objects)
    tidy.keep_only(collection)
    _stand_in_metres(objects, order["scale"])
    warnings = _pack_images()
    tidy.drop_unused()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        catalog = add_catalog(folder, order["catalog"])
    except OSError as error:
        message = "The library cannot be written to: {reason}"
        raise PreparationFailed(message, reason=str(error)) from error
    metadata = replace(assets.Metadata.from_json(order["metadata"]), catalog_id=catalog)
    item = objects[0] if len(objects) == 1 else collection
    picture = Path(order["report"]).with_name(PREVIEW)
    preview.render(objects, picture)
    assets.mark([item], metadata, picture)
    to = free_path(folder, safe_name(order["name"]), ".blend")
    library.write_file(to)
    return {"blend": str(to), "warnings": warnings}


def _fetch(blend: Path, names: Sequence[str]) -> list[bpy.types.Object]:
    load = cast(Any, bpy.data.libraries.load)  # the stubs do not know what it returns
    with load(str(blend), link=False) as (_, wanted):
        wanted.objects = list(names)
    found = list(wanted.objects)
    if not found or None in found:
        raise PreparationFailed("The result is not in the file that was written for it.")
    return found


def _fetch_prepared(blend: Path, name: str) -> list[bpy.types.Object]:
    load = cast(Any, bpy.data.libraries.load)
    with load(str(blend), link=False) as (_, wanted):
        wanted.collections = [name]
    (collection,) = wanted.collections
    if collection is None:
        raise PreparationFailed("The prepared result cannot be read.")
    objects = list(collection.all_objects)
    bpy.data.collections.remove(collection)
    return objects


def _forget_originals(objects: Sequence[bpy.types.Object]) -> None:
    """A result that stands for another object takes that along otherwise."""
    for cls in object_links.CLASSES:
        bpy.utils.register_class(cls)
    object_links.register()
    for obj in objects:
        object_links.unlink(obj)


def _place(objects: Sequence[bpy.types.Object], matrices: Sequence[Any]) -> None:
    """Free the roots of what they hang on in the artist's scene, where they stand there."""
    for obj, matrix in zip(objects, matrices, strict=True):
        if obj.parent not in objects:
            obj.parent = None
            obj.matrix_world = Matrix(matrix)


def _pack_images() -> list[str]:
    """Put every picture of the artist's scene into the file; warnings about those missing."""
    warnings = []
    for image in list(bpy.data.images):
        if image.source != "FILE":
            continue
        try:
            if image.packed_file is None:
                image.pack()
        except RuntimeError:
            warnings.append(f"The texture {bpy.path.basename(image.filepath)} is missing.")
            bpy.data.images.remove(image)
        else:
            image.filepath_raw = ""  # says where this machine had it
    return warnings


def _stand_in_metres(objects: Sequence[bpy.types.Object], scale: float) -> None:
    """Bring a single object's origin, or the base of several, to the world's origin, in metres."""
    bpy.context.view_layer.update()
    anchor = objects[0].matrix_world.translation if len(objects) == 1 else tidy.foot(objects)
    matrix = Matrix.Scale(scale, 4) @ Matrix.Translation((-anchor)[:])
    for obj in objects:
        if obj.parent is None:
            obj.matrix_world = matrix @ obj.matrix_world
    bpy.context.view_layer.update()
    # Modifiers and constraints measure in the object's own space.
    if not any(obj.modifiers or obj.constraints for obj in objects):
        tidy.apply_transforms(objects)
