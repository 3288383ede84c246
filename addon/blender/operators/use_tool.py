"""A tool for the selected objects as a dialog, for who has no sidebar open."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty, StringProperty

from ...catalog import Outcome, get
from ..core import account, ids
from ..core.access import layout_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight, submission, tool_orders
from ..scene import export_selection
from ..settings.properties import settings_of, tool_items
from ..snapshot import snapshot
from ..widgets import order_form, tool_form
from ..widgets.base import settings_layout
from .nested import have_done
from .order_dialog import SpendingDialog
from .send import SendingOperator, choose_file
from .tool_words import chosen_tool, tool_description
from .trouble import tells_trouble


class _ToolOperator(SendingOperator):
    """Base: ``tool`` names the tool, whatever the panel is set to."""

    if TYPE_CHECKING:
        tool: str
    else:
        tool: EnumProperty(
            name="Tool",
            description="What to do with the selected object",
            items=tool_items(),
            options={"SKIP_SAVE"},
        )

    def order(self, context: bpy.types.Context) -> "tool_orders.Order":
        return tool_orders.order_of(context, self.tool)


class STUDIO3D_OT_use_tool(SpendingDialog, _ToolOperator):
    bl_idname = ids.OperatorId.USE_TOOL
    bl_label = "Send to Tool…"
    bl_description = "Choose a tool of the service for the selected objects, and see what it costs"
    button = "Send"

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        return tool_description(cls, chosen_tool(properties))

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Wherever something is selected: what else is missing, the dialog says."""
        if not tool_orders.is_anything_selected(context):
            cls.poll_message_set(translate(export_selection.lack_words(context)))
            return False
        return True

    def title(self) -> str:
        return translate(get(self.tool).label)

    def draw(self, context: bpy.types.Context) -> None:
        order = self.order(context)
        blocker = tool_orders.find_blocker(context, order)
        layout = layout_of(self)
        needed = preflight.find_blocker(snapshot.current(), account.online(), order.drafts[0])
        order_form.draw_notice(layout, context, needed)
        tool_form.draw_models(layout, context, order)
        settings_layout(layout).prop(self, "tool")
        tool_form.draw_tool_settings(layout, context, settings_of(context), order, get(self.tool))
        order_form.draw_price(layout, context, snapshot.current(), order.estimate(), blocker)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        order = self.order(context)
        if order.outcome is Outcome.FILE:  # where to, is the next question
            if self.is_refused(context, order):
                return {"CANCELLED"}
            agreed = self.agree_to_unknown_price
            submission.check_agreed(order.estimate(), agreed=agreed)
            return have_done(
                self,
                ids.OperatorId.USE_TOOL_FOR_FILE,
                "INVOKE_DEFAULT",
                tool=self.tool,
                agree_to_unknown_price=agreed,
            )
        return self.send(context, order)


class STUDIO3D_OT_use_tool_for_file(_ToolOperator):
    """The second half where the result is a file."""

    bl_idname = ids.OperatorId.USE_TOOL_FOR_FILE
    bl_label = "Send to Tool…"
    bl_description = "Choose where the file goes, and send the selected objects to the tool"
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        filepath: str
        filter_glob: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
        filter_glob: StringProperty(default="*", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        return choose_file(self, context, self.order(context))

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        save_as = Path(bpy.path.abspath(self.filepath)) if self.filepath else None
        return self.send(context, self.order(context), save_as)


CLASSES = (STUDIO3D_OT_use_tool, STUDIO3D_OT_use_tool_for_file)
