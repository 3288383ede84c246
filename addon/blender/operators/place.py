"""Bring a finished result into the scene."""

import logging
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...jobs.states import State
from ...service.errors import ServiceError
from .. import options, placement, refresh, session
from ..ids import OperatorId
from ..rna_enums import OperatorReturn
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job

log = logging.getLogger(__name__)


class STUDIO3D_OT_place(bpy.types.Operator):
    """One undo step: append, place on the 3D cursor, select."""

    bl_idname = OperatorId.PLACE
    bl_label = "Place Generated Model"
    bl_description = "Bring the finished result into this scene, standing on the 3D cursor"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        job_id: str
    else:
        job_id: StringProperty(name="Job", options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only where a change of the scene disturbs nothing."""
        reason = placement.hindrance(context)
        if reason:
            cls.poll_message_set(reason)
        return not reason

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        """Place the job ``job_id``."""
        from ...jobs.store import UnknownJob
        from ..scene.come_back import BringInFailed, arrive
        from ..scene.framing import frame_selected

        store = session.store()
        try:
            job = store.get(self.job_id)
        except UnknownJob:
            self.report({"ERROR"}, "This job is not in the list any more")
            return {"CANCELLED"}
        try:
            arrival = arrive(context, job)
        except BringInFailed as error:
            self._tell_job(job, str(error))
            refresh.refresh(context)
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if job.state is State.READY:
            note_placed(job)
        if options.read().frame_placed:
            frame_selected(context)
        refresh.refresh(context)
        self.report({"INFO"}, arrival.words)
        return {"FINISHED"}

    def _tell_job(self, job: "Job", message: str) -> None:
        """Keep the trouble with the job: it then waits for the user."""
        if job.state is not State.READY:
            return
        from ...jobs.job import Failure
        from ...jobs.store import IllegalTransition, UnknownJob

        failure = Failure(
            placement.PLACE_FAILED, message, "Prepare it again from the downloaded files."
        )
        try:
            session.store().change(job.id, State.READY, expected=State.READY, failure=failure)
        except (ServiceError, IllegalTransition, UnknownJob) as error:
            log.warning("job %s keeps no note of its trouble: %s", job.id, error)


def note_placed(job: "Job") -> None:
    """Write down that the result is in a scene; it is there, whatever becomes of the note."""
    from ...jobs.store import IllegalTransition, UnknownJob  # late, as the store

    try:
        session.store().change(job.id, State.PLACED, failure=None)
    except (IllegalTransition, UnknownJob):
        # Another Blender placed or removed it at the same moment, which is no harm.
        return
    except ServiceError:
        # The watch finds the objects in the scene and notes it later.
        log.warning("the job list is busy: that job %s was placed is not written down", job.id)


CLASSES = (STUDIO3D_OT_place,)
