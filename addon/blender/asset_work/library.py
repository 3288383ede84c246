"""Marking the model as an asset that Blender's asset browser shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ..background.preparation import Model


def mark(model: Model, order: Mapping[str, Any], picture: Path) -> None:
    """Mark the object, or the collection where there are several objects."""
    single = len(model.objects) == 1
    item: bpy.types.ID = model.objects[0] if single else model.collection
    item.asset_mark()
    data = item.asset_data
    origin = order["job"]
    prompt = origin["values"].get("prompt", "")
    data.description = prompt if isinstance(prompt, str) and prompt else order["name"]
    for tag in (*order["tags"], origin["operation"]):
        data.tags.new(tag, skip_if_exists=True)
    if order["catalog_id"]:
        data.catalog_id = order["catalog_id"]
    with bpy.context.temp_override(id=item):
        bpy.ops.ed.lib_id_load_custom_preview(filepath=str(picture))
