"""How a field of the catalogue is drawn, by its kind alone."""

from typing import Any, Final

import bpy

from ...catalog import Field, Kind, Value
from ...catalog.scales import size_words
from ...catalog.validation import grouped
from ...jobs.short_text import shorten
from ..core import ids
from ..core.access import call_with, typed
from ..core.translation import translate
from ..runtime import side_views
from ..scene import export_selection
from ..settings.draft import Draft, offered_views
from ..settings.field_labels import example, label
from ..settings.field_properties import (
    OTHER,
    is_automatic,
    is_optional,
    is_prompt,
    other_name,
    rna_name,
    slot_names,
    switch_name,
    text_name,
    view_name,
)
from ..settings.targets import target_of
from ..snapshot import snapshot
from .photo_cautions import draw_photo_cautions
from .picture_slot import draw_slot
from .text import (
    VALUE_PADDING_UNITS,
    label_fits,
    paragraph,
    tabs_fit,
    text_fits,
    value_fits,
)

NEAR_LIMIT = 0.8
"""Share of a text's greatest length from which the count is shown."""

PREVIEW_LENGTH = 500
"""Characters of a long prompt that are shown below its field."""

PROMPT_UNITS = 1.5
"""What the button beside a prompt's field takes."""


def draw_field(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    field: Field,
    draft: Draft,
) -> None:
    """Draw the widgets of one field; ``group`` holds its properties."""
    if field.kind is Kind.VIEWS:
        _draw_views(layout, context, group, field, draft)
    elif field.kind is Kind.IMAGES:
        _draw_slots(layout, context, group, field)
    elif field.source is not None:
        _draw_source(layout, context, group, field, draft)
    elif field.kind is Kind.IMAGE:
        draw_slot(layout, context, group, rna_name(field.name))
    elif field.kind is Kind.SWITCH and not is_automatic(field):
        draw_switch(layout, context, group, rna_name(field.name))
    else:
        value = chosen_name(group, rna_name(field.name)) if field.kind in LISTED else ""
        place, text = _beside_label(layout, context, translate(label(field)), value)
        _draw_value(place, group, field, text)
        _draw_explanation(layout, context, field, draft.values.get(field.name))
    if field.max_length is not None:
        # A text of the file is not in sight here: then how long it is always is.
        hidden = is_prompt(field) and getattr(group, text_name(field)) is not None
        _draw_count(layout, context, field, draft, always=hidden)


LISTED: Final = (Kind.CHOICE, Kind.SWITCH)
"""Kinds whose value has a name in a drop-down; a switch only where it has three."""


def draw_choice(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    name: str,
) -> None:
    """A drop-down of the group, whatever it is for."""
    text = translate(group.bl_rna.properties[name].name)
    place, text = _beside_label(layout, context, text, chosen_name(group, name))
    place.prop(group, name, text=text)


def chosen_name(group: bpy.types.PropertyGroup, name: str) -> str:
    """What a drop-down shows now."""
    found = typed(bpy.types.EnumProperty, group.bl_rna.properties[name])
    return translate(found.enum_items[getattr(group, name)].name)


def draw_switch(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    name: str,
) -> None:
    """A check box right of the labels, or from the left edge where its text has no room there."""
    if value_fits(context, translate(group.bl_rna.properties[name].name)):
        layout.prop(group, name)
    else:
        _whole_width(layout).prop(group, name)


def draw_setting(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    name: str,
) -> None:
    """Any property of the group, so that its label is shown whole."""
    known = group.bl_rna.properties[name]
    if known.type == "BOOLEAN":
        draw_switch(layout, context, group, name)
    elif known.type == "ENUM":
        draw_choice(layout, context, group, name)
    else:
        place, text = _beside_label(layout, context, translate(known.name), "")
        place.prop(group, name, text=text)


def draw_choice_among(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    name: str,
    among: tuple[Any, str],
) -> None:
    """A text of the group that is the name of one of those, which an owner has in a collection."""
    text = translate(group.bl_rna.properties[name].name)
    place, text = _beside_label(layout, context, text, getattr(group, name))
    place.prop_search(group, name, *among, text=text)


def draw_tabs(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    name: str,
) -> None:
    """All choices side by side, or one below the other where they have no room."""
    found = typed(bpy.types.EnumProperty, group.bl_rna.properties[name])
    texts = [translate(item.name) for item in found.enum_items]
    fits = tabs_fit(context, texts)
    tabs = layout.row(align=True) if fits else layout.column(align=True)
    tabs.prop(group, name, expand=True)


def _beside_label(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    text: str,
    value: str = "",
    taken_units: float = VALUE_PADDING_UNITS,
) -> tuple[bpy.types.UILayout, str]:
    """Where the value goes, and the label to draw with it.

    What would be cut off, of a label and a value side by side, stands one below the other.
    ``taken_units`` is what stands beside the value.
    """
    if label_fits(context, text) and value_fits(context, value, taken_units):
        return layout, text
    column = _whole_width(layout)
    column.label(text=text, translate=False)
    return column, ""


def _whole_width(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    column = layout.column(align=True)
    column.use_property_split = False
    return column


def _draw_value(
    layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, field: Field, text: str
) -> None:
    name = rna_name(field.name)
    if is_optional(field):
        row = layout.row(heading=text)
        row.prop(group, switch_name(field), text="")
        value = row.row()
        value.active = getattr(group, switch_name(field))
        value.prop(group, name, text="")
        return
    if field.length_in and field.kind is Kind.NUMBERS:
        layout.prop(group, name, text=text, placeholder="5 cm, 10 cm")
        return
    if field.kind is Kind.TEXT:
        layout.prop(group, name, text=text, placeholder=field.pattern_example)
        return
    layout.prop(group, name, text=text)
    if field.pattern and getattr(group, name) == OTHER:
        hint = translate(example(field))
        layout.prop(group, other_name(field), text=" " if text else "", placeholder=hint)


def _draw_explanation(
    layout: bpy.types.UILayout, context: bpy.types.Context, field: Field, chosen: Value | None
) -> None:
    """What is chosen, in a sentence: a choice that has to be made is not to be guessed.

    Of what decides the size of a print, the millimeters.
    """
    words: str | None = size_words(field, chosen) or field.note_on(chosen)
    if field.kind is Kind.CHOICE and field.required:
        words = next((one.description for one in field.choices if one.value == chosen), "")
    if words:
        paragraph(layout, context, words)


def _draw_source(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    field: Field,
    draft: Draft,
) -> None:
    """What the request starts from takes the whole width."""
    if field.kind is Kind.IMAGE:
        hint = translate("{field} File", field=translate(field.label))
        draw_slot(layout, context, group, rna_name(field.name), hint=hint, is_start=True)
        draw_photo_cautions(layout, context, draft)
        return
    is_text = field.kind is Kind.TEXT
    hint = field.description if is_text else translate("{field} File", field=translate(field.label))
    column = layout.column()
    column.use_property_split = False
    row = column.row(align=True)
    if is_prompt(field) and getattr(group, text_name(field)) is not None:
        row.prop(group, text_name(field), text="")
    else:
        row.prop(group, rna_name(field.name), text="", placeholder=hint)
    if is_prompt(field):
        call_with(
            row.operator(ids.OperatorId.PROMPT_SOURCES, text="", icon="DOWNARROW_HLT"),
            target=target_of(group, rna_name(field.name)),
        )
        _draw_preview(layout, context, draft.values.get(field.name))


def _draw_preview(layout: bpy.types.UILayout, context: bpy.types.Context, prompt: Any) -> None:
    """The whole of a prompt that its field is too short for, in as many lines as it takes."""
    if isinstance(prompt, str) and not text_fits(context, prompt, PROMPT_UNITS):
        column = layout.column()
        column.use_property_split = False
        paragraph(column, context, shorten(prompt, PREVIEW_LENGTH), translate=False)


def _draw_slots(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    field: Field,
) -> None:
    """The pictures that are given, and one empty place for the next."""
    column = layout.column()
    for name in slot_names(field):
        draw_slot(column, context, group, name)
        if not getattr(group, name):
            break


def _draw_views(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    field: Field,
    draft: Draft,
) -> None:
    _draw_side_views(layout, context)
    offered = offered_views(draft, field)
    column = layout.column()
    for number, choice in enumerate(field.choices):
        if choice.value in offered:
            hint = "Needed" if number == 0 else "Optional"
            draw_slot(column, context, group, view_name(choice), hint=hint)


def _draw_side_views(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """The way from an object to its views, how far it is, or what went wrong."""
    current = snapshot.current()
    column = layout.column()
    column.use_property_split = False
    found = current.side_views
    if found is None:
        column.operator(
            ids.OperatorId.VIEWS_FROM_OBJECT, text="From Selected Object", icon="OBJECT_DATA"
        )
        selection = export_selection.whole(context)
        for doubt in [] if selection is None else side_views.doubts(context, selection):
            paragraph(column, context, doubt.words, icon="ERROR")
    else:
        row = column.row(align=True)
        row.progress(text=found.words, factor=found.done / found.of)
        row.operator(ids.OperatorId.CANCEL_VIEWS, text="", icon="X")
    if current.side_views_trouble:
        paragraph(column, context, current.side_views_trouble, icon="ERROR")


def _draw_count(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    field: Field,
    draft: Draft,
    *,
    always: bool,
) -> None:
    value = draft.values.get(field.name, "")
    limit = field.max_length
    if limit is None or not isinstance(value, str):
        return
    if len(value) < limit * NEAR_LIMIT and not always:
        return
    over = len(value) - limit
    if over > 0:
        words = translate("{n} characters too many", n=grouped(over))
    else:
        words = translate("{n} of {limit} characters", n=grouped(len(value)), limit=grouped(limit))
    paragraph(
        layout,
        context,
        words,
        icon="ERROR" if over > 0 else "NONE",
    )
