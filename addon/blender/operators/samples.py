"""Placing a recorded sample, without an account."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...samples import declared
from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import samples
from .trouble import tells_trouble


class STUDIO3D_OT_place_sample(bpy.types.Operator):
    bl_idname = ids.OperatorId.PLACE_SAMPLE
    bl_label = "Place Sample"
    bl_description = (
        "Show the way of a job with this recorded model: it is prepared in the background and "
        "placed when it is ready. Nothing is sent or charged"
    )
    # A job is no part of the .blend: undo must neither take it back nor bring it again.
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        sample: str
    else:
        sample: StringProperty(name="Sample", options={"HIDDEN", "SKIP_SAVE"})

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        sample = declared.sample_of(self.sample)
        if sample is None:
            self.report({"ERROR"}, "There is no such sample.")
            return {"CANCELLED"}
        job = samples.order(context, sample)
        self.report({"INFO"}, translate("{name} is placed in a moment", name=job.name))
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_place_sample,)
