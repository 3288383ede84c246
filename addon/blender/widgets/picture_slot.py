"""The one widget for a picture that is asked for: its path, where to take it from, how it looks."""

from typing import Any, Final

import bpy

from ..core import ids
from ..core.access import call_with
from ..core.translation import translate
from ..settings.targets import target_of
from . import previews
from .text import PATH_PADDING_UNITS, label_fits, value_fits

LARGE_UNITS: Final = 6.0
"""Height of the picture that a request starts from, in widgets."""

SMALL_UNITS: Final = 2.2
"""Side of any other picture: as high as its name and its path."""


def draw_slot(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
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
    label = translate(group.bl_rna.properties[name].name)
    if not icon and _fits(context, label):
        _draw_path(column, group, name, text=None, hint=hint)
        return
    column.use_property_split = False
    if not icon:
        column = column.column(align=True)
        column.label(text=label, translate=False)
        _draw_path(column, group, name, text="", hint=hint)
        return
    row = column.row()
    place = row.column()
    place.ui_units_x = SMALL_UNITS
    place.template_icon(icon_value=icon, scale=SMALL_UNITS)
    words = row.column(align=True)
    words.label(text=label, translate=False)
    _draw_path(words, group, name, text="", hint=hint)


def _fits(context: bpy.types.Context, label: str) -> bool:
    """Whether name and path stand side by side, and what stands in an empty path is recognised."""
    hint = translate("Optional")
    return label_fits(context, label) and value_fits(context, hint, PATH_PADDING_UNITS)


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
