"""Sending the selected objects through a tool, or a chain of tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import StringProperty

from ...catalog import InvalidRequest, Outcome, get
from ...catalog.messages import error_message
from ..core import ids
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import cautions, recent_orders, tool_orders, tool_submission
from ..scene import upload_size
from ..scene.export_selection import SendFailed
from ..settings import steps
from ..settings.preferences import preferences_of
from ..settings.properties import settings_of
from ..widgets.tool_form import draw_cautions
from .ordering import is_second_click
from .trouble import tells_trouble


class SendingOperator(bpy.types.Operator):
    """Base of all that send the selected objects."""

    # A job is no part of the .blend: undo must neither take it back nor bring it again.
    bl_options = set()
    clicked = False

    def send(
        self, context: bpy.types.Context, order: tool_orders.Order, save_as: Path | None = None
    ) -> set[OperatorReturn]:
        """Write the selection down and queue the jobs; raises ServiceError."""
        sent = [
            (key, one.main.session_uid)
            for models in order.runs
            for key, one in sorted(models.items())
        ]
        click = recent_orders.key_of(order.steps, *sent, save_as)
        if is_second_click(self, click):
            return {"CANCELLED"}
        try:
            jobs = tool_submission.send(context, order, save_as=save_as)
            notes = tool_submission.picture_notes(order)
        except (InvalidRequest, SendFailed) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        recent_orders.note(click)
        if len(order.runs) > 1:
            words = translate("{n} objects: waiting to be exported and sent", n=len(order.runs))
        else:
            words = translate("{name}: waiting to be exported and sent", name=jobs[0].name)
        self.report({"INFO"}, ". ".join([words, *map(translate, notes)]))
        return {"FINISHED"}


def choose_file(operator: Any, context: bpy.types.Context, order: tool_orders.Order) -> set[Any]:
    """Let the user say where the converted file goes: ``operator`` has a ``filepath``."""
    several = len(order.runs) > 1
    name = "Converted" if several else order.models[tool_orders.MAIN].main.name
    operator.filepath = f"{name}.{_suffix(order)}"
    window_manager_of(context).fileselect_add(operator)
    return {"RUNNING_MODAL"}


class STUDIO3D_OT_send(SendingOperator):
    bl_idname = ids.OperatorId.SEND
    bl_label = "Send"
    bl_description = "Send the selected objects to the service; the result comes back to them"

    if TYPE_CHECKING:
        filepath: str
        filter_glob: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
        filter_glob: StringProperty(default="*", options={"HIDDEN"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        blocker = tool_orders.find_blocker(context, tool_orders.order_of(context))
        if blocker is not None:
            cls.poll_message_set(translate(blocker.message))
        return blocker is None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        order = tool_orders.order_of(context)
        if order.outcome is Outcome.FILE:
            return choose_file(self, context, order)
        price = order.credits()
        doubtful = upload_size.is_large(context, order.selections) or cautions.of_order(
            context, order
        )
        if price <= preferences_of(context).confirm_above and not doubtful:
            return self.execute(context)
        return window_manager_of(context).invoke_props_dialog(
            self, title=translate("Send for {n} Credits?", n=price), confirm_text="Send"
        )

    def draw(self, context: bpy.types.Context) -> None:
        order = tool_orders.order_of(context)
        column = layout_of(self).column(align=True)
        column.label(text=translate(order.price_words()), translate=False)
        column.label(text=upload_size.words(context, order.selections), translate=False)
        draw_cautions(column, context, order)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        save_as = Path(bpy.path.abspath(self.filepath)) if self.filepath else None
        outcome = self.send(context, tool_orders.order_of(context), save_as)
        if "FINISHED" in outcome:  # another click must not buy all of them again
            steps.clear(settings_of(context))
        return outcome


def _suffix(order: tool_orders.Order) -> str:
    """The ending the converted file is likely to have."""
    step = order.steps[-1]
    return get(step.operation).result_format(step.values) or "glb"


CLASSES = (STUDIO3D_OT_send,)
