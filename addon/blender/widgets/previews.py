"""Small previews of chosen pictures. Blender reads the files in a job of its own, not here."""

from typing import Any

import bpy
import bpy.utils.previews

from ...catalog.encoders import is_address


class _Cache:
    collection: bpy.utils.previews.ImagePreviewCollection | None = None


def icon_of(path: str) -> int:
    """Icon of the picture at ``path``, or 0 where there is none to show."""
    if not path or is_address(path) or _Cache.collection is None:
        return 0
    if path not in _Cache.collection:
        _Cache.collection.load(path, bpy.path.abspath(path), "IMAGE")
    return int(_Cache.collection[path].icon_id)


def of_result(path: str) -> int:
    """Icon of a result's picture, or Blender's own for a model where there is none."""
    rna: Any = bpy.types.UILayout.bl_rna  # the stubs do not know all of it
    icons = rna.functions["label"].parameters["icon"].enum_items
    return icon_of(path) or int(icons["MESH_DATA"].value)


def register() -> None:
    """Make the collection."""
    _Cache.collection = bpy.utils.previews.new()


def unregister() -> None:
    """Free all previews."""
    if _Cache.collection is not None:
        bpy.utils.previews.remove(_Cache.collection)
        _Cache.collection = None
