"""The panel that makes a new model."""

from typing import Final

import bpy

from ...catalog import Field, Mode
from .. import account, ids, preferences, readiness, view
from ..draft import Draft
from ..properties import (
    SceneSettings,
    engine_property,
    generate_draft,
    home_of,
    settings_of,
)
from ..readiness import Need, Obstacle
from .base import SidebarPanel, settings_layout
from .fields import draw_field
from .text import paragraph


class STUDIO3D_PT_generate(SidebarPanel):
    """Describe a model, see what it costs, and generate it."""

    bl_idname = ids.PanelId.GENERATE
    bl_label = "Generate"
    bl_order = 0

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        self.layout.operator(
            ids.OperatorId.SHOW_PREFERENCES, text="", icon="PREFERENCES", emboss=False
        )

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft = generate_draft(settings)
        current = view.current()
        obstacle = readiness.find_obstacle(current, account.online(), draft)
        layout = self.layout
        _draw_notice(layout, context, obstacle)
        _draw_settings(layout, context, settings, draft)
        _draw_price(layout, context, current, draft, obstacle)
        button = layout.row()
        button.scale_y = 1.5
        button.operator(ids.OperatorId.GENERATE, text="Generate")


def _draw_notice(
    layout: bpy.types.UILayout, context: bpy.types.Context, obstacle: Obstacle | None
) -> None:
    """What has to be arranged once, with the means to do it."""
    if obstacle is None or obstacle.need not in {Need.KEY, Need.ONLINE}:
        return
    box = layout.box()
    paragraph(box, context, obstacle.message, icon="INFO", indent=0.5)
    if obstacle.need is Need.KEY:
        box.prop(preferences.preferences_of(context), "key", text="", placeholder="Paste API Key")
        box.operator(ids.OperatorId.SHOW_PREFERENCES)
    else:
        box.operator(ids.OperatorId.SHOW_ONLINE_ACCESS)


def _draw_settings(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: Draft,
) -> None:
    layout.row(align=True).prop(settings, "mode", expand=True)
    column = settings_layout(layout)
    fields = draft.visible_fields()
    _draw_fields(column, context, settings, draft, [f for f in fields if _is_source(f, draft)])
    column.prop(settings, engine_property(Mode(settings.mode)))
    others = [f for f in fields if not _is_source(f, draft)]
    _draw_fields(column, context, settings, draft, [f for f in others if not f.advanced])
    advanced = [f for f in others if f.advanced]
    if advanced:
        header, body = layout.panel(ADVANCED, default_closed=True)
        header.label(text="Advanced")
        if body is not None:
            _draw_fields(settings_layout(body), context, settings, draft, advanced)


ADVANCED: Final = f"{ids.PanelId.GENERATE}_advanced"


def _is_source(field: Field, draft: Draft) -> bool:
    return field.source is not None and field.source == draft.mode


def _draw_fields(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: Draft,
    fields: list[Field],
) -> None:
    for field in fields:
        draw_field(layout, context, home_of(settings, draft.operation, field), field, draft)


def _draw_price(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    current: view.JobsView,
    draft: Draft,
    obstacle: Obstacle | None,
) -> None:
    """The price beside the balance, and below it what the price is made of or what is wrong."""
    column = layout.column(align=True)
    row = column.row(align=True)
    row.label(text=readiness.price_words(current, draft), translate=False)
    row.operator(ids.OperatorId.CHECK_CONNECTION, text="", icon="FILE_REFRESH", emboss=False)
    wrong = obstacle is not None and obstacle.need in {Need.SETTINGS, Need.CREDITS}
    detail = column.column()
    detail.active = wrong
    text = obstacle.message if obstacle is not None and wrong else readiness.price_parts(draft)
    paragraph(detail, context, text)


CLASSES = (STUDIO3D_PT_generate,)
