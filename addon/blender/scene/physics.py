"""Rigid bodies of a result and its original: only the one that is shown takes part."""

from typing import Any, Final

import bpy

from ..core.ids import EXTENSION

ASIDE: Final = f"{EXTENSION}_collides_with"
"""Custom property of a hidden rigid body: the collision layers it had."""
NONE: Final = (False,) * 20


def collections() -> list[bpy.types.Collection]:
    """The collections whose members Blender makes rigid bodies and constraints of."""
    worlds = [scene.rigidbody_world for scene in bpy.data.scenes]
    found = [(world.collection, world.constraints) for world in worlds if world is not None]
    return [one for pair in found for one in pair if one is not None]


def stand_aside(obj: bpy.types.Object) -> None:
    """Let nothing collide with the object: hiding it does not change the simulation."""
    body: Any = obj.rigid_body  # the stubs know arrays of one type only
    if body is not None and ASIDE not in obj.keys():  # noqa: SIM118 - Blender's own, not a dict
        obj[ASIDE] = [int(collides) for collides in body.collision_collections]
        body.collision_collections = NONE


def take_part(obj: bpy.types.Object) -> None:
    """Undo ``stand_aside``."""
    if ASIDE not in obj.keys():  # noqa: SIM118
        return
    body: Any = obj.rigid_body
    if body is not None:
        body.collision_collections = [bool(collides) for collides in obj[ASIDE]]
    del obj[ASIDE]


def hand_over(old: bpy.types.Object, new: bpy.types.Object) -> None:
    """Let constraints, ``old``'s own and those that hold it, go on with ``new``."""
    if old.rigid_body_constraint is not None and new.rigid_body_constraint is not None:
        new.rigid_body_constraint.enabled = old.rigid_body_constraint.enabled
        old.rigid_body_constraint.enabled = False
    if new.rigid_body is None:
        return
    for obj in bpy.data.objects:
        held = obj.rigid_body_constraint
        if held is None or obj.library is not None:
            continue
        if held.object1 == old:
            held.object1 = new
        if held.object2 == old:
            held.object2 = new
