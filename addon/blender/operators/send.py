"""Sending the selected objects through a tool, or a chain of tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import BoolProperty, StringProperty

from ...catalog import InvalidRequest, Outcome, get
from ...catalog.messages import error_message
from ..core import ids
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import cautions, recent_orders, tool_orders, tool_submission
from ..scene import export_selection, upload_size
from ..settings import steps
from ..settings.properties import settings_of
from ..widgets import tool_form
from .nested import have_done
from .ordering import SpendingOperator, draw_question, is_second_click, needs_confirmation
from .trouble import tells_trouble


class SendingOperator(SpendingOperator):
    """Base of all that send the selected objects."""

    def is_refused(self, context: bpy.types.Context, order: "tool_orders.Order") -> bool:
        """Whether something keeps the order from being sent, which is reported then."""
        blocker = tool_orders.find_blocker(context, order)
        if blocker is not None:
            self.report({"WARNING"}, translate(blocker.message))
        return blocker is not None

    def send(
        self, context: bpy.types.Context, order: "tool_orders.Order", save_as: Path | None = None
    ) -> set[OperatorReturn]:
        """Write the selection down and queue the jobs; raises PriceUnknown and ServiceError."""
        if self.is_refused(context, order):  # things may have changed since a file was asked for
            return {"CANCELLED"}
        sent = [
            (key, one.main.session_uid)
            for models in order.runs
            for key, one in sorted(models.items())
        ]
        click = recent_orders.key_of(order.steps, *sent, save_as)
        if is_second_click(self, click):
            return {"CANCELLED"}
        agreed = self.agree_to_unknown_price
        try:
            jobs = tool_submission.send(
                context, order, save_as=save_as, agreed_to_unknown_price=agreed
            )
            notes = tool_submission.picture_notes(order)
        except (InvalidRequest, export_selection.SendFailed) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        recent_orders.note(click)
        if len(order.runs) > 1:
            words = translate("{n} objects: waiting to be exported and sent", n=len(order.runs))
        else:
            words = translate("{name}: waiting to be exported and sent", name=jobs[0].name)
        self.report({"INFO"}, ". ".join([words, *map(translate, notes)]))
        return {"FINISHED"}


def choose_file(operator: Any, context: bpy.types.Context, order: "tool_orders.Order") -> set[Any]:
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
        asked: bool
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
        filter_glob: StringProperty(default="*", options={"HIDDEN"})
        asked: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        blocker = tool_orders.find_blocker(context, tool_orders.order_of(context))
        if blocker is not None:
            cls.poll_message_set(translate(blocker.message))
        return blocker is None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        order = tool_orders.order_of(context)
        price = order.estimate()
        doubtful = upload_size.is_large(context, order.selections) or cautions.of_order(
            context, order
        )
        asked = self.asked or self.agree_to_unknown_price
        if not asked and (doubtful or needs_confirmation(context, price)):
            self.asked = True
            return self.ask(context, price, self.bl_label)
        if order.outcome is Outcome.FILE:
            return choose_file(self, context, order)
        return self.execute(context)

    def draw(self, context: bpy.types.Context) -> None:
        order = tool_orders.order_of(context)
        column = draw_question(layout_of(self), context, order.estimate())
        column.label(text=upload_size.words(context, order.selections), translate=False)
        tool_form.draw_cautions(column, context, order)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        order = tool_orders.order_of(context)
        if self.asked and order.outcome is Outcome.FILE and not self.filepath:
            return have_done(  # where to, is the next question
                self,
                ids.OperatorId.SEND,
                "INVOKE_DEFAULT",
                asked=True,
                agree_to_unknown_price=self.agree_to_unknown_price,
            )
        save_as = Path(bpy.path.abspath(self.filepath)) if self.filepath else None
        outcome = self.send(context, order, save_as)
        if "FINISHED" in outcome:  # another click must not buy all of them again
            steps.clear(settings_of(context))
        return outcome


def _suffix(order: "tool_orders.Order") -> str:
    """The ending the converted file is likely to have."""
    step = order.steps[-1]
    return get(step.operation).result_format(step.values) or "glb"


CLASSES = (STUDIO3D_OT_send,)
