"""The panel that sends the selected objects through the service's tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import bpy

from ...catalog import Group, Outcome, get
from ...jobs import figures_table
from ..core import ids
from ..core.access import call_with, layout_of, scene_of
from ..core.rna_enums import Icon
from ..core.translation import translate
from ..runtime import tool_orders
from ..scene import mesh_checks, versions
from ..settings import steps
from ..settings.properties import SceneSettings, settings_of
from ..snapshot import snapshot
from ..widgets import fields as field_rows
from ..widgets import order_form, picture_actions, picture_results, results_of_object, tool_form
from ..widgets import versions as version_rows
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.text import button_units, paragraph, room_units


class STUDIO3D_PT_tools(SidebarPanel):
    """What the service can do with the selected objects, and what became of them."""

    bl_idname = ids.PanelId.TOOLS
    bl_label = "Tools"
    bl_order = Group.MESH_TOOL.order
    # Closed at first: after Generate people look for the job, which is listed below.
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        order = tool_orders.order_of(context)
        blocker = tool_orders.find_blocker(context, order)
        layout = layout_of(self)
        tool_form.draw_models(layout, context, order)
        _draw_steps(layout, settings)
        field_rows.draw_choice(settings_layout(layout), context, settings, "tool")
        tool_form.draw_tool_settings(layout, context, settings, order, get(settings.tool))
        layout.operator_menu_enum(ids.OperatorId.ADD_STEP, "tool", text="Add Step", icon="ADD")
        _draw_check(layout, context, order)
        order_form.draw_price(layout, context, snapshot.current(), order.estimate(), blocker)
        words = _button_text(context, settings)
        if order.outcome is Outcome.FILE:  # where to, is asked first
            words = f"{words}…"
        order_form.draw_button(layout, ids.OperatorId.SEND, words)
        _draw_versions(layout, context)
        _draw_results(layout, context)


def _button_text(context: bpy.types.Context, settings: SceneSettings) -> str:
    """What runs, by name; where that is too long, the list above has the names."""
    names = [translate(get(tool).label) for tool in steps.tools(settings)]
    text = " → ".join(names)
    if len(names) > 1 and button_units(context, text) > room_units(context):
        return translate("Run {n} Steps", n=len(names))
    return text


def _draw_steps(layout: bpy.types.UILayout, settings: SceneSettings) -> None:
    """The steps that run one after the other; the settings below are those of the marked one."""
    tools = steps.tools(settings)
    if not steps.are_there(settings):
        return
    column = layout.column(align=True)
    for index, tool in enumerate(tools):
        row = column.row(align=True)
        text = f"{index + 1}. {translate(get(tool).label)}"
        here = index == steps.shown(settings)
        button = row.operator(ids.OperatorId.SHOW_STEP, text=text, translate=False, depress=here)
        call_with(button, index=index)
        for by, icon, end in MOVES:
            moves = row.row(align=True)
            moves.enabled = index != (0 if end == "first" else len(tools) - 1)
            call_with(
                moves.operator(ids.OperatorId.MOVE_STEP, text="", icon=icon), index=index, by=by
            )
        call_with(row.operator(ids.OperatorId.REMOVE_STEP, text="", icon="X"), index=index)


MOVES: Final[tuple[tuple[int, Icon, str], ...]] = (
    (-1, "TRIA_UP", "first"),
    (1, "TRIA_DOWN", "last"),
)
"""By how many places, and at which end of the list not."""


def _draw_check(
    layout: bpy.types.UILayout, context: bpy.types.Context, order: tool_orders.Order
) -> None:
    column = layout.column(align=True)
    column.operator(ids.OperatorId.CHECK_MODEL)
    selection = order.models.get(tool_orders.MAIN)
    found = None if selection is None else mesh_checks.of(selection.main)
    if found is not None:
        paragraph(column, context, found.verdict, icon="CHECKMARK" if found.closed else "INFO")
        _draw_figures(column, context, [("", found.figures)])


def _draw_versions(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """The active object's versions, and how the shown one differs from what was sent."""
    found = versions.of(scene_of(context), context.active_object)
    if not found:
        return
    box = layout.box()
    box.label(text="Versions")
    version_rows.draw_versions(box, context, found)
    shown = next((one.object for one in found if one.is_shown), None)
    if shown is not None:
        _draw_figures(box, context, results_of_object.before_and_after(shown))


def _draw_figures(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    columns: Sequence[tuple[str, Mapping[str, Any]]],
) -> None:
    """Figures side by side, one column each."""
    if not columns:
        return
    said = [dict(mesh_checks.lines(figures)) for _, figures in columns]
    labels = list(dict.fromkeys(label for lines in said for label in lines))
    table = layout.column(align=True)
    if any(title for title, _ in columns):
        _draw_row(table, context, "", [translate(title) for title, _ in columns])
    for label in labels:
        _draw_row(table, context, label, [lines.get(label, "") for lines in said])


def _draw_row(
    layout: bpy.types.UILayout, context: bpy.types.Context, label: str, values: Sequence[str]
) -> None:
    row = layout.split(factor=LABELS)
    row.scale_y = 0.8
    paragraph(
        row.column(), context, translate(label), share=LABELS, indent=BOX_UNITS, translate=False
    )
    cells = row.row()
    share = (1 - LABELS) / len(values)
    for value in values:
        cell = cells.column()
        if value:
            paragraph(cell, context, value, share=share, indent=BOX_UNITS, translate=False)
        else:
            cell.label(text="")


BOX_UNITS: Final = 0.5
"""What a box takes from the width, in widgets."""

LABELS: Final = 0.4


def _draw_results(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """The latest pictures and figures of the active object."""
    figures = results_of_object.latest(context, Outcome.FIGURES)
    table = None if figures is None else figures_table.of_job(figures)
    if figures is not None and table is not None:
        box = layout.box()
        box.label(text=translate("Volume of {name}", name=figures.name), translate=False)
        _draw_table(box, context, table)
        call_with(box.operator(ids.OperatorId.COPY_FIGURES), job_id=figures.id)
    pictures = results_of_object.latest(context, Outcome.PICTURES)
    if pictures is not None and picture_results.has_pictures(pictures):
        call_with(layout.operator(ids.OperatorId.SHOW_PICTURES), job_id=pictures.id)
        picture_actions.draw_pictures(layout, context, pictures)


def _draw_table(
    layout: bpy.types.UILayout, context: bpy.types.Context, table: figures_table.Table
) -> None:
    """Turned on its side: a sidebar is narrow, and there are few heights."""
    column = layout.column(align=True)
    for number, label in enumerate(table.columns[:MOST_LINES]):
        _draw_row(column, context, label, [row[number] for row in table.rows[:MOST_HEIGHTS]])


MOST_HEIGHTS: Final = 8
MOST_LINES: Final = 40
"""Of figures, however many came; all can be copied."""


CLASSES = (STUDIO3D_PT_tools,)
