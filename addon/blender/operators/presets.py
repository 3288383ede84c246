"""Saving the present settings of an operation as one of Blender's presets, and removing one."""

from functools import partial

import bpy
from bl_operators.presets import AddPresetBase

from ...catalog import Group, Operation
from ..core import ids
from ..settings import presets
from ..settings.panel_drafts import image_operation, model_operation, operation_of_group
from ..settings.properties import panel_groups


class _AddPreset(AddPresetBase, bpy.types.Operator):  # type: ignore[misc]  # Blender's own class has no types
    """Base; the operation is the one that its panel shows."""

    bl_label = "Add Preset"
    bl_description = "Save these settings under a name, or remove a preset"
    bl_options = {"REGISTER", "INTERNAL"}

    @property
    def preset_subdir(self) -> str:
        return presets.folder(self.operation())

    @property
    def preset_values(self) -> list[str]:
        return presets.values(self.operation())

    @staticmethod
    def operation() -> Operation:
        """The operation the preset is for."""
        raise NotImplementedError


class STUDIO3D_OT_add_model_preset(_AddPreset):
    bl_idname = ids.OperatorId.ADD_MODEL_PRESET
    preset_menu = ids.PanelId.MODEL_PRESETS
    operation = staticmethod(model_operation)


class STUDIO3D_OT_add_image_preset(_AddPreset):
    bl_idname = ids.OperatorId.ADD_IMAGE_PRESET
    preset_menu = ids.PanelId.IMAGE_PRESETS
    operation = staticmethod(image_operation)


def _made(group: Group) -> type[_AddPreset]:
    named = ids.of_group(group)
    members = {
        "bl_idname": named.add_preset,
        "preset_menu": named.presets,
        "operation": staticmethod(partial(operation_of_group, group)),
        "__module__": __name__,
    }
    return type(ids.rna_name(named.add_preset), (_AddPreset,), members)


CLASSES = (
    STUDIO3D_OT_add_model_preset,
    STUDIO3D_OT_add_image_preset,
    *(_made(group) for group in panel_groups()),
)
