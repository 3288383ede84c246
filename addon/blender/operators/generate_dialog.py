"""The Generate panel as a dialog, for who has no sidebar open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy

from ...catalog import Mode
from ..core import ids
from ..core.translation import translate
from ..settings.interface_state import give_name, given_name
from ..settings.properties import engine_property, generate_drafts, settings_of
from ..widgets import alternatives, cut_out, order_form, then
from ..widgets import fields as field_rows
from ..widgets.base import settings_layout
from .order_dialog import OrderDialog

if TYPE_CHECKING:
    from ..settings.draft import Draft


class STUDIO3D_OT_generate_dialog(OrderDialog):
    bl_idname = ids.OperatorId.GENERATE_DIALOG
    bl_label = "Generate Model…"
    bl_description = "Describe a model, see what it costs, and generate it"
    button = "Generate"

    def title(self) -> str:
        return translate("Generate Model")

    def wanted(self, context: bpy.types.Context) -> "tuple[Draft, ...]":
        return generate_drafts(settings_of(context))

    def draw_form(
        self, layout: bpy.types.UILayout, context: bpy.types.Context, drafts: "Sequence[Draft]"
    ) -> None:
        settings, draft = settings_of(context), drafts[0]
        field_rows.draw_tabs(layout, context, settings, "mode")
        column = settings_layout(layout)
        sources, common, _ = order_form.sort_fields(draft)
        order_form.draw_fields(column, context, settings, draft, sources)
        field_rows.draw_choice(column, context, settings, engine_property(Mode(settings.mode)))
        order_form.draw_fields(column, context, settings, draft, common)
        cut_out.draw_cut_out(column, context, settings, draft)
        alternatives.draw_alternatives(column, context, settings)
        order_form.draw_name(column, context, draft)
        then.draw_summary(column, context, settings.then)

    def name_of_order(self, context: bpy.types.Context, drafts: "Sequence[Draft]") -> str:
        return given_name(context, drafts[0].operation.group)

    def note_ordered(self, context: bpy.types.Context, drafts: "Sequence[Draft]") -> None:
        give_name(context, drafts[0].operation.group, "")  # the next order is about something else


CLASSES = (STUDIO3D_OT_generate_dialog,)
