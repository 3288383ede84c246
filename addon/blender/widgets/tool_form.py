"""The parts of what asks for a tool: its models, its settings, its price."""

from typing import Final

import bpy

from ...catalog import Operation, Outcome
from ..core import ids
from ..core.translation import translate
from ..runtime import cautions, tool_orders
from ..scene import upload_size
from ..scene.export_selection import Selection
from ..settings.properties import SceneSettings, home_of
from .base import settings_layout
from .fields import draw_choice, draw_choice_among, draw_field, draw_setting, draw_switch
from .text import paragraph


def draw_models(
    layout: bpy.types.UILayout, context: bpy.types.Context, order: tool_orders.Order
) -> None:
    """What would be sent, and how much that is."""
    column = layout.column(align=True)
    if tool_orders.MAIN not in order.models:
        column.label(text="No object selected", icon="OBJECT_DATA")
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
        paragraph(column, context, words, icon="BLANK1", translate=False)
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
        draw_switch(column, context, settings, "import_converted")
    if tool_orders.may_lack_textures(draft.operation):
        draw_choice(column, context, settings, "texture_size")
    if draft.operation.outcome is Outcome.TEXTURES:
        _draw_uv_map(column, context, settings, order)
    source = column.column(heading="Object")
    for name in ("apply_modifiers", "with_children", *(["one_by_one"] if order.divisible else [])):
        draw_switch(source, context, settings, name)
    advanced = [f for f in fields if f.advanced]
    if advanced:
        header, body = layout.panel(ADVANCED, default_closed=True)
        header.label(text="Advanced")
        if body is not None:
            inside = settings_layout(body)
            for field in advanced:
                draw_field(inside, context, home_of(settings, draft.operation, field), field, draft)


def _draw_uv_map(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    order: tool_orders.Order,
) -> None:
    """Which UV map of the object the new textures are to lie on."""
    selection = order.models.get(tool_orders.MAIN)
    mesh = None if selection is None else selection.main.data
    if isinstance(mesh, bpy.types.Mesh):
        draw_choice_among(layout, context, settings, "uv_map", (mesh, "uv_layers"))
    else:
        draw_setting(layout, context, settings, "uv_map")


ADVANCED: Final = f"{ids.PanelId.TOOLS}_advanced"
