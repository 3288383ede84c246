"""Blender's own preset menus for the settings of the operation that a panel shows."""

from functools import partial
from typing import Any, Final

import bpy
from bl_ui.utils import PresetPanel

from ...catalog import Group, Mode, Operation
from ...catalog.goals import GOALS
from ...catalog.messages import Message
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.translation import translate
from ..runtime import preflight
from ..settings import goals, presets
from ..settings.panel_drafts import image_operation, model_operation, operation_of_group
from ..settings.properties import panel_groups, settings_of
from ..widgets.text import paragraph

UNITS: Final = 16.0
"""Width of the popovers."""


class _Presets(PresetPanel, bpy.types.Panel):
    """Base; in Blender 4.2 and later a popover of presets."""

    bl_label = "Presets"
    bl_ui_units_x = int(UNITS)
    preset_operator = "script.execute_preset"
    preset_add_operator: str

    def draw(self, context: Any) -> None:
        self.draw_shipped(context)
        if bpy.utils.preset_paths(self.preset_subdir):
            super().draw(context)
        else:
            _draw_empty(layout_of(self), context, self.preset_add_operator)

    @property
    def preset_subdir(self) -> str:
        return presets.folder(self.operation())

    def draw_shipped(self, context: Any) -> None:
        """What stands above the user's own presets."""

    @staticmethod
    def operation() -> Operation:
        """The operation the presets are of."""
        raise NotImplementedError


def draw_goals(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """What models are made for, each with a sentence, the engine for it and the price."""
    settings = settings_of(context)
    for goal in GOALS:
        way = goals.way_to(goal, Mode(settings.mode))
        if way is None:
            continue
        column = layout.column(align=True)
        call_with(column.operator(ids.OperatorId.USE_GOAL, text=goal.label), goal=goal.name)
        price = goals.draft_for(settings, way).estimate()
        words = translate(
            "{sentence}. {engine}, {price}",
            sentence=Message(goal.sentence),
            engine=way.operation.words,
            price=preflight.amount_words(price),
        )
        paragraph(column, context, words, translate=False, units=UNITS)
    layout.separator()


def _draw_empty(layout: Any, context: bpy.types.Context, add: str) -> None:
    """Before the first preset, where Blender would speak of missing paths."""
    name: Any = context.window_manager
    layout.label(text="No presets yet")
    row = layout.row(align=True)
    row.prop(name, "preset_name", text="")
    call_with(row.operator(add, text="", icon="ADD"), name=name.preset_name)


class STUDIO3D_PT_model_presets(_Presets):
    bl_idname = ids.PanelId.MODEL_PRESETS
    preset_add_operator = ids.OperatorId.ADD_MODEL_PRESET
    operation = staticmethod(model_operation)

    def draw_shipped(self, context: Any) -> None:
        draw_goals(layout_of(self), context)


class STUDIO3D_PT_image_presets(_Presets):
    bl_idname = ids.PanelId.IMAGE_PRESETS
    preset_add_operator = ids.OperatorId.ADD_IMAGE_PRESET
    operation = staticmethod(image_operation)


def _made(group: Group) -> type[_Presets]:
    named = ids.of_group(group)
    members = {
        "bl_idname": named.presets,
        "preset_add_operator": named.add_preset,
        "operation": staticmethod(partial(operation_of_group, group)),
        "__module__": __name__,
    }
    return type(named.presets, (_Presets,), members)


_OF_GROUPS = {group: _made(group) for group in panel_groups()}


def group_presets(group: Group) -> type[_Presets]:
    """The presets of the panel that is made for the group."""
    return _OF_GROUPS[group]


CLASSES = (STUDIO3D_PT_model_presets, STUDIO3D_PT_image_presets, *_OF_GROUPS.values())
