"""How a field of the catalogue is drawn, by its kind alone."""

from collections.abc import Callable, Mapping

import bpy

from ...catalog import Field, Kind
from ...catalog.validation import grouped
from .. import previews
from ..draft import Draft, offered_views
from ..field_properties import (
    OTHER,
    is_optional,
    label,
    other_name,
    rna_name,
    slot_names,
    switch_name,
    view_name,
)
from .text import paragraph

NEAR_LIMIT = 0.8
"""Share of a text's greatest length from which the count is shown."""

PREVIEW_UNITS = 6.0
"""Height of a picture's preview, in widgets."""


def draw_field(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    field: Field,
    draft: Draft,
) -> None:
    """Draw the widgets of one field; ``group`` holds its properties."""
    if is_optional(field):
        _draw_optional(layout, group, field)
    elif field.kind is Kind.VIEWS:
        _draw_views(layout, group, field, draft)
    else:
        _DRAW.get(field.kind, _draw_plain)(layout, group, field)
    if field.max_length is not None:
        _draw_count(layout, context, field, draft)


def _draw_plain(layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field) -> None:
    layout.prop(group, rna_name(field.name))


def _draw_optional(
    layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field
) -> None:
    row = layout.row(heading=label(field), heading_ctxt="")
    row.prop(group, switch_name(field), text="")
    value = row.row()
    value.active = getattr(group, switch_name(field))
    value.prop(group, rna_name(field.name), text="")


def _draw_source_text(
    layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field
) -> None:
    """A text the request starts from takes the whole width."""
    if field.source is None:
        _draw_plain(layout, group, field)
        return
    row = layout.row()
    row.use_property_split = False
    row.prop(group, rna_name(field.name), text="", placeholder=field.description)


def _draw_source_path(
    layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field
) -> None:
    if field.source is None:
        _draw_plain(layout, group, field)
        return
    column = layout.column()
    column.use_property_split = False
    column.prop(group, rna_name(field.name), text="", placeholder=f"{field.label} File")
    if field.kind is Kind.IMAGE:
        icon = previews.icon_of(getattr(group, rna_name(field.name)))
        if icon:
            column.template_icon(icon_value=icon, scale=PREVIEW_UNITS)


def _draw_slots(layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field) -> None:
    """The pictures that are given, and one empty place for the next."""
    column = layout.column(align=True)
    for name in slot_names(field):
        column.prop(group, name)
        if not getattr(group, name):
            break


def _draw_choice(layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field) -> None:
    layout.prop(group, rna_name(field.name))
    if field.pattern and getattr(group, rna_name(field.name)) == OTHER:
        layout.prop(group, other_name(field), text=" ", placeholder=field.pattern_example)


def _draw_views(
    layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field, draft: Draft
) -> None:
    offered = offered_views(draft, field)
    column = layout.column(align=True)
    for number, view in enumerate(field.choices):
        if view.value in offered:
            hint = "Needed" if number == 0 else "Optional"
            column.prop(group, view_name(view), placeholder=hint)


def _draw_count(
    layout: bpy.types.UILayout, context: bpy.types.Context, field: Field, draft: Draft
) -> None:
    value = draft.values.get(field.name, "")
    limit = field.max_length
    if limit is None or not isinstance(value, str) or len(value) < limit * NEAR_LIMIT:
        return
    over = len(value) - limit
    if over > 0:
        words = f"{grouped(over)} characters too many"
    else:
        words = f"{grouped(len(value))} of {grouped(limit)} characters"
    paragraph(
        layout,
        context,
        words,
        icon="ERROR" if over > 0 else "NONE",
    )


_DRAW: Mapping[Kind, Callable[[bpy.types.UILayout, bpy.types.PropertyGroup, Field], None]] = {
    Kind.TEXT: _draw_source_text,
    Kind.IMAGE: _draw_source_path,
    Kind.MODEL: _draw_source_path,
    Kind.IMAGES: _draw_slots,
    Kind.CHOICE: _draw_choice,
}
