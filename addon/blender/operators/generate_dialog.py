"""The Generate panel as a dialog, for who has no sidebar open."""

import bpy

from ...catalog import Mode
from ..core import account, ids
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight
from ..settings.draft import Draft
from ..settings.properties import (
    SceneSettings,
    engine_property,
    generate_draft,
    generate_drafts,
    settings_of,
)
from ..snapshot import snapshot
from ..widgets.alternatives import draw_alternatives
from ..widgets.fields import draw_choice, draw_tabs
from ..widgets.order_form import draw_fields, draw_name, draw_notice, draw_price, sort_fields
from ..widgets.text import DIALOG_WIDTH
from .ordering import OrderOperator


class STUDIO3D_OT_generate_dialog(OrderOperator):
    bl_idname = ids.OperatorId.GENERATE_DIALOG
    bl_label = "Generate Model…"
    bl_description = "Describe a model, see what it costs, and generate it"

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return generate_draft(settings)

    @classmethod
    def drafts(cls, settings: SceneSettings) -> tuple[Draft, ...]:
        return generate_drafts(settings)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Always where there is a scene: what is missing can be entered in the dialog."""
        if context.scene is None:
            cls.poll_message_set(translate("There is no scene here"))
        return context.scene is not None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        if self.agree_to_unknown_price:
            return self.execute(context)
        return window_manager_of(context).invoke_props_dialog(
            self, width=DIALOG_WIDTH, title=translate("Generate Model"), confirm_text="Generate"
        )

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft, *_ = drafts = generate_drafts(settings)
        blocker = preflight.find_blocker_of_all(snapshot.current(), account.online(), drafts)
        layout = layout_of(self)
        draw_notice(layout, context, blocker)
        draw_tabs(layout, context, settings, "mode")
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        sources, common, _ = sort_fields(draft)
        draw_fields(column, context, settings, draft, sources)
        draw_choice(column, context, settings, engine_property(Mode(settings.mode)))
        draw_fields(column, context, settings, draft, common)
        draw_alternatives(column, context, settings)
        draw_name(column, context, draft)
        price = preflight.estimate_of_all(drafts)
        draw_price(layout, context, snapshot.current(), price, blocker)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        drafts = generate_drafts(settings_of(context))
        blocker = preflight.find_blocker_of_all(snapshot.current(), account.online(), drafts)
        if blocker is not None:
            self.report({"WARNING"}, translate(blocker.message))
            return {"CANCELLED"}
        return super().execute(context)


CLASSES = (STUDIO3D_OT_generate_dialog,)
