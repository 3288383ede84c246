"""Choosing the steps of a chain, and looking at an object before anything is paid for."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty, IntProperty

from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..scene import export_selection, mesh_checks, visible_surfaces
from ..settings import steps
from ..settings.properties import SceneSettings, settings_of, tool_items


class STUDIO3D_OT_add_step(bpy.types.Operator):
    bl_idname = ids.OperatorId.ADD_STEP
    bl_label = "Add Step"
    bl_description = (
        "Let another tool go on with the result of the one before. A tool that runs twice has the "
        "same settings both times"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        tool: str
    else:
        tool: EnumProperty(
            name="Tool",
            description="What this step does with the model",
            items=tool_items(),
            translation_context=ids.CONTEXT,
        )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        steps.add(settings_of(context), self.tool)
        return {"FINISHED"}


class _OneStep(bpy.types.Operator):
    """Base of what is done with one of the steps."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        index: int
    else:
        index: IntProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        settings = settings_of(context)
        if not 0 <= self.index < len(settings.chain):  # a click that came late
            return {"CANCELLED"}
        self.change(settings)
        return {"FINISHED"}

    def change(self, settings: SceneSettings) -> None:
        """Do it; the step is there."""
        raise NotImplementedError


class STUDIO3D_OT_show_step(_OneStep):
    bl_idname = ids.OperatorId.SHOW_STEP
    bl_label = "Show Step"
    bl_description = "Show this step's tool and settings, to change them"

    def change(self, settings: SceneSettings) -> None:
        steps.show(settings, self.index)


class STUDIO3D_OT_move_step(_OneStep):
    bl_idname = ids.OperatorId.MOVE_STEP
    bl_label = "Move Step"
    bl_description = "Let this step run earlier or later"

    if TYPE_CHECKING:
        by: int
    else:
        by: IntProperty(default=1, options={"HIDDEN", "SKIP_SAVE"})

    def change(self, settings: SceneSettings) -> None:
        steps.move(settings, self.index, self.by)


class STUDIO3D_OT_remove_step(_OneStep):
    bl_idname = ids.OperatorId.REMOVE_STEP
    bl_label = "Remove Step"
    bl_description = "Take this step out of the chain"

    def change(self, settings: SceneSettings) -> None:
        steps.remove(settings, self.index)


class STUDIO3D_OT_check_model(bpy.types.Operator):
    bl_idname = ids.OperatorId.CHECK_MODEL
    bl_label = "Check First"
    bl_description = "Look on this machine whether the object is watertight; costs nothing"
    # Only looks: there is nothing to undo.
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        selected = export_selection.selected(context)
        if not selected or selected[0].type not in visible_surfaces.SURFACES:
            cls.poll_message_set(translate("Select a mesh object first"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        found = mesh_checks.check(context, export_selection.selected(context)[0])
        self.report({"INFO"}, translate(found.verdict))
        return {"FINISHED"}


CLASSES = (
    STUDIO3D_OT_add_step,
    STUDIO3D_OT_show_step,
    STUDIO3D_OT_move_step,
    STUDIO3D_OT_remove_step,
    STUDIO3D_OT_check_model,
)
