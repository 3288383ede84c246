"""The panel that makes a printable figurine of a photo."""

import bpy

from .. import account, ids, readiness, view
from ..panel_drafts import miniature_draft
from ..properties import settings_of
from .base import SidebarPanel
from .order_form import draw_button, draw_form, draw_notice, draw_price
from .placement import draw_placement
from .presets import STUDIO3D_PT_miniature_presets


class STUDIO3D_PT_miniature(SidebarPanel):
    """Choose a photo, a preset and a scale, see what it costs, and make the figurine."""

    bl_idname = ids.PanelId.MINIATURE
    bl_label = "Miniature"
    bl_order = 7
    bl_options = {"DEFAULT_CLOSED"}

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        STUDIO3D_PT_miniature_presets.draw_panel_header(self.layout)

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft = miniature_draft(settings)
        current = view.current()
        obstacle = readiness.find_obstacle(current, account.online(), draft)
        draw_notice(self.layout, context, obstacle)
        draw_form(self.layout, context, settings, draft, ids.PanelId.MINIATURE)
        draw_placement(self.layout, settings.placement, ids.PanelId.MINIATURE)
        draw_price(self.layout, context, current, draft, obstacle)
        draw_button(self.layout, ids.OperatorId.MAKE_MINIATURE, "Make Miniature")


CLASSES = (STUDIO3D_PT_miniature,)
