"""Opening the extension's own files in the system's programs."""

from pathlib import Path

import bpy

from ..core import ids, paths
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate


class STUDIO3D_OT_open_log(bpy.types.Operator):
    bl_idname = ids.OperatorId.OPEN_LOG
    bl_label = "Open Log"
    bl_description = "Open the log of the extension's worker"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        log = paths.newest_log()
        if log is None:
            self.report({"INFO"}, "There is no log yet: nothing was sent so far")
            return {"CANCELLED"}
        return open_path(self, log)


class STUDIO3D_OT_reveal_results(bpy.types.Operator):
    bl_idname = ids.OperatorId.REVEAL_RESULTS
    bl_label = "Open Results Folder"
    bl_description = "Open the folder that downloaded results are kept in"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        folder = paths.downloads()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.report(
                {"ERROR"},
                translate(
                    "The folder {folder} cannot be made: {reason}",
                    folder=folder,
                    reason=error.strerror,
                ),
            )
            return {"CANCELLED"}
        return open_path(self, folder)


def open_path(operator: bpy.types.Operator, path: Path) -> set[OperatorReturn]:
    """Show a file or folder in the system's program for it."""
    try:
        bpy.ops.wm.path_open(filepath=str(path))
    except RuntimeError:
        # No file manager: say where it is instead.
        operator.report({"WARNING"}, translate("It cannot be opened from here: {path}", path=path))
        return {"CANCELLED"}
    return {"FINISHED"}


CLASSES = (STUDIO3D_OT_open_log, STUDIO3D_OT_reveal_results)
