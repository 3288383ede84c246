"""Going back to what was asked before, and locking the seed of what was liked."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog import Mode, UnknownOperation, get
from ...jobs import candidates as job_rounds
from ...jobs import seeds
from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings import candidate_drafts, seed_lock
from ..settings.properties import settings_of
from ..snapshot import snapshot
from ..widgets import candidate_rounds
from .job_details import SettingsOperator
from .one_job import OneJobOperator
from .trouble import tells_trouble


class STUDIO3D_OT_use_asked(SettingsOperator):
    """As ``use_settings``, and a round of candidates comes back into its own panel as well."""

    bl_idname = ids.OperatorId.USE_ASKED
    bl_label = "Use These Settings"
    bl_description = (
        "Put what was asked then back into its panel: prompt, engine, fields, pictures and seed"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        ended = self.load(context)
        current = snapshot.current()
        row = current.row(self.job_id)
        if ended == {"FINISHED"} and row is not None and job_rounds.is_candidate(row.job):
            found = (one for one in candidate_rounds.rounds_of(current) if row in one.rows)
            number = next((one.ordered for one in found), 1)
            candidate_drafts.take_over(settings_of(context), row.job, number)
        return ended


class STUDIO3D_OT_lock_seed(OneJobOperator):
    bl_idname = ids.OperatorId.LOCK_SEED
    bl_label = "Lock Seed"
    bl_description = (
        "Send this seed with the next round of the same engine, or leave it to the service again"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        row = snapshot.current().row(self.job_id)
        known = {} if row is None else seeds.known(row.job)
        if row is None or not known:
            self.report({"WARNING"}, "No seed is known of this result")
            return {"CANCELLED"}
        settings, operation = settings_of(context), get(row.job.operation)
        engine, told = translate(operation.label), ", ".join(map(str, known.values()))
        if seed_lock.is_locked(settings, row.job):
            seed_lock.unlock(settings, operation, known)
            words = translate("{engine}: the service chooses the seed", engine=engine)
        else:
            seed_lock.lock(settings, operation, known)
            words = translate("{engine}: seed {seed} for the next round", engine=engine, seed=told)
        self.report({"INFO"}, words)
        return {"FINISHED"}


class STUDIO3D_OT_new_seed(bpy.types.Operator):
    bl_idname = ids.OperatorId.NEW_SEED
    bl_label = "New Seed"
    bl_description = (
        "Set another seed and lock it: then it is known, and the next round can be repeated"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        engine: str
        mode: str
    else:
        engine: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        mode: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        try:
            operation, mode = get(self.engine), Mode(self.mode)
        except (UnknownOperation, ValueError):
            return {"CANCELLED"}
        made = seed_lock.new_seeds(operation, mode)
        seed_lock.lock(settings_of(context), operation, made)
        return {"FINISHED"} if made else {"CANCELLED"}


CLASSES = (STUDIO3D_OT_use_asked, STUDIO3D_OT_lock_seed, STUDIO3D_OT_new_seed)
