"""Results as assets: which objects make one up, what is said about it, and marking it.

In the open file, and in the background Blender that writes assets into libraries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import bpy

from ...catalog import UnknownOperation, get
from ..core.access import scene_of
from ..core.ids import EXTENSION
from . import provenance

MOST_TAGS: Final = 12
"""Words of a long prompt that become tags."""
SHORTEST_TAG: Final = 3
"""Letters."""
FILLERS: Final = frozenset({"and", "for", "from", "its", "the", "that", "this", "with"})
"""Words of a prompt that nobody looks for."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the asset browser shows and searches."""

    description: str
    tags: tuple[str, ...] = ()
    author: str = ""
    license: str = ""
    catalog_id: str = ""
    """Empty: unassigned."""

    def to_json(self) -> dict[str, Any]:
        """For the order of a background Blender."""
        return asdict(self)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Metadata:
        """The reverse."""
        return cls(**{**written, "tags": tuple(written["tags"])})


def objects_of(context: bpy.types.Context, job_id: str) -> list[bpy.types.Object]:
    """The job's objects in the scene that are meant: of several, those that are selected."""
    placed = provenance.placed_objects(scene_of(context), job_id)
    return [obj for obj in placed if obj.select_get()] or placed


def items_of(objects: Sequence[bpy.types.Object]) -> list[bpy.types.ID]:
    """What is to be marked: the object, the collection that holds just these, or each of them."""
    if len(objects) > 1:
        for home in objects[0].users_collection:
            if home in bpy.data.collections[:] and set(home.all_objects) == set(objects):
                return [home]
    return list(objects)


def tags_of(prompt: str, operation: str) -> tuple[str, ...]:
    """Words to find the asset by: those of the prompt, and the engine."""
    words = (word.strip("_") for word in re.findall(r"\w+", prompt.lower()))
    kept = (word for word in words if len(word) >= SHORTEST_TAG and word not in FILLERS)
    tags = list(dict.fromkeys(kept))[:MOST_TAGS]
    try:
        tags.append(get(operation).label)
    except UnknownOperation:
        if operation:
            tags.append(operation)
    return tuple(tags)


def origin_of(obj: bpy.types.Object) -> tuple[str, str]:
    """The prompt and the operation a result was made with, from what it says of itself."""
    return str(obj.get(f"{EXTENSION}_prompt", "")), str(obj.get(f"{EXTENSION}_operation", ""))


def mark(items: Iterable[bpy.types.ID], metadata: Metadata, picture: Path | None) -> None:
    """Mark as assets; without a picture Blender draws a preview of its own where it can."""
    for item in items:
        item.asset_mark()
        data: Any = item.asset_data
        for name in ("description", "author", "license", "catalog_id"):
            value = getattr(metadata, name)
            if value:
                setattr(data, name, value)
        for tag in metadata.tags:
            data.tags.new(tag, skip_if_exists=True)
        if picture is not None:
            with bpy.context.temp_override(id=item):
                bpy.ops.ed.lib_id_load_custom_preview(filepath=str(picture))
        elif not bpy.app.background:
            item.asset_generate_preview()
