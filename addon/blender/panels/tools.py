"""The panel that sends the selected objects through the service's tools."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import bpy

from ...catalog import (
    Group,
    InvalidRequest,
    Operation,
    Outcome,
    get,
)
from ...jobs import figures_table
from ...jobs.job import Job
from ..core import ids
from ..core.translation import translate
from ..operators.results import has_pictures
from ..runtime import cautions, preflight, tool_orders
from ..runtime.preflight import Blocker, Need
from ..scene import mesh_checks, object_links, upload_size
from ..scene.export_selection import Selection
from ..settings.properties import SceneSettings, home_of, settings_of
from ..snapshot import snapshot
from ..widgets import results_of_object
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.fields import draw_field
from ..widgets.text import paragraph


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
        layout = self.layout
        draw_models(layout, context, order)
        settings_layout(layout).prop(settings, "tool")
        draw_tool_settings(layout, context, settings, order, get(settings.tool))
        _draw_chain(layout, settings)
        _draw_check(layout, context, order)
        draw_price(layout, context, order, blocker)
        button = layout.row()
        button.scale_y = 1.5
        button.operator(ids.OperatorId.SEND, text=_button_text(settings))
        _draw_pair(layout, context)
        _draw_results(layout, context)


def _button_text(settings: SceneSettings) -> str:
    steps = len(settings.chain)
    return translate("Run {n} Steps", n=steps) if steps > 1 else get(_last_tool(settings)).label


def _last_tool(settings: SceneSettings) -> str:
    return settings.chain[-1].tool if len(settings.chain) else settings.tool


def draw_models(
    layout: bpy.types.UILayout, context: bpy.types.Context, order: tool_orders.Order
) -> None:
    """What would be sent, and how much that is."""
    column = layout.column(align=True)
    if tool_orders.MAIN not in order.models:
        quiet = column.row()
        quiet.active = False
        quiet.label(text="No object selected", icon="OBJECT_DATA")
        return
    paired = tool_orders.OTHER in order.models
    for key, selection in order.models.items():
        names = _names(selection) if len(order.runs) == 1 else _run_names(order)
        text = (
            translate("{role}: {names}", role=translate(ROLES[key]), names=names)
            if paired
            else names
        )
        column.label(text=text, icon="OBJECT_DATA", translate=False)
    extent = upload_size.extent_words(context, order.models[tool_orders.MAIN])
    for words in (extent, upload_size.words(context, order.selections)):
        line = column.row()
        line.active = False
        line.label(text=words, icon="BLANK1", translate=False)
    if upload_size.is_large(context, order.selections):
        words = "This is a large upload; it may take minutes."
        paragraph(column, context, words, icon="ERROR")
    draw_cautions(column, context, order)


def draw_cautions(
    layout: bpy.types.UILayout, context: bpy.types.Context, order: tool_orders.Order
) -> None:
    """What is seen and cannot be sent, and what cannot come back."""
    for words in cautions.of_order(context, order):
        paragraph(layout, context, words, icon="ERROR")


ROLES: Final = {tool_orders.MAIN: "Low Poly", tool_orders.OTHER: "High Poly"}


def _names(selection: Selection) -> str:
    more = len(selection.objects) - 1
    name = selection.main.name
    return translate("{name} and {n} more", name=name, n=more) if more else name


def _run_names(order: tool_orders.Order) -> str:
    first = order.models[tool_orders.MAIN].main.name
    return translate("{name}, then {n} more", name=first, n=len(order.runs) - 1)


def draw_tool_settings(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    order: tool_orders.Order,
    tool: Operation,
) -> None:
    """The tool's own settings, what of the object it gets, and the rare ones in a part to open."""
    column = settings_layout(layout)
    draft = tool_orders.tool_draft(settings, tool)
    fields = tool_orders.setting_fields(draft)
    for field in (f for f in fields if not f.advanced):
        draw_field(column, context, home_of(settings, draft.operation, field), field, draft)
    if draft.operation.outcome is Outcome.FILE:
        column.prop(settings, "import_converted")
    if tool_orders.may_lack_textures(draft.operation):
        column.prop(settings, "texture_size")
    source = column.column(heading="Object")
    source.prop(settings, "apply_modifiers")
    source.prop(settings, "with_children")
    if order.divisible:
        source.prop(settings, "one_by_one")
    advanced = [f for f in fields if f.advanced]
    if advanced:
        header, body = layout.panel(ADVANCED, default_closed=True)
        header.label(text="Advanced")
        if body is not None:
            inside = settings_layout(body)
            for field in advanced:
                draw_field(inside, context, home_of(settings, draft.operation, field), field, draft)


ADVANCED: Final = f"{ids.PanelId.TOOLS}_advanced"


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
        properties = row.operator(ids.OperatorId.REMOVE_STEP, text="", icon="X", emboss=False)
        properties.index = index
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


def draw_price(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    order: tool_orders.Order,
    blocker: Blocker | None,
) -> None:
    """The price beside the balance, and below it what it is made of or what is missing."""
    column = layout.column(align=True)
    words = _price_words(order)
    if words is not None:
        balance = preflight.balance_of(snapshot.current())
        row = column.row(align=True)
        row.label(text=preflight.credits_words(words[0], balance), translate=False)
        row.operator(ids.OperatorId.CHECK_CONNECTION, text="", icon="FILE_REFRESH", emboss=False)
    detail = column.column()
    if blocker is not None and blocker.need in {Need.SETTINGS, Need.CREDITS}:
        paragraph(detail, context, blocker.message)
    elif words is not None:
        detail.active = False
        paragraph(detail, context, words[1])


def _price_words(order: tool_orders.Order) -> tuple[int, str] | None:
    try:
        return order.credits(), order.price_words()
    except InvalidRequest:
        return None


def _draw_pair(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """The active object's other side, and how the two differ."""
    scene = cast(bpy.types.Scene, context.scene)
    pair = object_links.pair_of(scene, context.active_object)
    if pair is None:
        return
    result, _originals = pair
    box = layout.box()
    _draw_figures(box, context, results_of_object.before_and_after(result))
    box.operator(ids.OperatorId.SWAP, icon="ARROW_LEFTRIGHT")
    row = box.row(align=True)
    for keep, text in (("RESULT", "Keep Result"), ("ORIGINAL", "Keep Original")):
        properties = row.operator(ids.OperatorId.KEEP, text=text)
        properties.keep = keep


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
        box.operator(ids.OperatorId.COPY_FIGURES).job_id = figures.id
    pictures = results_of_object.latest(context, Outcome.PICTURES)
    if pictures is not None and has_pictures(pictures):
        layout.operator(ids.OperatorId.SHOW_PICTURES).job_id = pictures.id


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
