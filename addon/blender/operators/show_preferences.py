"""Ways from the sidebar to the preferences it depends on."""

import bpy

from ..core import ids
from ..core.rna_enums import OperatorReturn


class STUDIO3D_OT_show_preferences(bpy.types.Operator):
    bl_idname = ids.OperatorId.SHOW_PREFERENCES
    bl_label = "Open Preferences"
    bl_description = "Show the preferences of this extension"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        bpy.ops.preferences.addon_show(module=ids.BASE_PACKAGE)
        return {"FINISHED"}


class STUDIO3D_OT_show_online_access(bpy.types.Operator):
    bl_idname = ids.OperatorId.SHOW_ONLINE_ACCESS
    bl_label = "Open System Preferences"
    bl_description = "Show the system preference that lets Blender use the internet"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        bpy.ops.screen.userpref_show(section="SYSTEM")
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_show_preferences, STUDIO3D_OT_show_online_access)
