"""Our entries in Blender's own menus and status bar."""

from collections.abc import Callable
from typing import Any, Final

import bpy

from ...catalog import Group, operations
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.translation import translate
from ..runtime import tool_orders
from ..scene import pictures, provenance
from ..settings import job_choices
from ..snapshot import snapshot
from ..widgets import picture_actions, previews
from ..widgets.told_apart import told_apart
from . import status_bar

RECENT: Final = 8
"""How many results the Add menu offers."""


class STUDIO3D_MT_add(bpy.types.Menu):
    """A new model, or once more one that was made before."""

    bl_idname = ids.MenuId.ADD
    bl_label = ids.TAB

    def draw(self, _context: bpy.types.Context | None) -> None:
        layout = layout_of(self)
        layout.operator_context = "INVOKE_DEFAULT"
        layout.operator(ids.OperatorId.GENERATE_DIALOG, icon="ADD")
        rows = [row for row in snapshot.current().rows if job_choices.can_place(row.job)][:RECENT]
        if rows:
            layout.separator()
        for row, name in zip(rows, told_apart(rows), strict=True):
            call_with(
                layout.operator(
                    ids.OperatorId.IMPORT_AS_NEW,
                    text=name,
                    icon_value=previews.of_result(row.thumbnail),
                    translate=False,
                ),
                job_id=row.job.id,
            )


def draw_add(menu: Any, _context: bpy.types.Context) -> None:
    """At the end of Add in the 3D viewport."""
    menu.layout.separator()
    menu.layout.menu(ids.MenuId.ADD, icon="MESH_MONKEY")


class STUDIO3D_MT_object(bpy.types.Menu):
    """What the selected objects can be used for."""

    bl_idname = ids.MenuId.OBJECT
    bl_label = ids.TAB

    def draw(self, context: bpy.types.Context | None) -> None:
        layout = layout_of(self)
        layout.operator_context = "INVOKE_DEFAULT"
        for tool in operations(Group.MESH_TOOL):
            button = layout.operator(
                ids.OperatorId.USE_TOOL, text=f"{translate(tool.label)}…", translate=False
            )
            call_with(button, tool=tool.name)
        layout.separator()
        layout.operator(ids.OperatorId.VIEWS_FROM_OBJECT, icon="OBJECT_DATA")
        if context is not None and provenance.job_of_active(context):
            layout.separator()
            layout.operator(ids.OperatorId.MARK_ASSET, icon="ASSET_MANAGER")
            layout.operator(ids.OperatorId.SAVE_ASSET)


class STUDIO3D_MT_image(bpy.types.Menu):
    """What the image at hand can be used for."""

    bl_idname = ids.MenuId.IMAGE
    bl_label = ids.TAB

    def draw(self, context: bpy.types.Context | None) -> None:
        layout = layout_of(self)
        layout.enabled = context is not None and pictures.image_in(context) is not None
        picture_actions.draw_actions(layout, "")


def draw_image(menu: Any, _context: bpy.types.Context) -> None:
    """In the Image menu of the image editor."""
    menu.layout.separator()
    menu.layout.menu(ids.MenuId.IMAGE)


def draw_object(menu: Any, context: bpy.types.Context) -> None:
    """In the context menu of objects that have a surface, or show a picture."""
    if pictures.image_in(context) is not None:
        menu.layout.separator()
        menu.layout.menu(ids.MenuId.IMAGE)
    elif tool_orders.is_anything_selected(context):
        menu.layout.separator()
        menu.layout.menu(ids.MenuId.OBJECT)


def draw_help(menu: Any, _context: bpy.types.Context) -> None:
    """At the end of Help in the top bar."""
    menu.layout.separator()
    menu.layout.operator(ids.OperatorId.ABOUT, icon="INFO")


ENTRIES: Final[tuple[tuple[str, Callable[[Any, bpy.types.Context], None]], ...]] = (
    ("STATUSBAR_HT_header", status_bar.draw),
    ("VIEW3D_MT_add", draw_add),
    ("IMAGE_MT_image", draw_image),
    ("VIEW3D_MT_object_context_menu", draw_object),
    ("TOPBAR_MT_help", draw_help),
)

CLASSES = (STUDIO3D_MT_add, STUDIO3D_MT_object, STUDIO3D_MT_image)


def register() -> None:
    """Add the entries."""
    for name, draw in ENTRIES:
        getattr(bpy.types, name).append(draw)


def unregister() -> None:
    """Take the entries back."""
    for name, draw in ENTRIES:
        getattr(bpy.types, name).remove(draw)
