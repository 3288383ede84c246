"""What the interface remembers while Blender runs: on the window manager, so never saved."""

from typing import TYPE_CHECKING, cast

import bpy
from bpy.props import BoolProperty, PointerProperty

from . import ids


class STUDIO3D_PG_interface(bpy.types.PropertyGroup):
    """State of lists and panels."""

    if TYPE_CHECKING:
        show_all_jobs: bool
    else:
        show_all_jobs: BoolProperty(
            name="Show All", description="List older jobs as well", default=False
        )


CLASSES = (STUDIO3D_PG_interface,)


def interface_state_of(context: bpy.types.Context) -> STUDIO3D_PG_interface:
    """Return the state shared by all windows."""
    return cast(STUDIO3D_PG_interface, getattr(context.window_manager, ids.EXTENSION))


def register() -> None:
    """Add ``WindowManager.studio3d``."""
    setattr(bpy.types.WindowManager, ids.EXTENSION, PointerProperty(type=STUDIO3D_PG_interface))


def unregister() -> None:
    """Take ``WindowManager.studio3d`` away."""
    delattr(bpy.types.WindowManager, ids.EXTENSION)
