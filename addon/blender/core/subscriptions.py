"""Hearing of changes to Blender's own settings.

Opening a file ends every subscription, so who subscribes does it again for each file.
"""

from collections.abc import Callable
from typing import Any, cast

import bpy


def hear_of(owner: object, setting: tuple[type, str], notify: Callable[[], None]) -> None:
    """Call ``notify`` when that property of the type changes, and for ``owner`` nothing else."""
    bpy.msgbus.clear_by_owner(owner)
    bpy.msgbus.subscribe_rna(key=cast(Any, setting), owner=owner, args=(), notify=notify)
