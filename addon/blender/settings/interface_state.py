"""What the interface remembers while Blender runs: on the window manager, so never saved."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, PointerProperty, StringProperty

from ...catalog import Group
from ..core import ids, signals
from ..core.ids import CONTEXT
from .properties import PICTURE_GROUPS, STUDIO3D_PG_pictures, panel_groups
from .result_filter import KIND_ITEMS, engine_items


def _named_groups() -> tuple[Group, ...]:
    """The groups in whose forms an order can be given a name."""
    return (Group.GENERATE, Group.IMAGE, *panel_groups())


def form_of(group: Group) -> Group:
    """The group in whose form operations of this one are ordered."""
    return Group.IMAGE if group in PICTURE_GROUPS else group


if TYPE_CHECKING:

    class STUDIO3D_PG_order_names(bpy.types.PropertyGroup):
        """The name given in each form, by the identifier of its group."""
else:
    STUDIO3D_PG_order_names = type(
        f"{ids.EXTENSION.upper()}_PG_order_names",
        (bpy.types.PropertyGroup,),
        {
            "__annotations__": {
                group.identifier: StringProperty(
                    name="Name",
                    description="What the result is called here; never sent to the service",
                    translation_context=CONTEXT,
                )
                for group in _named_groups()
            },
            "__module__": __name__,
        },
    )


class STUDIO3D_PG_interface(bpy.types.PropertyGroup):
    """State of lists and panels."""

    if TYPE_CHECKING:
        show_all_jobs: bool
        results_filter: str
        results_kind: str
        results_engine: str
        results_page: int
        candidates_round: str
        pictures: STUDIO3D_PG_pictures
        order_names: STUDIO3D_PG_order_names
    else:
        order_names: PointerProperty(type=STUDIO3D_PG_order_names)
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
        results_kind: EnumProperty(
            name="Kind",
            description="Show only results of this kind",
            items=KIND_ITEMS,
            update=lambda state, _context: state.show_first_page(),
            translation_context=CONTEXT,
        )
        results_engine: EnumProperty(
            name="Engine",
            description="Show only results of this engine or tool",
            items=engine_items(),
            update=lambda state, _context: state.show_first_page(),
            translation_context=CONTEXT,
        )
        candidates_round: StringProperty(
            name="Round",
            description="Which round of candidates is shown; the newest if none is named",
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


CLASSES = (STUDIO3D_PG_order_names, STUDIO3D_PG_interface)


def interface_state_of(context: bpy.types.Context) -> STUDIO3D_PG_interface:
    """Return the state shared by all windows."""
    state: STUDIO3D_PG_interface = getattr(context.window_manager, ids.EXTENSION)
    return state


def given_name(context: bpy.types.Context, group: Group) -> str:
    """What the order of the group's form is to be called; "" where nobody has said."""
    names = interface_state_of(context).order_names
    return str(getattr(names, form_of(group).identifier, "")).strip()


def give_name(context: bpy.types.Context, group: Group, name: str) -> None:
    """Put the name into the group's form, if it has a place for one."""
    names, field = interface_state_of(context).order_names, form_of(group).identifier
    if hasattr(names, field):
        setattr(names, field, name)


def register() -> None:
    """Add ``WindowManager.studio3d``."""
    setattr(bpy.types.WindowManager, ids.EXTENSION, PointerProperty(type=STUDIO3D_PG_interface))


def unregister() -> None:
    """Take ``WindowManager.studio3d`` away."""
    delattr(bpy.types.WindowManager, ids.EXTENSION)
