"""Marking the model as an asset that Blender's asset browser shows."""

import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ....service import whole_files
from ....service.names import give_name
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
    whole_files.replace(part, to)


def add_file(folder: Path, stem: str, made_in: Path) -> Path:
    """Save the open file into a library's folder under a free name, which is returned.

    Others may add one of the same name at the same time: each gets a name of its own. It is written
    in ``made_in`` before: half a .blend would be shown in the asset browser. Raises OSError.
    """
    made = made_in / f"{stem}.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(made), copy=True, compress=True)
    part = folder / f"{stem}.{uuid.uuid4().hex[:8]}.part"
    try:
        shutil.copyfile(made, part)
        return give_name(part, folder, stem, ".blend")
    finally:
        whole_files.discard(part)
        whole_files.discard(made)
