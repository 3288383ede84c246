"""The panel that makes a new model."""

import bpy

from ...catalog import Group
from ..core import account, ids
from ..core.access import layout_of
from ..runtime import preflight
from ..settings.properties import generate_drafts, settings_of
from ..snapshot import snapshot
from ..widgets import alternatives, cut_out, news, order_form, then
from ..widgets import fields as field_rows
from ..widgets import placement as placement_form
from ..widgets.base import SidebarPanel, settings_layout
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
        news.draw_update(layout)
        order_form.draw_notice(layout, context, blocker)
        field_rows.draw_tabs(layout, context, settings, "mode")
        column = settings_layout(layout)
        sources, common, advanced = order_form.sort_fields(draft)
        order_form.draw_fields(column, context, settings, draft, sources)
        draw_chooser(column, ids.PanelId.ENGINES, draft.operation)
        order_form.draw_fields(column, context, settings, draft, common)
        cut_out.draw_cut_out(column, context, settings, draft)
        alternatives.draw_alternatives(column, context, settings)
        order_form.draw_name(column, context, draft)
        order_form.draw_advanced(layout, context, settings, draft, advanced, ids.PanelId.GENERATE)
        placement_form.draw_placement(layout, settings.placement, ids.PanelId.GENERATE)
        then.draw_then(layout, context, settings.then, ids.PanelId.GENERATE)
        order_form.draw_price(layout, context, current, preflight.estimate_of_all(drafts), blocker)
        order_form.draw_button(layout, ids.OperatorId.GENERATE, "Generate")


CLASSES = (STUDIO3D_PT_generate,)
