"""The panel that sends the selected objects through the service's tools."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import bpy

from ...catalog import Group, Outcome, get
from ...jobs import figures_table
from ...jobs.job import Job
from ..core import ids
from ..core.access import call_with, layout_of, scene_of
from ..core.translation import translate
from ..runtime import tool_orders
from ..scene import mesh_checks, object_links
from ..settings.properties import SceneSettings, settings_of
from ..snapshot import snapshot
from ..widgets import results_of_object
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.fields import draw_choice
from ..widgets.order_form import draw_button, draw_price
from ..widgets.picture_results import has_pictures
from ..widgets.text import paragraph
from ..widgets.tool_form import draw_models, draw_tool_settings


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
        draw_models(layout, context, order)
        draw_choice(settings_layout(layout), context, settings, "tool")
        draw_tool_settings(layout, context, settings, order, get(settings.tool))
        _draw_chain(layout, settings)
        _draw_check(layout, context, order)
        draw_price(layout, context, snapshot.current(), order.estimate(), blocker)
        draw_button(layout, ids.OperatorId.SEND, _button_text(settings))
        _draw_pair(layout, context)
        _draw_results(layout, context)


def _button_text(settings: SceneSettings) -> str:
    steps = len(settings.chain)
    return translate("Run {n} Steps", n=steps) if steps > 1 else get(_last_tool(settings)).label


def _last_tool(settings: SceneSettings) -> str:
    return settings.chain[-1].tool if len(settings.chain) else settings.tool


def _draw_chain(layout: bpy.types.UILayout, settings: SceneSettings) -> None:
    """The steps that run one after the other; without any, the tool above runs alone."""
    header, body = layout.panel(STEPS, default_closed=True)
    header.label(
        text=translate("Steps ({n})", n=len(settings.chain))
        if len(settings.chain)
        else translate("Steps")
    )
    if body is None:
        return
    column = body.column(align=True)
    for index, step in enumerate(settings.chain):
        row = column.row(align=True)
        row.label(text=f"{index + 1}. {translate(get(step.tool).label)}", translate=False)
        call_with(
            row.operator(ids.OperatorId.REMOVE_STEP, text="", icon="X", emboss=False), index=index
        )
    column.operator(ids.OperatorId.ADD_STEP, icon="ADD")


STEPS: Final = f"{ids.PanelId.TOOLS}_steps"


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


def _draw_pair(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """The active object's other side, and how the two differ."""
    scene = scene_of(context)
    pair = object_links.pair_of(scene, context.active_object)
    if pair is None:
        return
    result, _originals = pair
    box = layout.box()
    _draw_figures(box, context, results_of_object.before_and_after(result))
    box.operator(ids.OperatorId.SWAP, icon="ARROW_LEFTRIGHT")
    row = box.row(align=True)
    for keep, text in (("RESULT", "Keep Result"), ("ORIGINAL", "Keep Original")):
        call_with(row.operator(ids.OperatorId.KEEP, text=text), keep=keep)


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
    name = row.column()
    name.active = False
    paragraph(name, context, translate(label), share=LABELS, indent=BOX_UNITS, translate=False)
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
        _draw_row(box, context, "Unit", [unit_of(figures)])
        call_with(box.operator(ids.OperatorId.COPY_FIGURES), job_id=figures.id)
    pictures = results_of_object.latest(context, Outcome.PICTURES)
    if pictures is not None and has_pictures(pictures):
        call_with(layout.operator(ids.OperatorId.SHOW_PICTURES), job_id=pictures.id)


def unit_of(job: Job) -> str:
    """The unit of the lengths the job was asked for, which is the scene's of that time."""
    return " ".join(str(job.values[name]) for name in get(job.operation).units())


def _draw_table(
    layout: bpy.types.UILayout, context: bpy.types.Context, table: figures_table.Table
) -> None:
    """Turned on its side: a sidebar is narrow, and there are few heights."""
    column = layout.column(align=True)
    for number, label in enumerate(table.columns):
        _draw_row(column, context, label, [row[number] for row in table.rows])


CLASSES = (STUDIO3D_PT_tools,)
