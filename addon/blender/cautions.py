"""What of the selection the service would not see, in words, so that it is known before it is paid.

Drawing asks for it: everything is only read, and read again when the scene has changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import bpy

from ..catalog.sentences import sentence
from . import upload_size
from .scene import materials, paint, seen
from .scene.send_out import Selection

NAMED: Final = 3
"""As many names stand in a sentence."""


class _Lost(NamedTuple):
    """Names, in order, of what is seen and not sent."""

    missing: tuple[str, ...]
    tiles: tuple[str, ...]
    by_nodes: tuple[str, ...]


def of_models(context: bpy.types.Context, selections: Sequence[Selection]) -> list[str]:
    """What a model file of the selections lacks."""
    lost = _lost(context, selections)
    found = list(_of_pictures(lost))
    if lost.by_nodes:
        found.append(
            sentence(
                "Only pictures and plain colors can be sent, and these are made by nodes: {names}. "
                "Bake them into a picture first.",
                names=_listed(lost.by_nodes),
            )
        )
    return found


def of_pictures(context: bpy.types.Context, selections: Sequence[Selection]) -> list[str]:
    """What a rendering or an asset of the selections lacks: nodes are no trouble there."""
    return _of_pictures(_lost(context, selections))


def _of_pictures(lost: _Lost) -> list[str]:
    found: list[str] = []
    if lost.missing:
        found.append(
            sentence(
                "Pictures are missing, and the model goes without them: {names}.",
                names=_listed(lost.missing),
            )
        )
    if lost.tiles:
        found.append(
            sentence(
                "Save these pictures first, or their tiles go as they were: {names}.",
                names=_listed(lost.tiles),
            )
        )
    return found


def _listed(names: Sequence[str]) -> str:
    more = "…" if len(names) > NAMED else ""
    return ", ".join([*names[:NAMED], *([more] if more else [])])


def _lost(context: bpy.types.Context, selections: Sequence[Selection]) -> _Lost:
    keys = (key for selection in selections for key in selection.key)
    return seen.once((_Lost, *keys), lambda: _look(_materials(context, selections)))


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
    by_nodes: dict[str, None] = {}
    for material in found:
        for image in materials.pictures_of(material):
            if image.source == "TILED" and image.is_dirty:
                tiles[image.name] = None
            elif paint.is_file_missing(image) and not (image.is_dirty or image.has_data):
                missing[image.name] = None
        if materials.is_colored_by_nodes(material):
            by_nodes[material.name] = None
    return _Lost(tuple(missing), tuple(tiles), tuple(by_nodes))
