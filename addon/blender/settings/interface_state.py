"""What the interface remembers while Blender runs: on the window manager, so never saved."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, IntProperty, PointerProperty, StringProperty

from ..core import ids, signals
from ..core.ids import CONTEXT
from .properties import STUDIO3D_PG_pictures


class STUDIO3D_PG_interface(bpy.types.PropertyGroup):
    """State of lists and panels."""

    if TYPE_CHECKING:
        show_all_jobs: bool
        results_filter: str
        results_page: int
        pictures: STUDIO3D_PG_pictures
    else:
        show_all_jobs: BoolProperty(
            name="Show All",
            description="List older jobs as well",
            default=False,
            translation_context=CONTEXT,
        )
        results_filter: StringProperty(
            name="Filter",
            description="Show only results with this in their name or prompt",
            options={"TEXTEDIT_UPDATE"},
            update=lambda state, _context: state.show_first_page(),
            translation_context=CONTEXT,
        )
        results_page: IntProperty(
            name="Page",
            description="Which page of the results is shown",
            default=1,
            min=1,
            update=lambda _state, _context: signals.PAGE_CHANGED.send(),
            translation_context=CONTEXT,
        )

        # What dialogs for one picture start from; those of the Image panel are another matter.
        pictures: PointerProperty(type=STUDIO3D_PG_pictures)

    def show_first_page(self) -> None:
        """Another filter has pages of its own."""
        self.results_page = 1


CLASSES = (STUDIO3D_PG_interface,)


def interface_state_of(context: bpy.types.Context) -> STUDIO3D_PG_interface:
    """Return the state shared by all windows."""
    state: STUDIO3D_PG_interface = getattr(context.window_manager, ids.EXTENSION)
    return state


def register() -> None:
    """Add ``WindowManager.studio3d``."""
    setattr(bpy.types.WindowManager, ids.EXTENSION, PointerProperty(type=STUDIO3D_PG_interface))


def unregister() -> None:
    """Take ``WindowManager.studio3d`` away."""
    delattr(bpy.types.WindowManager, ids.EXTENSION)
