"""The switch that takes the background off a picture before a model is made of it."""

import bpy

from ..settings.cut_out import can_cut_out
from ..settings.draft import Draft
from ..settings.properties import SceneSettings
from .fields import draw_setting


def draw_cut_out(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: Draft,
) -> None:
    """Nothing where ``draft`` starts from something else, or the service has no tool for it."""
    if can_cut_out(draft):
        draw_setting(layout, context, settings, "cut_out")
