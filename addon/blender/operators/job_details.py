"""Everything about a job in a dialog, and its settings back into the form they came from."""

from typing import TYPE_CHECKING

import bpy

from ...catalog import get
from ...jobs import chains, names
from ..core import ids, session
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings import loading
from ..settings.interface_state import give_name
from ..settings.properties import settings_of
from ..snapshot import snapshot
from ..snapshot.redraw import redraw
from ..widgets import job_details
from ..widgets.text import DIALOG_WIDTH
from . import recipes
from .one_job import OneJobOperator
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job


class SettingsOperator(OneJobOperator):
    """Base: ``job_id`` is the id in the store."""

    def load(self, context: bpy.types.Context) -> set[OperatorReturn]:
        """Take over the settings of the job's order, and say what of them is lost."""
        job = session.store().get(self.job_id)
        if not loading.can_load(job):
            self.report({"WARNING"}, "This version does not know what the job was ordered with")
            return {"CANCELLED"}
        lost = loading.load_order(settings_of(context), steps_of(job), recipes.known())
        _load_name(context, job)
        words = translate("{name}: settings taken over", name=translate(_title(self.job_id, job)))
        said = ". ".join([words, *map(translate, lost)])
        self.report({"WARNING" if lost else "INFO"}, said)
        redraw()  # Blender does not for what a script sets
        return {"FINISHED"}


def _load_name(context: bpy.types.Context, job: "Job") -> None:
    """Into the form's place for it, unless it is the name that these settings get by themselves."""
    operation = get(job.operation)
    usual = names.subject(operation, job.values, session.store().name_of_file)
    own = "" if job.name in {usual, names.noun(operation)} else job.name
    give_name(context, operation.group, own)


def steps_of(job: "Job") -> "list[Job]":
    """The steps of the job's order, without what only gets a model to the service."""
    if not chains.chain_of(job):
        return [job]
    found = [one for one in session.store().order_of(job) if not chains.is_helper(one)]
    return found or [job]


def _title(job_id: str, job: "Job") -> str:
    entry = snapshot.current().entry(job_id)
    return job.name if entry is None else entry.title


class STUDIO3D_OT_use_settings(SettingsOperator):
    bl_idname = ids.OperatorId.USE_SETTINGS
    bl_label = "Use These Settings"
    bl_description = (
        "Put what the job was ordered with back into its panel: engine, fields, pictures and "
        "placement"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        return self.load(context)


class STUDIO3D_OT_job_details(SettingsOperator):
    """Only looks; the button of its dialog does what ``use_settings`` does."""

    bl_idname = ids.OperatorId.JOB_DETAILS
    bl_label = "Details…"
    bl_description = "Show prompt, settings, price and date of the job"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        row = snapshot.current().row(self.job_id)
        if row is None:
            self.report({"WARNING"}, "The job is no longer in the list")
            return {"CANCELLED"}
        return window_manager_of(context).invoke_props_dialog(
            self,
            width=DIALOG_WIDTH,
            title=translate(row.title),
            confirm_text="Use These Settings",
        )

    def draw(self, context: bpy.types.Context) -> None:
        row = snapshot.current().row(self.job_id)
        if row is not None:
            job_details.draw_details(layout_of(self), context, row)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        return self.load(context)


CLASSES = (STUDIO3D_OT_use_settings, STUDIO3D_OT_job_details)
