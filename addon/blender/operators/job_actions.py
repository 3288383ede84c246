"""What can be done with a job of the list. None of it changes the .blend, so nothing to undo."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import bpy

from ...jobs import actions
from ...jobs.states import ACTIVE, ENDED, NOT_SENT, State
from ...service.errors import ServiceError
from ..core import ids, session
from ..core.access import call_with, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import worker_link
from ..settings import job_choices
from ..snapshot import snapshot
from .one_job import OneJobOperator
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job


class _JobOperator(OneJobOperator):
    """Base of the operators on one job; ``job_id`` is the id in the store."""

    bl_options = {"INTERNAL"}

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        try:
            self.decide(session.store().get(self.job_id))
        finally:
            worker_link.jobs_changed(context)
        return {"FINISHED"}

    def decide(self, job: "Job") -> None:
        """Write the user's decision into the store; raises IllegalTransition, UnknownJob."""
        raise NotImplementedError


class STUDIO3D_OT_cancel(_JobOperator):
    # Called by a click it asks where credits are spent.
    bl_idname = ids.OperatorId.CANCEL
    bl_label = "Cancel"

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        entry = snapshot.current().entry(properties.job_id)
        if entry is None or not _is_sent(row.job for row in entry.jobs):
            return translate("Take the job off the line; nothing was charged")
        return translate(
            "Stop waiting for the result; the service goes on, and its credits are spent"
        )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        job_id = self.job_id
        if not _is_sent(_order_now(job_id)):
            return self.execute(context)

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            draw_question(menu.layout, job_id)

        window_manager_of(context).popup_menu(draw, title=translate("Stop Waiting?"))
        return {"FINISHED"}

    def decide(self, job: "Job") -> None:
        actions.cancel_order(session.store(), job)


def draw_question(layout: bpy.types.UILayout, job_id: str) -> None:
    """Whether to stop waiting. A dialog's own button to leave it would be called Cancel."""
    layout.label(text="The service cannot cancel: the credits for this job are spent.")
    layout.operator_context = "EXEC_DEFAULT"
    layout.operator(ids.OperatorId.KEEP_WAITING, icon="TIME")
    button = layout.operator(ids.OperatorId.CANCEL, text="Stop Waiting", icon="CANCEL")
    call_with(button, job_id=job_id)


class STUDIO3D_OT_keep_waiting(bpy.types.Operator):
    bl_idname = ids.OperatorId.KEEP_WAITING
    bl_label = "Keep Waiting"
    bl_description = "Leave the job as it is"
    bl_options = {"INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        return {"FINISHED"}


class STUDIO3D_OT_retry(_JobOperator):
    bl_idname = ids.OperatorId.RETRY
    bl_label = "Try Again"

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        row = snapshot.current().row(properties.job_id)
        state = None if row is None else job_choices.retry_state(row.job)
        return translate("Try again" if state is None else _RETRY_WORDS[state])

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        row = snapshot.current().row(self.job_id)
        if row is None or not job_choices.may_cost_twice(row.job):
            return self.execute(context)
        return window_manager_of(context).invoke_confirm(
            self,
            event,
            title="Send Again?",
            message="The first request may have arrived: then this is charged twice.",
            icon="WARNING",
            confirm_text="Send Again",
        )

    def decide(self, job: "Job") -> None:
        if job_choices.retry_state(job) is None:
            self.report({"WARNING"}, "There is nothing to try again")
            return
        actions.retry_order(session.store(), job)


_RETRY_WORDS = {
    State.QUEUED: "Send the request again",
    State.PENDING: "Ask the service for the result again; nothing is charged",
    State.PREPARING: "Prepare the downloaded files again; nothing is charged",
}


class STUDIO3D_OT_finish_without(_JobOperator):
    bl_idname = ids.OperatorId.FINISH_WITHOUT
    bl_label = "Finish Without This Step"
    bl_description = (
        "Do the steps on this computer with the model of the step before, and place it; nothing is "
        "charged. The step that stopped can still be tried again"
    )

    def decide(self, job: "Job") -> None:
        actions.finish_without(session.store(), job)


class STUDIO3D_OT_remove(_JobOperator):
    bl_idname = ids.OperatorId.REMOVE
    bl_label = "Remove from List"
    bl_description = "Take the job off the list; its result stays among the results"

    def decide(self, job: "Job") -> None:
        store = session.store()
        for step in store.order_of(job):
            store.take_off_list(step.id)


class STUDIO3D_OT_clear_ended(bpy.types.Operator):
    bl_idname = ids.OperatorId.CLEAR_ENDED
    bl_label = "Clear Ended Jobs"
    bl_description = (
        "Take placed, failed and stopped jobs off the list; results stay among the results"
    )
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if any(row.job.state in ENDED for row in snapshot.current().rows):
            return True
        cls.poll_message_set(translate("No job has ended yet"))
        return False

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        store = session.store()
        for job in store.all():
            if job.state in ENDED:
                store.take_off_list(job.id)
        worker_link.jobs_changed(context)
        return {"FINISHED"}


def _order_now(job_id: str) -> list["Job"]:
    """The order of the job as the list has it: it may have been sent since the last look.

    None of it where the list cannot be read; whoever writes to it is told then.
    """
    with suppress(ServiceError):
        store = session.store()
        for job in store.some([job_id]):
            return store.order_of(job)
    return []


def _is_sent(order: Iterable["Job"]) -> bool:
    """Whether any job of the order is with the service by now."""
    return any(job.state in ACTIVE - NOT_SENT for job in order)


CLASSES = (
    STUDIO3D_OT_cancel,
    STUDIO3D_OT_keep_waiting,
    STUDIO3D_OT_retry,
    STUDIO3D_OT_finish_without,
    STUDIO3D_OT_remove,
    STUDIO3D_OT_clear_ended,
)
