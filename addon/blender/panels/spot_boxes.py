"""In every viewport: a box where a result is to stand, filling up, with its name and progress.

Drawn over the scene, which it leaves alone, from the snapshot; only where overlays are shown.
Results that are to be compared have labels, and boxes in the row where one of them failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import bpy

from ..core.translation import translate
from ..snapshot import snapshot, viewports
from . import comparison_labels
from .viewport_drawing import (
    Look,
    Plate,
    Point,
    corners_of,
    draw_edges,
    draw_label,
    draw_triangles,
    edges_of,
    look_of,
    place_of_label,
)

if TYPE_CHECKING:
    from ..snapshot.viewports import Corner, SpotBox

SIDES: Final = ((0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6), (4, 5, 7, 6))
"""All but the bottom."""

FILL: Final = 0.15
"""How much is seen of what fills up."""


_handlers: Final[list[Any]] = []


def boxes_here(context: bpy.types.Context) -> list[SpotBox]:
    """The boxes that the viewport being drawn is to show."""
    every = snapshot.current().boxes
    scene, space = context.scene, context.space_data
    if not every or scene is None or not isinstance(space, bpy.types.SpaceView3D):
        return []
    if not space.overlay.show_overlays:
        return []
    return [box for box in every if box.scene_uid == scene.session_uid]


def draw_boxes() -> None:
    """In the space of the scene: edges, dimmed behind objects, and how far each box is filled."""
    context = bpy.context
    boxes = boxes_here(context)
    places = comparison_labels.empty_places(context)
    if not boxes and not places:
        return
    import gpu  # late: there is none without a window

    look = look_of(context)
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("LESS_EQUAL")
    gpu.state.face_culling_set("NONE")
    faces = [corner for box in boxes for corner in _filled(box)]
    draw_triangles(faces, (*look.edge[:3], FILL))
    shown = [(box.low, box.high) for box in boxes] + places
    draw_edges([end for low, high in shown for end in edges_of(low, high)], look)
    gpu.state.blend_set("NONE")


def draw_labels() -> None:
    """In the region's pixels: name, what is going on, and a bar, above each box."""
    context = bpy.context
    boxes, region, view = boxes_here(context), context.region, context.region_data
    labels = comparison_labels.labels_here(context)
    if region is None or view is None or not (boxes or labels):
        return
    import gpu

    look = look_of(context)
    gpu.state.blend_set("ALPHA")
    taken: list[Plate] = []
    for box in boxes:
        place = place_of_label(region, view, box.low, box.high)
        if place is not None:
            _draw_label(box, place, look, taken)
    for label in labels:
        place = place_of_label(region, view, label.low, label.high)
        if place is not None:
            draw_label(label.lines, place, look, taken)
    gpu.state.blend_set("NONE")


def _filled(box: SpotBox) -> Iterable[Corner]:
    """Triangles of what is done of the box; nothing where that is not known or would be stale."""
    if not box.fraction or not viewports.show_progress():
        return ()
    top = box.low[2] + box.fraction * (box.high[2] - box.low[2])
    corners = corners_of(box.low, (box.high[0], box.high[1], top))
    return (corners[number] for a, b, c, d in SIDES for number in (a, b, c, a, c, d))


def _draw_label(box: SpotBox, place: Point, look: Look, taken: list[Plate]) -> None:
    """Name and words side by side; the name alone where the view is drawn too seldom for more."""
    in_time = viewports.show_progress()
    words = f"{box.name}   {translate(box.text)}" if in_time else box.name
    draw_label([words], place, look, taken, box.fraction if in_time else None)


def register() -> None:
    """Draw in all viewports from now on."""
    add = bpy.types.SpaceView3D.draw_handler_add
    _handlers.append(add(draw_boxes, (), "WINDOW", "POST_VIEW"))
    _handlers.append(add(draw_labels, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    while _handlers:
        bpy.types.SpaceView3D.draw_handler_remove(_handlers.pop(), "WINDOW")
