"""The first result of a scene is shown: views move there, once and never again.

Where it is one of several to choose from, views that were not moved since follow the row until all
of it has come.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import bpy
from mathutils import Vector

from ...jobs import alternatives
from ..core import memory, session
from ..core.access import scene_of, typed, view_layer_of, window_manager_of
from ..core.memory import Part
from ..core.translation import translate
from ..core.units import metres_per_unit
from ..placement import spots
from ..placement.free_spot import around
from ..scene import bounds, provenance
from ..scene.bounds import Corner, corner_of
from ..settings.properties import settings_in
from . import framing

if TYPE_CHECKING:
    from ...jobs.job import Job


class _Shown(Part):
    """Scenes that have had their first result, also where that was undone."""

    def __init__(self) -> None:
        self.scenes: set[tuple[str, int]] = set()
        self.row: str = ""
        """Which wish's results are being framed, as they come."""
        self.framed: dict[int, tuple[float, ...]] = {}
        """From where each view shows them, by its region's address."""


def is_to_come(scene: bpy.types.Scene) -> bool:
    """Whether no result was ever brought into the scene."""
    if settings_in(scene).has_results or _name_of(scene) in memory.of(_Shown).scenes:
        return False
    return not any(obj.get(provenance.JOB) for obj in scene.objects)


def row_of(scene: bpy.types.Scene, job: Job) -> tuple[Corner, Corner] | None:
    """The box around all that one is to be chosen from: what came, and the spots of the others.

    None where the job's result is the only one, or the choice was made.
    """
    if not alternatives.is_open(job):
        return None
    boxes = []
    for one in alternatives.siblings(session.store(), job):
        box = bounds.of(provenance.placed_objects(scene, one.id))
        spot = spots.box_of(scene, one)
        if box is not None:
            boxes.append(box)
        elif spot is not None:
            boxes.append((corner_of(spot.low), corner_of(spot.high)))
    if not boxes:
        return None
    low, high = around(Vector(corner) for box in boxes for corner in box)
    return corner_of(low), corner_of(high)


def has_come(
    context: bpy.types.Context,
    job: Job,
    objects: Sequence[bpy.types.Object],
    *,
    to_be_framed: bool,
) -> str:
    """Note that the scene has results now, and frame the first one, which is the selection.

    Returns what there is to say: whether a view ends before it.
    """
    scene, shown = scene_of(context), memory.of(_Shown)
    settings_in(scene).has_results = True
    shown.scenes.add(_name_of(scene))
    wish = alternatives.wish_of(job)
    if to_be_framed:
        shown.row, shown.framed = wish, {}
    views = list(_views(context, scene, objects))
    if not to_be_framed:
        follows = alternatives.is_open(job) and wish == shown.row
        views = [view for view in views if follows and _is_as_framed(view[1])]
    if views:
        view_layer_of(context).update()  # else what has just come is still where it was made
    box = row_of(scene, job) or bounds.of(objects)
    if box is None:
        return ""
    for area, region in views:
        framing.frame(area, region, *box)
    shown.framed |= {region.as_pointer(): _looks_from(region) for _, region in views}
    radius = (Vector(box[1]) - Vector(box[0])).length / 2
    short = [far for area, region in views if (far := _hidden_from(area, region, radius))]
    if not short:
        return ""
    return translate(
        "it reaches beyond the viewport's Clip End: set that to {length} in the View tab",
        length=_length(scene, max(short)),
    )


def _is_as_framed(region: bpy.types.Region) -> bool:
    """Whether nobody has moved the view since it was moved to the first of the row."""
    return memory.of(_Shown).framed.get(region.as_pointer()) == _looks_from(region)


def _looks_from(region: bpy.types.Region) -> tuple[float, ...]:
    view = region.data
    if not isinstance(view, bpy.types.RegionView3D):
        return ()
    return (*view.view_location[:], *view.view_rotation[:], view.view_distance)


def _name_of(scene: bpy.types.Scene) -> tuple[str, int]:
    return session.opened_file(), scene.session_uid


def _views(
    context: bpy.types.Context, scene: bpy.types.Scene, objects: Sequence[bpy.types.Object]
) -> Iterator[tuple[bpy.types.Area, bpy.types.Region]]:
    """What shows any of the objects, and is neither the view of a camera nor of an animation."""
    if bpy.app.background:
        return
    for window in window_manager_of(context).windows:
        if window.scene != scene or window.screen.is_animation_playing:
            continue
        for area in window.screen.areas:
            space = area.spaces.active
            if not isinstance(space, bpy.types.SpaceView3D):
                continue
            if any(obj.visible_in_viewport_get(space) for obj in objects):
                yield from ((area, region) for region in area.regions if _is_free(region))


def _is_free(region: bpy.types.Region) -> bool:
    """Whether it shows the scene from where the artist chose."""
    view = region.data
    return isinstance(view, bpy.types.RegionView3D) and view.view_perspective != "CAMERA"


def _hidden_from(area: bpy.types.Area, region: bpy.types.Region, radius: float) -> float:
    """How far the view would have to reach for what it frames; 0.0 where it reaches that far."""
    space = typed(bpy.types.SpaceView3D, area.spaces.active)
    view = typed(bpy.types.RegionView3D, region.data)
    far = view.view_distance + radius
    return far if space.clip_end < far else 0.0


def _length(scene: bpy.types.Scene, length: float) -> str:
    """The next round number above the length, as Blender writes it in the scene's units."""
    step = 10.0 ** math.floor(math.log10(length))
    units = scene.unit_settings
    round_up = math.ceil(length / step) * step * metres_per_unit(scene)
    return bpy.utils.units.to_string(units.system, "LENGTH", round_up, precision=4).strip()
