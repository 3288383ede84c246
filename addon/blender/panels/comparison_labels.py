"""What viewports say of results to choose from: who made each, for how much, and how large it is.

A label moves with its result. Where one did not come, a box in the row has the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import bpy

from ..core.access import by_name
from ..scene import bounds, provenance
from ..snapshot import snapshot
from ..widgets import alternatives

if TYPE_CHECKING:
    from ..snapshot.comparison import Stand
    from ..snapshot.viewports import Corner


class Label(NamedTuple):
    """What is said, and of which box in the scene."""

    lines: Sequence[str]
    low: Corner
    high: Corner


def empty_places(context: bpy.types.Context) -> list[tuple[Corner, Corner]]:
    """The boxes of results that did not come."""
    return [(stand.low, stand.high) for stand in _here(context) if not stand.objects]


def labels_here(context: bpy.types.Context) -> list[Label]:
    """The labels that the viewport being drawn is to show."""
    labels = (_label(context, stand) for stand in _here(context))
    return [label for label in labels if label is not None]


def _here(context: bpy.types.Context) -> list[Stand]:
    every = snapshot.current().stands
    scene, space = context.scene, context.space_data
    if not every or scene is None or not isinstance(space, bpy.types.SpaceView3D):
        return []
    if not space.overlay.show_overlays:
        return []
    return [stand for stand in every if stand.scene_uid == scene.session_uid]


def _label(context: bpy.types.Context, stand: Stand) -> Label | None:
    entry = snapshot.current().entry(stand.job_id)
    if entry is None:
        return None
    lines = alternatives.comparison_lines(entry)
    if not stand.objects:
        return Label(lines, stand.low, stand.high)
    named = (by_name(bpy.data.objects, name) for name in stand.objects)
    found = [obj for obj in named if obj is not None and obj.get(provenance.JOB) == stand.job_id]
    seen = [obj for obj in found if obj.visible_get(view_layer=context.view_layer)]
    if found and not seen:
        return None
    box = bounds.of(seen)
    return Label(lines, stand.low, stand.high) if box is None else Label(lines, *box)
