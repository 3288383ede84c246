"""The part of a panel that says what is done with every result of the order."""

from typing import Final

import bpy

from ...catalog import get
from ...recipes.local_steps import LocalStep
from ...recipes.recipe import SHIPPED
from ..core import ids
from ..core.access import call_with
from ..core.translation import translate
from ..settings import recipe_settings
from ..settings.field_properties import rna_name
from ..settings.recipe_settings import STUDIO3D_PG_then
from .base import settings_layout
from .text import paragraph

LABELS: Final = 0.45
"""Share of the width for what a step is called."""


def draw_then(
    layout: bpy.types.UILayout, context: bpy.types.Context, then: STUDIO3D_PG_then, panel: str
) -> None:
    """The recipe, its steps and the budget, closed until somebody looks for them.

    ``panel`` names the panel: each remembers on its own whether that part is open.
    """
    header, body = layout.panel(f"{panel}_then", default_closed=True)
    header.label(text=_title(then), translate=False)
    if body is None:
        return
    body.operator(ids.OperatorId.CHOOSE_RECIPE, text=_recipe(then), icon="PRESET", translate=False)
    column = body.column(align=True)
    for index, order in enumerate(then.orders):
        _draw_order(column, index, order)
    for step in recipe_settings.used(then):
        _draw_step(column, then, step)
    adding = body.row(align=True)
    adding.operator_menu_enum(ids.OperatorId.ADD_THEN, "step", text="Add Step")
    adding.operator_menu_enum(ids.OperatorId.ADD_THEN_ORDER, "operation", text="Add Paid Step")
    settings_layout(body).prop(then, "budget")
    if then.budget:
        words = "Nothing more is sent once what was charged leaves no room for it."
        paragraph(body, context, words)


def _recipe(then: STUDIO3D_PG_then) -> str:
    """What the chosen recipe is called."""
    shipped = SHIPPED.get(then.recipe)
    label = then.label if shipped is None else translate(shipped.label)
    if label and recipe_settings.is_changed(then):
        return translate("{recipe}, changed", recipe=label)
    return label or translate("Choose Recipe")


def _title(then: STUDIO3D_PG_then) -> str:
    """What is done, in a line."""
    count = len(then.orders) + len(recipe_settings.used(then))
    if not count:
        return translate("Then")
    if then.label:
        return translate("Then: {recipe}", recipe=_recipe(then))
    return translate("Then: {n} steps", n=count)


def draw_summary(
    layout: bpy.types.UILayout, context: bpy.types.Context, then: STUDIO3D_PG_then
) -> None:
    """The same in a dialog, which has no room for more; nothing where nothing is done."""
    if then.orders or recipe_settings.used(then):
        paragraph(layout, context, _title(then), icon="PRESET", translate=False)


def _draw_order(
    layout: bpy.types.UILayout, index: int, order: recipe_settings.STUDIO3D_PG_paid_step
) -> None:
    label, value = _line(layout, translate(get(order.operation).label))
    label.label(text="", icon="URL")
    value.prop(order, "options", text="")
    call_with(value.operator(ids.OperatorId.REMOVE_THEN_ORDER, text="", icon="X"), index=index)


def _draw_step(layout: bpy.types.UILayout, then: STUDIO3D_PG_then, step: LocalStep) -> None:
    _, value = _line(layout, translate(step.label))
    if step.value is None:
        value.label(text="")
    else:
        value.prop(then, rna_name(step.value.name), text="")
    call_with(value.operator(ids.OperatorId.REMOVE_THEN, text="", icon="X"), step=step.name)


def _line(layout: bpy.types.UILayout, text: str) -> tuple[bpy.types.UILayout, bpy.types.UILayout]:
    """What stands left of the value, and the value's place."""
    split = layout.split(factor=LABELS)
    label = split.row(align=True)
    label.label(text=text, translate=False)
    return label, split.row(align=True)
