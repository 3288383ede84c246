"""The one widget for a picture that is asked for: its path, where to take it from, how it looks."""

from typing import Any, Final

import bpy

from ..core import ids
from ..core.access import call_with
from ..core.translation import translate
from ..settings.targets import target_of
from . import previews

LARGE_UNITS: Final = 6.0
"""Height of the picture that a request starts from, in widgets."""

SMALL_UNITS: Final = 2.2
"""Side of any other picture: as high as its name and its path."""


def draw_slot(
    layout: bpy.types.UILayout,
    group: bpy.types.PropertyGroup,
    name: str,
    *,
    hint: str = "",
    is_start: bool = False,
) -> None:
    """Draw the path ``name`` of ``group``; ``hint`` stands in it while it is empty.

    What a request starts from (``is_start``) has the whole width, and no name: it is the only one.
    """
    icon = previews.on_ground(getattr(group, name))
    column = layout.column()
    if is_start:
        column.use_property_split = False
        _draw_path(column, group, name, text="", hint=hint)
        if icon:
            column.template_icon(icon_value=icon, scale=LARGE_UNITS)
        return
    if not icon:
        _draw_path(column, group, name, text=None, hint=hint)
        return
    column.use_property_split = False
    row = column.row()
    place = row.column()
    place.ui_units_x = SMALL_UNITS
    place.template_icon(icon_value=icon, scale=SMALL_UNITS)
    words = row.column(align=True)
    words.label(text=translate(group.bl_rna.properties[name].name), translate=False)
    _draw_path(words, group, name, text="", hint=hint)


def _draw_path(
    layout: bpy.types.UILayout,
    group: bpy.types.PropertyGroup,
    name: str,
    *,
    text: str | None,
    hint: str,
) -> None:
    row = layout.row(align=True)
    given: dict[str, Any] = {} if text is None else {"text": text}
    row.prop(group, name, placeholder=hint, **given)
    call_with(
        row.operator(ids.OperatorId.PICTURE_SOURCES, text="", icon="DOWNARROW_HLT"),
        target=target_of(group, name),
    )
