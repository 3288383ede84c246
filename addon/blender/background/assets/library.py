"""Marking the model as an asset that Blender's asset browser shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ...scene import assets
from ..preparation import Model


def mark(model: Model, order: Mapping[str, Any], picture: Path) -> None:
    """Mark the object, or the collection where there are several objects."""
    origin = order["job"]
    prompt = origin["values"].get("prompt", "")
    metadata = assets.Metadata(
        description=prompt if isinstance(prompt, str) and prompt else order["name"],
        tags=(*order["tags"], origin["operation"]),
        catalog_id=order["catalog_id"],
    )
    item = model.objects[0] if len(model.objects) == 1 else model.collection
    assets.mark([item], metadata, picture)


def write_file(to: Path) -> None:
    """Save the open file as ``to``, which is never half a file.

    Blender before 5.0 leaves the previews of collections out of what it writes as a library.
    """
    part = to.with_name(f"{to.stem}.part.blend")
    to.parent.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(part), copy=True, compress=True)
    part.replace(to)
