"""Keys and drivers of one data-block on another that has the same properties."""

from typing import Any, Final

import bpy

OF_A_USE: Final = ("action_blend_type", "action_extrapolation", "action_influence")


def copy(source: bpy.types.ID, target: bpy.types.ID) -> None:
    """Let the same action, strips and drivers move ``target``, where nothing else does already.

    What a driver reads of ``source`` it then reads of ``target``, which is not driven in what it
    does not have.
    """
    given = _animation_of(source)
    if given is None:
        return
    made = _animation_of(target, anew=True)
    if made.action is None and given.action is not None:
        _use(given, made)
        for name in OF_A_USE:
            setattr(made, name, getattr(given, name))
    if not made.nla_tracks:
        for track in given.nla_tracks:
            _copy_track(track, made.nla_tracks)
    for driver in given.drivers:
        is_new = made.drivers.find(driver.data_path, index=driver.array_index) is None
        if is_new and _has(target, driver.data_path):
            curve = made.drivers.from_existing(src_driver=driver)
            _look_at(curve.driver, source, target)


def _animation_of(block: Any, *, anew: bool = False) -> Any:
    """What moves a data-block; made if there is none and it is wanted ``anew``."""
    return block.animation_data or (block.animation_data_create() if anew else None)


def _has(target: bpy.types.ID, path: str) -> bool:
    try:
        target.path_resolve(path)
    except ValueError:
        return False
    return True


def keep_drivers(obj: bpy.types.Object, *, of: str) -> None:
    """Drop all that moves the object but drivers of paths that begin with ``of``."""
    animation = obj.animation_data
    if animation is None:
        return
    animation.action = None
    for track in list(animation.nla_tracks):
        animation.nla_tracks.remove(track)
    for driver in list(animation.drivers):
        if not driver.data_path.startswith(of):
            animation.drivers.remove(driver)


def _use(given: Any, made: Any) -> None:
    """The action, and in newer Blenders the part of it."""
    made.action = given.action
    if getattr(given, "action_slot", None) is not None:
        made.action_slot = given.action_slot


def _look_at(driver: bpy.types.Driver, source: bpy.types.ID, target: bpy.types.ID) -> None:
    for variable in driver.variables:
        for read in variable.targets:
            if read.id == source:
                read.id = target


def _copy_track(track: Any, tracks: Any) -> None:
    made = tracks.new()
    _copy_properties(track, made)
    for strip in track.strips:
        if strip.action is None:  # sounds and transitions
            continue
        own = made.strips.new(strip.name, int(strip.frame_start), strip.action)
        _use(strip, own)
        _copy_properties(strip, own)


def _copy_properties(given: Any, made: Any) -> None:
    """All that can be set and is no other thing's."""
    for name, known in given.bl_rna.properties.items():
        if not known.is_readonly and known.type not in {"POINTER", "COLLECTION"}:
            setattr(made, name, getattr(given, name))
