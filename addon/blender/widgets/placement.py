"""The part of panels, and of operators, that asks how results are placed."""

from typing import cast

import bpy

from ...jobs.placement_options import SizeBy
from ..settings.placement_settings import PlacementChoices
from .base import settings_layout


def draw_placement(layout: bpy.types.UILayout, choices: PlacementChoices, panel: str) -> None:
    """The choices in a part that is closed until somebody looks for them.

    ``panel`` names the panel: each remembers on its own whether that part is open.
    """
    header, body = layout.panel(f"{panel}_placement", default_closed=True)
    header.label(text="Placement")
    if body is not None:
        draw_choices(body, choices)


def draw_choices(layout: bpy.types.UILayout, choices: PlacementChoices) -> None:
    """All choices, most used first."""
    column = settings_layout(layout)
    group = cast(bpy.types.PropertyGroup, choices)  # or an operator, which is drawn alike
    column.prop(group, "where")
    column.prop(group, "size_by")
    if choices.size_by != SizeBy.FILE:
        column.prop(group, "length")
    column.column(heading="Origin").prop(group, "origin_at_base")
    column.prop(group, "into")
