"""The list of jobs from anywhere: any editor, any workspace, with the sidebar hidden."""

import bpy

from .. import ids, news, refresh
from ..rna_enums import OperatorReturn
from ..words import say


class STUDIO3D_OT_show_jobs(bpy.types.Operator):
    bl_idname = ids.OperatorId.SHOW_JOBS
    bl_label = "Show Generation Jobs"
    bl_description = "Show the jobs under way and their results, whatever editor this is"
    # Only shows: there is nothing to undo.
    bl_options = set()

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if bpy.app.background:
            cls.poll_message_set(say("There is no window"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        news.read()
        refresh.refresh(context)
        return bpy.ops.wm.call_panel(name=ids.PanelId.JOBS_POPUP, keep_open=True)


CLASSES = (STUDIO3D_OT_show_jobs,)
