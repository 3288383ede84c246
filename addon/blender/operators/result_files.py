"""One file of a job's results: opened in the system's program for it, or copied elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from .folders import open_path
from .saving import SaveCopy


class _FileOperator(bpy.types.Operator):
    """Base: ``source`` is the file."""

    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        source: str
    else:
        source: StringProperty(options={"HIDDEN", "SKIP_SAVE"})


class STUDIO3D_OT_open_result(_FileOperator):
    bl_idname = ids.OperatorId.OPEN_RESULT
    bl_label = "Open"
    bl_description = "Open the archive in the system's program for archives"

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        path = Path(self.source)
        if not path.is_file():
            self.report({"WARNING"}, translate("There is no file {path}.", path=path))
            return {"CANCELLED"}
        return open_path(self, path)


class STUDIO3D_OT_save_result(SaveCopy, _FileOperator):
    bl_idname = ids.OperatorId.SAVE_RESULT
    bl_label = "Save As"
    bl_description = "Save a copy of the file where you choose"

    def original(self) -> Path:
        return Path(self.source)


CLASSES = (STUDIO3D_OT_open_result, STUDIO3D_OT_save_result)
