"""An object's versions: see another one, keep one of them."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ..core import ids
from ..core.access import layout_of, scene_of, view_layer_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..placement import append_result
from ..scene import versions
from ..widgets import versions as version_rows
from ..widgets.text import DIALOG_WIDTH, paragraph


class _VersionOperator(bpy.types.Operator):
    """Base of the operators on the active object's versions."""

    bl_options = {"REGISTER", "UNDO"}

    if TYPE_CHECKING:
        version: str
    else:
        version: StringProperty(
            name="Version", description="Name of its object", options={"HIDDEN", "SKIP_SAVE"}
        )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode != "OBJECT":
            cls.poll_message_set(translate("Switch to Object Mode first"))
            return False
        if not _versions(context):
            cls.poll_message_set(translate("The active object has no other versions"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        found = self.find(context)
        if found is None:
            self.report({"WARNING"}, "This version is no longer there")
            return {"CANCELLED"}
        self.act(context, found)
        return {"FINISHED"}

    def find(self, context: bpy.types.Context) -> "versions.Version | None":
        """The version that is named, else the one that is shown."""
        for one in _versions(context):
            if one.object.name == self.version if self.version else one.is_shown:
                return one
        return None

    def act(self, context: bpy.types.Context, found: "versions.Version") -> None:
        """Do it."""
        raise NotImplementedError


def _versions(context: bpy.types.Context) -> "tuple[versions.Version, ...]":
    scene = context.scene
    return () if scene is None else versions.of(scene, context.active_object)


def _show(context: bpy.types.Context, obj: bpy.types.Object) -> None:
    versions.show(context, obj)
    append_result.show_in_local_view(context, [obj])
    layer = view_layer_of(context)
    if obj.name in layer.objects:
        obj.select_set(True, view_layer=layer)
        layer.objects.active = obj


class STUDIO3D_OT_show_version(_VersionOperator):
    bl_idname = ids.OperatorId.SHOW_VERSION
    bl_label = "Show Version"
    bl_description = "Show this version of the object in the place of the one that is shown"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def act(self, context: bpy.types.Context, found: "versions.Version") -> None:
        _show(context, found.object)
        self.report({"INFO"}, translate("{version} shown", version=translate(found.label)))


class STUDIO3D_OT_swap(_VersionOperator):
    bl_idname = ids.OperatorId.SWAP
    bl_label = "Swap Versions"
    bl_description = (
        "Show the latest result made from the shown version, or what the shown one was made from"
    )

    def find(self, context: bpy.types.Context) -> "versions.Version | None":
        other = versions.other_of(scene_of(context), _versions(context))
        return next((one for one in _versions(context) if one.object == other), None)

    act = STUDIO3D_OT_show_version.act


class STUDIO3D_OT_keep(_VersionOperator):
    bl_idname = ids.OperatorId.KEEP
    bl_label = "Keep Only This Version"
    bl_description = "Remove the other versions of the object from this file; asks first"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        found = self.find(context)
        if found is None:
            return self.execute(context)
        return window_manager_of(context).invoke_props_dialog(
            self,
            width=DIALOG_WIDTH,
            title=translate("Keep Only {version}?", version=translate(found.label)),
            confirm_text="Keep",
        )

    def draw(self, context: bpy.types.Context) -> None:
        """What goes, and how it can come back."""
        found = self.find(context)
        if found is None:
            return
        column = layout_of(self).column()
        left = versions.leftovers(scene_of(context), found.object)
        gone = sorted(left, key=lambda obj: obj.name)
        names = ", ".join(obj.name for obj in gone)
        paragraph(column, context, translate("Removed from this file: {names}.", names=names))
        paragraph(column, context, "Undo brings them back.")
        back = ", ".join(obj.name for obj in gone if version_rows.can_return(obj))
        if back:
            words = translate("Later the Results panel can import again: {names}.", names=back)
            paragraph(column, context, words)
        lost = ", ".join(obj.name for obj in gone if not version_rows.can_return(obj))
        if lost:
            words = translate("In this file only, and gone for good then: {names}.", names=lost)
            paragraph(column, context, words, icon="ERROR")

    def act(self, context: bpy.types.Context, found: "versions.Version") -> None:
        kept = found.object
        if not found.is_shown:
            versions.show(context, kept)
        versions.keep_only(scene_of(context), kept)
        _show(context, kept)
        self.report({"INFO"}, translate("Kept {name}", name=kept.name))


CLASSES = (STUDIO3D_OT_show_version, STUDIO3D_OT_swap, STUDIO3D_OT_keep)
