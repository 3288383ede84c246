"""Blender's own preset menus for the settings of the operation that a panel shows."""

import bpy
from bl_ui.utils import PresetPanel

from ...catalog import Operation
from .. import ids, preset_settings
from ..operators.presets import image_operation, miniature_operation, model_operation


class _Presets(PresetPanel, bpy.types.Panel):
    """Base; in Blender 4.2 and later a popover of presets."""

    bl_label = "Presets"
    preset_operator = "script.execute_preset"

    @property
    def preset_subdir(self) -> str:
        return preset_settings.folder(self.operation())

    @staticmethod
    def operation() -> Operation:
        """The operation the presets are of."""
        raise NotImplementedError


class STUDIO3D_PT_model_presets(_Presets):
    bl_idname = ids.PanelId.MODEL_PRESETS
    preset_add_operator = ids.OperatorId.ADD_MODEL_PRESET
    operation = staticmethod(model_operation)


class STUDIO3D_PT_image_presets(_Presets):
    bl_idname = ids.PanelId.IMAGE_PRESETS
    preset_add_operator = ids.OperatorId.ADD_IMAGE_PRESET
    operation = staticmethod(image_operation)


class STUDIO3D_PT_miniature_presets(_Presets):
    bl_idname = ids.PanelId.MINIATURE_PRESETS
    preset_add_operator = ids.OperatorId.ADD_MINIATURE_PRESET
    operation = staticmethod(miniature_operation)


CLASSES = (STUDIO3D_PT_model_presets, STUDIO3D_PT_image_presets, STUDIO3D_PT_miniature_presets)
