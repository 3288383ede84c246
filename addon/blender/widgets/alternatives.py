"""Ordering several results of one wish: how many of them, and from which other engines."""

import bpy

from ..core.translation import translate
from ..settings.properties import SceneSettings, compared_engines
from .fields import draw_setting
from .text import paragraph


def draw_alternatives(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: SceneSettings
) -> None:
    """The number of variations, and the engines that make the same as the chosen one."""
    draw_setting(layout, context, settings, "variations")
    _, *others = compared_engines(settings)
    if others:
        names = ", ".join(translate(engine.label) for engine in others)
        words = translate("Compared with {names}", names=names)
        paragraph(layout, context, words, icon="SPLIT_HORIZONTAL", translate=False)
