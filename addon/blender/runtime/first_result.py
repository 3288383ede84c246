"""The first result of a scene is shown: views move there, once and never again."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import bpy
from mathutils import Vector

from ..core import memory, session
from ..core.access import scene_of, typed, window_manager_of
from ..core.memory import Part
from ..core.translation import translate
from ..core.units import metres_per_unit
from ..placement.free_spot import around
from ..scene import provenance
from ..settings.properties import settings_in

LENS: Final = 30.0
"""Focal length with which a view frames a ball from as far away as the ball's radius, in mm."""


class _Shown(Part):
    """Scenes that have had their first result, also where that was undone."""

    def __init__(self) -> None:
        self.scenes: set[tuple[str, int]] = set()


def is_to_come(scene: bpy.types.Scene) -> bool:
    """Whether no result was ever brought into the scene."""
    if settings_in(scene).has_results or _name_of(scene) in memory.of(_Shown).scenes:
        return False
    return not any(obj.get(provenance.JOB) for obj in scene.objects)


def has_come(
    context: bpy.types.Context, objects: Sequence[bpy.types.Object], *, to_be_framed: bool
) -> str:
    """Note that the scene has results now, and frame the first one, which is the selection.

    Returns what there is to say: whether a view ends before it.
    """
    scene = scene_of(context)
    settings_in(scene).has_results = True
    memory.of(_Shown).scenes.add(_name_of(scene))
    views = list(_views(context, scene, objects)) if to_be_framed else []
    for window, area, region in views:
        with context.temp_override(window=window, area=area, region=region):
            bpy.ops.view3d.view_selected()
    spaces = [typed(bpy.types.SpaceView3D, area.spaces.active) for _, area, _ in views]
    needed = [_needed_clip(space, objects) for space in spaces]
    short = [far for space, far in zip(spaces, needed, strict=True) if space.clip_end < far]
    if not short:
        return ""
    return translate(
        "it reaches beyond the viewport's Clip End: set that to {length} in the View tab",
        length=_length(scene, max(short)),
    )


def _name_of(scene: bpy.types.Scene) -> tuple[str, int]:
    return session.opened_file(), scene.session_uid


def _views(
    context: bpy.types.Context, scene: bpy.types.Scene, objects: Sequence[bpy.types.Object]
) -> Iterator[tuple[bpy.types.Window, bpy.types.Area, bpy.types.Region]]:
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
                yield from ((window, area, region) for region in area.regions if _is_free(region))


def _is_free(region: bpy.types.Region) -> bool:
    """Whether it shows the scene from where the artist chose."""
    view = region.data
    return isinstance(view, bpy.types.RegionView3D) and view.view_perspective != "CAMERA"


def _needed_clip(space: bpy.types.SpaceView3D, objects: Sequence[bpy.types.Object]) -> float:
    """How far the view has to reach that frames the objects."""
    corners = [
        obj.matrix_world @ Vector(corner)
        for obj in objects
        if any(obj.dimensions[:])
        for corner in obj.bound_box
    ]
    radius = around(corners).sides.length / 2 if corners else 0.0
    return radius * (1.0 + space.lens / LENS)


def _length(scene: bpy.types.Scene, length: float) -> str:
    """The next round number above the length, as Blender writes it in the scene's units."""
    step = 10.0 ** math.floor(math.log10(length))
    units = scene.unit_settings
    round_up = math.ceil(length / step) * step * metres_per_unit(scene)
    return bpy.utils.units.to_string(units.system, "LENGTH", round_up, precision=4).strip()
