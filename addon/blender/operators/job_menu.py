"""What else can be done with a job that has ended: again, as new, its folder, its id."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ...jobs.placement_options import Where
from ...jobs.states import State
from ..core import ids, session
from ..core.access import call_with, layout_of, scene_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import first_result
from ..runtime.job_monitor import note_placed
from ..settings import job_choices, loading, placement_settings
from ..settings.placement_settings import PlacementChoices
from ..snapshot import snapshot
from ..widgets import job_details, picture_results
from ..widgets import placement as placement_form
from .folders import open_path
from .one_job import OneJobOperator
from .ordering import SpendingOperator, draw_question, needs_confirmation, place_order
from .place import (
    choose_as_ordered,
    forget_choices,
    may_change_scene,
    tell_failure,
    tell_placed,
)
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ..settings.draft import Draft


class _JobOperator(OneJobOperator):
    """Base: ``job_id`` is the id in the store."""

    bl_options = {"INTERNAL"}

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        return self.act(context, session.store().get(self.job_id))

    def act(self, context: bpy.types.Context, job: "Job") -> set[OperatorReturn]:
        """Do it."""
        raise NotImplementedError


class _OrderFromJob(_JobOperator, SpendingOperator):
    """Base: orders something else for what a job was ordered with, or delivered."""

    without_draft: str
    """What to say where nothing can be ordered."""

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        draft = self._draft()
        price = None if draft is None else draft.estimate()
        if price is None or self.agree_to_unknown_price or not needs_confirmation(context, price):
            return self.execute(context)
        return self.ask(context, price, self.bl_label)

    def draw(self, context: bpy.types.Context) -> None:
        draft = self._draft()
        if draft is not None:
            draw_question(layout_of(self), context, draft.estimate())

    def _draft(self) -> "Draft | None":
        row = snapshot.current().row(self.job_id)
        return None if row is None else self.draft_from(row.job)

    def draft_from(self, job: "Job") -> "Draft | None":
        """What to order; None where nothing can be."""
        raise NotImplementedError

    def act(self, context: bpy.types.Context, job: "Job") -> set[OperatorReturn]:
        draft = self.draft_from(job)
        if draft is None:
            self.report({"WARNING"}, self.without_draft)
            return {"CANCELLED"}
        return place_order(self, context, draft, job.name, job.origin.placement_options)


class STUDIO3D_OT_run_again(_OrderFromJob):
    bl_idname = ids.OperatorId.RUN_AGAIN
    bl_label = "Run Again"
    bl_description = "Order the same again with the same settings, as a new job at the full price"
    without_draft = "Select the object and send it again in the Tools panel"

    def draft_from(self, job: "Job") -> "Draft | None":
        return job_choices.same_again(job)


class STUDIO3D_OT_convert_kept(_OrderFromJob):
    bl_idname = ids.OperatorId.CONVERT_KEPT
    bl_label = "Convert"
    bl_description = "Have the service make another format of the kept file, and bring that in"
    without_draft = "The service does not convert this file"

    def draft_from(self, job: "Job") -> "Draft | None":
        return job_choices.conversion(job)


class STUDIO3D_OT_import_as_new(PlacementChoices, _JobOperator):
    """Once more, here: with the size it was ordered in, on what the cursor points at now."""

    bl_idname = ids.OperatorId.IMPORT_AS_NEW
    bl_label = "Import as New"
    bl_description = "Bring the result in once more, on the 3D cursor, replacing nothing"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        forget_choices(self)
        return self.execute(context)

    def draw(self, _context: bpy.types.Context) -> None:
        placement_form.draw_choices(layout_of(self), self)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return may_change_scene(cls, context)

    def act(self, context: bpy.types.Context, job: "Job") -> set[OperatorReturn]:
        from ..placement import destination, replace_original

        elsewhere = job.origin.placement_options.where is Where.SELECTION
        choose_as_ordered(self, job, **({"where": Where.CURSOR} if elsewhere else {}))
        chosen, is_first = placement_settings.read(self), first_result.is_to_come(scene_of(context))
        try:
            now = destination.of_now(context)
            outcome = replace_original.import_as_new(context, job, chosen, now)
        except Exception as error:  # noqa: BLE001 - it is paid for: no trouble may end unsaid
            return tell_failure(self, context, job, error)
        if job.state is State.READY and job.failure is not None:
            note_placed(job)  # it could not take its place, and waits for no other now
        tell_placed(self, context, job, outcome, frames=is_first)
        return {"FINISHED"}


class STUDIO3D_OT_copy_task_id(_JobOperator):
    bl_idname = ids.OperatorId.COPY_TASK_ID
    bl_label = "Copy Task ID"
    bl_description = "Copy the service's name of the task, for questions to its support"

    def act(self, context: bpy.types.Context, job: "Job") -> set[OperatorReturn]:
        if job.task_id is None:
            self.report({"WARNING"}, "The service has not taken this job")
            return {"CANCELLED"}
        window_manager_of(context).clipboard = job.task_id
        self.report({"INFO"}, translate("Copied {task_id}", task_id=job.task_id))
        return {"FINISHED"}


class STUDIO3D_OT_open_job_folder(_JobOperator):
    bl_idname = ids.OperatorId.OPEN_JOB_FOLDER
    bl_label = "Open Folder"
    bl_description = "Open the folder with the job's files"

    def act(self, context: bpy.types.Context, job: "Job") -> set[OperatorReturn]:
        saved = job_details.saved_words(job)
        folder = Path(saved).parent if saved else job.folder
        if not folder.is_dir():
            self.report({"WARNING"}, "Nothing was downloaded for this job")
            return {"CANCELLED"}
        return open_path(self, folder)


class STUDIO3D_OT_job_menu(OneJobOperator):
    """A menu that knows which job it is for."""

    bl_idname = ids.OperatorId.JOB_MENU
    bl_label = "More"
    bl_description = "More that can be done with this job"
    bl_options = {"INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        row = snapshot.current().row(self.job_id)
        if row is None:
            return {"CANCELLED"}
        job = row.job

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            draw_menu(menu.layout, job)

        window_manager_of(context).popup_menu(draw, title=translate(row.title))
        return {"FINISHED"}


def draw_menu(layout: bpy.types.UILayout, job: "Job") -> None:
    """What makes sense for this job, most used first."""
    # As if clicked: Run Again asks before it spends.
    layout.operator_context = "INVOKE_DEFAULT"
    for operator, makes_sense in _entries(job):
        if makes_sense:
            call_with(layout.operator(operator), job_id=job.id)
    for number, picture in enumerate(map(str, picture_results.pictures_of(job)), start=1):
        words = translate("Picture {n}…", n=number)
        call_with(
            layout.operator(ids.OperatorId.PICTURE_MENU, text=words, translate=False),
            picture=picture,
        )


def _entries(job: "Job") -> tuple[tuple[ids.OperatorId, bool], ...]:
    """The operators of the menu, and whether each makes sense for this job."""
    return (
        (ids.OperatorId.JOB_DETAILS, True),
        (ids.OperatorId.USE_SETTINGS, loading.can_load(job)),
        (ids.OperatorId.RUN_AGAIN, job_choices.same_again(job) is not None),
        (ids.OperatorId.IMPORT_AS_NEW, job_choices.can_place(job)),
        (ids.OperatorId.CONVERT_KEPT, job_choices.conversion(job) is not None),
        (ids.OperatorId.MARK_ASSET, job.state is State.PLACED),
        (ids.OperatorId.SAVE_ASSET, job_choices.can_place(job)),
        (ids.OperatorId.SHOW_PICTURES, picture_results.has_pictures(job)),
        (ids.OperatorId.OPEN_JOB_FOLDER, True),
        (ids.OperatorId.COPY_TASK_ID, job.task_id is not None),
    )


CLASSES = (
    STUDIO3D_OT_run_again,
    STUDIO3D_OT_convert_kept,
    STUDIO3D_OT_import_as_new,
    STUDIO3D_OT_copy_task_id,
    STUDIO3D_OT_open_job_folder,
    STUDIO3D_OT_job_menu,
)
