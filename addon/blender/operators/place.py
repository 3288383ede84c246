"""Bring a finished result into the scene."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import bpy

from ...catalog.messages import Message
from ...jobs import results
from ...jobs.errors import IllegalTransition, UnknownJob
from ...jobs.placement_options import PlacementOptions
from ...jobs.states import State
from ...service.errors import ServiceError
from ..core import options, session
from ..core.access import layout_of, scene_of
from ..core.ids import OperatorId
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..placement import policy
from ..runtime import asset_marking, build_snapshot, clean_up, first_result, worker_link
from ..runtime.job_monitor import note_kept, note_placed
from ..runtime.prepare_here import PREPARED_AGAIN, UNREADABLE, prepare_here
from ..settings import placement_settings
from ..settings.placement_settings import PlacementChoices
from ..snapshot import job_notes, snapshot
from ..widgets import placement as placement_form
from .one_job import OneJobOperator
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ..placement.replace_original import ImportOutcome

log = logging.getLogger(__name__)


class STUDIO3D_OT_place(PlacementChoices, OneJobOperator):
    """One undo step: append, place as it was ordered, select.

    How it is placed can be adjusted afterwards, which does the step again.
    """

    bl_idname = OperatorId.PLACE
    bl_label = "Place Generated Model"
    bl_description = "Bring the finished result into this scene, placed as it was ordered"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return may_change_scene(cls, context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        """As ordered, not as the last result was placed."""
        forget_choices(self)
        return self.execute(context)

    def draw(self, _context: bpy.types.Context) -> None:
        """What can be adjusted, unless the result has its place already."""
        row = snapshot.current().row(self.job_id)
        if row is None or not row.job.keeps_place:
            placement_form.draw_choices(layout_of(self), self)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        """Place the job ``job_id``."""
        from ..placement import destination
        from ..placement.replace_original import comes_back, import_result

        job = session.store().get(self.job_id)
        is_first = first_result.is_to_come(scene_of(context))
        try:
            choose_as_ordered(self, job)
            targets = destination.of_job(context, job)
            outcome = import_result(context, job, placement_settings.read(self), targets)
            _mark_as_asset(self, context, job, outcome.objects)
        except Exception as error:  # noqa: BLE001 - it is paid for: no trouble may end unsaid
            return tell_failure(self, context, job, error)
        if job.state is State.READY:
            note_placed(job)
            clean_up.trim_soon()
        note_kept(job)
        # What takes the place of an object is where the artist looks already.
        tell_placed(self, context, job, outcome, frames=is_first and not comes_back(job))
        return {"FINISHED"}


def _mark_as_asset(
    operator: bpy.types.Operator,
    context: bpy.types.Context,
    job: "Job",
    objects: Sequence[bpy.types.Object],
) -> None:
    """Do so where that was ordered with the result; its trouble is no reason to take it back."""
    then = job.origin.then
    visible = [obj for obj in objects if obj.visible_get()]
    if then is None or not then.get("asset") or not visible:
        return
    try:
        _, trouble = asset_marking.mark(context, job.id, visible, str(then.get("catalog", "")))
    except RuntimeError:  # of Blender's operators
        log.exception("job %s is no asset", job.id)
        trouble = translate("The result could not be marked as an asset")
    if trouble:
        operator.report({"WARNING"}, trouble)


def tell_placed(
    operator: bpy.types.Operator,
    context: bpy.types.Context,
    job: "Job",
    outcome: "ImportOutcome",
    *,
    frames: bool,
) -> None:
    """Show what was brought in, as the user wants it, and report it.

    ``frames`` moves the views there, as for the first result of a scene.
    """
    frames = frames or options.read().frame_placed
    cut = first_result.has_come(context, job, outcome.objects, to_be_framed=frames)
    remark = "; ".join(filter(None, (outcome.remark, cut)))
    job_notes.remark(job.id, remark)
    build_snapshot.refresh(context)
    words = outcome.words
    if cut:
        words = Message("{name}: {remark}", name=job.name, remark=Message(remark))
    operator.report({"WARNING" if remark else "INFO"}, translate(words))


def tell_failure(
    operator: bpy.types.Operator, context: bpy.types.Context, job: "Job", error: Exception
) -> set[OperatorReturn]:
    """Report why a result is not in the scene, and keep it with a job that waits for the user."""
    from ..placement.read_result import AppendFailed, PreparedByNewerBlender, ResultUnusable
    from ..placement.replace_original import failure_of

    if isinstance(error, PreparedByNewerBlender):
        return have_prepared(operator, context, job)
    is_lost = isinstance(error, ResultUnusable) and job.state is State.PLACED
    if is_lost and results.model_files(None, job.files):
        return have_prepared(operator, context, job, UNREADABLE)
    if not isinstance(error, AppendFailed):
        log.error("job %s was not placed", job.id, exc_info=error)
    failure = failure_of(job, error)
    if job.state is State.READY and not job.is_kept:
        try:
            session.store().change(job.id, State.READY, expected=State.READY, failure=failure)
        except (ServiceError, IllegalTransition, UnknownJob) as trouble:
            log.warning("job %s keeps no note of its trouble: %s", job.id, trouble)
    build_snapshot.refresh(context)
    operator.report({"ERROR"}, translate(failure.message, failure.hint))
    return {"CANCELLED"}


def have_prepared(
    operator: bpy.types.Operator, context: bpy.types.Context, job: "Job", why: str = PREPARED_AGAIN
) -> set[OperatorReturn]:
    """Have the result prepared for this Blender, and report that."""
    try:
        words = prepare_here(job, why)
    finally:
        worker_link.jobs_changed(context)
    operator.report({"WARNING"}, translate(words))
    return {"CANCELLED"}


def may_change_scene(operator: type[bpy.types.Operator], context: bpy.types.Context) -> bool:
    """Whether a change of the scene disturbs nothing; else the operator's button says what."""
    reason = policy.blocking_reason(context)
    if reason:
        operator.poll_message_set(translate(reason))
    return not reason


def forget_choices(operator: PlacementChoices) -> None:
    """Leave how to place to the job."""
    for name in PlacementOptions().to_json():
        _properties(operator).property_unset(name)


def _properties(operator: PlacementChoices) -> bpy.types.OperatorProperties:
    return cast(bpy.types.Operator, operator).properties  # the other class it is of


def choose_as_ordered(operator: PlacementChoices, job: "Job", **changes: Any) -> None:
    """Take the job's options, with ``changes``, unless somebody has chosen."""
    given = _properties(operator)
    if any(given.is_property_set(name) for name in PlacementOptions().to_json()):
        return
    ordered = job.origin.placement_options
    placement_settings.write(operator, replace(ordered, **changes))


CLASSES = (STUDIO3D_OT_place,)
