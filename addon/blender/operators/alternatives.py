"""Choosing among several results of one wish."""

from typing import TYPE_CHECKING

import bpy

from ...jobs import alternatives
from ..core import ids, session
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import worker_link
from ..scene import alternatives as in_scene
from .one_job import OneJobOperator
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job


class _Choice(OneJobOperator):
    """Base; ``job_id`` is one of the results."""

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        found = session.store().some([self.job_id])
        if not found or found[0].origin.alternative is None:
            self.report({"WARNING"}, "There is nothing to choose from")
            return {"CANCELLED"}
        self.decide(found[0])
        worker_link.jobs_changed(context)
        return {"FINISHED"}

    def decide(self, job: "Job") -> None:
        """Write the choice down and do what follows; raises ServiceError."""
        raise NotImplementedError


class STUDIO3D_OT_keep_alternative(_Choice):
    bl_idname = ids.OperatorId.KEEP_ALTERNATIVE
    bl_label = "Keep Only This"
    bl_description = (
        "Keep this result and remove the others of its order from this file; they stay among the "
        "results, and undo brings them back"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode != "OBJECT":
            cls.poll_message_set(translate("Switch to Object Mode first"))
        return context.mode == "OBJECT"

    def decide(self, job: "Job") -> None:
        store = session.store()
        others = alternatives.keep(store, job)
        for other in store.some(list(in_scene.remove(one.id for one in others))):
            alternatives.take_as_well(store, other)
        self.report({"INFO"}, translate("Kept {name}", name=job.name))


class STUDIO3D_OT_keep_all_alternatives(_Choice):
    bl_idname = ids.OperatorId.KEEP_ALL_ALTERNATIVES
    bl_label = "Keep All"
    bl_description = "Keep all results of the order: there is nothing to choose any more"
    bl_options = {"UNDO", "INTERNAL"}

    def decide(self, job: "Job") -> None:
        alternatives.keep_all(session.store(), job)


CLASSES = (STUDIO3D_OT_keep_alternative, STUDIO3D_OT_keep_all_alternatives)
