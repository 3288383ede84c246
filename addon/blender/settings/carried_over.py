"""What the panels are set to, for a new file: engines, settings and placement, no content."""

from collections.abc import Iterator
from typing import Any, Final

import bpy

from ..core import memory
from ..core.memory import Part
from .properties import SceneSettings, settings_in

CONTENT: Final = frozenset(
    {"prompt", "prompt_text", "image", "views", "pictures", "chain", "shown_step"}
)
"""Settings of a scene that say what is made, not how."""

DERIVED: Final = frozenset({"length", "name", "rna_type"})
"""Properties that others keep."""

Values = dict[str, Any]
"""By path below the scene's settings."""


class _Kept(Part):
    def __init__(self) -> None:
        self.values: Values = {}


def keep(scene: bpy.types.Scene) -> None:
    """Remember what somebody has set in the scene, if anything is."""
    found = {path: getattr(group, name) for path, group, name in _set_in(settings_in(scene))}
    if found:
        memory.of(_Kept).values = found


def restore(scene: bpy.types.Scene) -> None:
    """Set a scene like the one before, unless it came with settings of its own."""
    settings = settings_in(scene)
    if any(True for _ in _set_in(settings)):
        return
    for path, value in memory.of(_Kept).values.items():
        owner, _, name = path.rpartition(".")
        group = settings.path_resolve(owner) if owner else settings
        setattr(group, name, value)


def _set_in(settings: SceneSettings) -> Iterator[tuple[str, Any, str]]:
    """Every setting that was set: its path, its group, and its name there."""
    yield from _leaves(settings, "", CONTENT | DERIVED)


def _leaves(
    group: bpy.types.PropertyGroup, before: str, left_out: frozenset[str]
) -> Iterator[tuple[str, Any, str]]:
    for name, prop in group.bl_rna.properties.items():
        path = f"{before}{name}"
        if name in left_out or prop.type == "COLLECTION":
            continue
        if prop.type == "POINTER":
            inside = getattr(group, name)
            if isinstance(inside, bpy.types.PropertyGroup):
                yield from _leaves(inside, f"{path}.", DERIVED)
        elif prop.subtype != "FILE_PATH" and group.is_property_set(name):
            yield path, group, name
