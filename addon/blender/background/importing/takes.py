"""Every take of an imported animation stays with what it moves.

Blender's FBX importers make an action of each take, but only one of them is in use; the others
belong to nobody and would stay behind. Here they become muted NLA tracks, which is what Blender's
glTF importer makes of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import bpy

from ...model import motion

OWNERS: Final = {"OBJECT": "objects", "KEY": "shape_keys"}
"""What actions of models move: Blender's word for the kind, and where in ``bpy.data`` it is."""

MOVES: Final = (*motion.TRANSFORM, "pose.bones")
"""How the paths of what moves objects begin."""


def keep() -> None:
    """Hang every take that is not in use on a track of what it is for."""
    used = {
        _part(action, slot)
        for items in OWNERS.values()
        for owner in getattr(bpy.data, items)
        for action, slot in motion.actions(owner)
    }
    for action in bpy.data.actions:
        for slot in _slots(action):
            owner = None if _part(action, slot) in used else _owner(action, slot)
            if owner is not None:
                _add_track(owner, action, slot)


def _part(action: bpy.types.Action, slot: Any) -> tuple[str, int]:
    return action.name, 0 if slot is None else slot.handle


def _slots(action: bpy.types.Action) -> Sequence[Any]:
    """Newer Blenders have in one action what several things do, each in a slot."""
    return list(getattr(action, "slots", [None]))


def _owner(action: bpy.types.Action, slot: Any) -> Any:
    """What the take is for; None if it is not known, or no part of a model."""
    kind = _kind(action) if slot is None else slot.target_id_type
    if kind not in OWNERS:
        return None
    items: Any = getattr(bpy.data, OWNERS[kind])
    named = None if slot is None else items.get(slot.name_display)
    if named is not None:
        return named
    # The importer written in Python calls actions "object|take|layer".
    return max(_called(items, action.name), key=lambda item: len(item.name), default=None)


def _kind(action: Any) -> str:
    """What an action without slots is for; one that was never in use does not say."""
    paths = [curve.data_path for curve in action.fcurves]
    if any(path.startswith("key_blocks") for path in paths):
        return "KEY"
    return "OBJECT" if any(path.startswith(MOVES) for path in paths) else ""


def _called(items: Iterable[Any], name: str) -> Iterator[Any]:
    return (item for item in items if name.startswith(f"{item.name}|"))


def _add_track(owner: Any, action: bpy.types.Action, slot: Any) -> None:
    animation = owner.animation_data or owner.animation_data_create()
    track = animation.nla_tracks.new()
    track.name = action.name
    strip = track.strips.new(action.name, round(action.frame_range[0]), action)
    if slot is not None:
        strip.action_slot = slot
    track.mute = True
