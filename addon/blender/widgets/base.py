"""What all panels of the tab have in common."""

import bpy

from ..core import ids

LABEL_PART = 0.4
"""Share of the width that Blender's property split gives to labels."""


class SidebarPanel(bpy.types.Panel):
    """Base of the panels in our tab of the 3D viewport's sidebar."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = ids.TAB
    bl_translation_context = ids.CONTEXT


def settings_layout(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    """A column in Blender's manner for settings: label left, value right, nothing to animate."""
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    return column


def value_column(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    """The right part of a settings layout, for what has no label."""
    split = layout.split(factor=LABEL_PART)
    split.column()
    return split.column()
