"""The list of jobs from anywhere: any editor, any workspace, with the sidebar hidden."""

import bpy

from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import build_snapshot, notifications


class STUDIO3D_OT_show_jobs(bpy.types.Operator):
    bl_idname = ids.OperatorId.SHOW_JOBS
    bl_label = "Show Generation Jobs"
    bl_description = "Show the jobs under way and their results, whatever editor this is"
    # Only shows: there is nothing to undo.
    bl_options = set()

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if bpy.app.background:
            cls.poll_message_set(translate("There is no window"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        notifications.read()
        build_snapshot.refresh(context)
        return bpy.ops.wm.call_panel(name=ids.PanelId.JOBS_POPUP, keep_open=True)


CLASSES = (STUDIO3D_OT_show_jobs,)
