"""From a picture to a model: put it where the Generate panel starts from."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog import Mode
from .. import ids
from ..properties import settings_of
from ..rna_enums import OperatorReturn


class STUDIO3D_OT_use_picture(bpy.types.Operator):
    bl_idname = ids.OperatorId.USE_PICTURE
    bl_label = "Use for 3D"
    bl_description = "Make this picture what the Generate panel starts from"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        filepath: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        if not Path(self.filepath).is_file():
            self.report({"WARNING"}, f"There is no file {self.filepath}")
            return {"CANCELLED"}
        settings = settings_of(context)
        settings.mode = Mode.IMAGE.value
        settings.image = self.filepath
        self.report({"INFO"}, f"Generate starts from {Path(self.filepath).name} now")
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_use_picture,)
