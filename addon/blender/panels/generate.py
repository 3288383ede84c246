"""The panel that makes a new model."""

import bpy

from ...catalog import Group
from ..core import account, ids
from ..core.access import layout_of
from ..runtime import preflight
from ..settings.properties import generate_drafts, settings_of
from ..snapshot import snapshot
from ..widgets.alternatives import draw_alternatives
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.fields import draw_tabs
from ..widgets.order_form import (
    draw_advanced,
    draw_button,
    draw_fields,
    draw_name,
    draw_notice,
    draw_price,
    sort_fields,
)
from ..widgets.placement import draw_placement
from .engines import draw_chooser
from .presets import STUDIO3D_PT_model_presets


class STUDIO3D_PT_generate(SidebarPanel):
    """Describe a model, see what it costs, and generate it."""

    bl_idname = ids.PanelId.GENERATE
    bl_label = "Generate"
    bl_order = Group.GENERATE.order

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        row = layout_of(self).row(align=True)
        STUDIO3D_PT_model_presets.draw_panel_header(row)
        row.operator(ids.OperatorId.SHOW_PREFERENCES, text="", icon="PREFERENCES", emboss=False)

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft, *_ = drafts = generate_drafts(settings)
        current = snapshot.current()
        blocker = preflight.find_blocker_of_all(current, account.online(), drafts)
        layout = layout_of(self)
        draw_notice(layout, context, blocker)
        draw_tabs(layout, context, settings, "mode")
        column = settings_layout(layout)
        sources, common, advanced = sort_fields(draft)
        draw_fields(column, context, settings, draft, sources)
        draw_chooser(column, ids.PanelId.ENGINES, draft.operation)
        draw_fields(column, context, settings, draft, common)
        draw_alternatives(column, context, settings)
        draw_name(column, context, draft)
        draw_advanced(layout, context, settings, draft, advanced, ids.PanelId.GENERATE)
        draw_placement(layout, settings.placement, ids.PanelId.GENERATE)
        draw_price(layout, context, current, preflight.estimate_of_all(drafts), blocker)
        draw_button(layout, ids.OperatorId.GENERATE, "Generate")


CLASSES = (STUDIO3D_PT_generate,)
