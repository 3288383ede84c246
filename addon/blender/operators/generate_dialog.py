"""The Generate panel as a dialog, for who has no sidebar open."""

from typing import cast

import bpy

from ...catalog import Mode
from .. import account, ids, readiness, view
from ..draft import Draft
from ..panels.order_form import draw_fields, draw_notice, draw_price, sort_fields
from ..panels.text import DIALOG_WIDTH
from ..properties import SceneSettings, engine_property, generate_draft, settings_of
from ..rna_enums import OperatorReturn
from ..words import say, told
from .ordering import OrderOperator


class STUDIO3D_OT_generate_dialog(OrderOperator):
    bl_idname = ids.OperatorId.GENERATE_DIALOG
    bl_label = "Generate Model"
    bl_description = "Describe a model, see what it costs, and generate it"

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return generate_draft(settings)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Always where there is a scene: what is missing can be entered in the dialog."""
        if context.scene is None:
            cls.poll_message_set(say("There is no scene here"))
        return context.scene is not None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return context.window_manager.invoke_props_dialog(
            self, width=DIALOG_WIDTH, title=say(self.bl_label), confirm_text="Generate"
        )

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft = generate_draft(settings)
        obstacle = readiness.find_obstacle(view.current(), account.online(), draft)
        layout = cast(bpy.types.UILayout, self.layout)
        draw_notice(layout, context, obstacle)
        layout.row(align=True).prop(settings, "mode", expand=True)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        sources, common, _ = sort_fields(draft)
        draw_fields(column, context, settings, draft, sources)
        column.prop(settings, engine_property(Mode(settings.mode)))
        draw_fields(column, context, settings, draft, common)
        draw_price(layout, context, view.current(), draft, obstacle)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        draft = generate_draft(settings_of(context))
        obstacle = readiness.find_obstacle(view.current(), account.online(), draft)
        if obstacle is not None:
            self.report({"WARNING"}, told(obstacle.message))
            return {"CANCELLED"}
        return super().execute(context)


CLASSES = (STUDIO3D_OT_generate_dialog,)
