"""Naming one of our settings to an operator that is to fill it.

By its path: ``studio3d.views.front`` is the scene's; ``window_manager.studio3d.pictures.image``
is a dialog's.
"""

from typing import Any, Final

import bpy

from ..core import ids
from ..core.access import scene_of, window_manager_of

OF_DIALOGS: Final = "window_manager."
"""Begins the path of what is no part of the file."""


def target_of(group: bpy.types.PropertyGroup, name: str) -> str:
    """The path of that property of the group."""
    owner: Any = group.id_data  # the stubs know no kinds of owners
    prefix = OF_DIALOGS if isinstance(owner, bpy.types.WindowManager) else ""
    return f"{prefix}{group.path_from_id()}.{name}"


def found(context: bpy.types.Context, target: str) -> tuple[Any, str]:
    """The group that has the property, and its name there; raises LookupError if it is not ours."""
    path = target.removeprefix(OF_DIALOGS)
    owner, _, name = path.rpartition(".")
    if owner.partition(".")[0] != ids.EXTENSION:
        raise LookupError(target)
    root = scene_of(context) if path == target else window_manager_of(context)
    try:
        group: Any = root.path_resolve(owner)
    except ValueError as error:
        raise LookupError(target) from error
    if name not in group.bl_rna.properties:
        raise LookupError(target)
    return group, name
