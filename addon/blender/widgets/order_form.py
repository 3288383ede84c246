"""The parts of every panel that orders something: notice, settings, price, button."""

from typing import Final

import bpy

from ...catalog import Estimate, Field
from ...jobs import names
from ..core import ids
from ..core.translation import translate
from ..runtime import preflight
from ..runtime.preflight import Blocker, Need
from ..settings.draft import Draft
from ..settings.interface_state import form_of, interface_state_of
from ..settings.properties import SceneSettings, home_of
from ..snapshot import snapshot
from .base import settings_layout
from .fields import draw_field
from .first_steps import draw_first_steps
from .text import paragraph


def draw_notice(
    layout: bpy.types.UILayout, context: bpy.types.Context, blocker: Blocker | None
) -> None:
    """What has to be arranged once, with the means to do it."""
    if blocker is None or blocker.need not in {Need.KEY, Need.ONLINE}:
        return
    if blocker.need is Need.KEY:
        draw_first_steps(layout, context, blocker.message)
        return
    box = layout.box()
    paragraph(box, context, blocker.message, icon="INFO", indent=0.5)
    box.operator(ids.OperatorId.SHOW_ONLINE_ACCESS)


def draw_form(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: Draft,
    panel: str,
) -> None:
    """What the request starts from, then its settings, then the rare ones in a part to open.

    ``panel`` names the panel: each remembers on its own whether that part is open.
    """
    sources, common, advanced = sort_fields(draft)
    column = settings_layout(layout)
    draw_fields(column, context, settings, draft, [*sources, *common])
    draw_name(column, context, draft)
    draw_advanced(layout, context, settings, draft, advanced, panel)


def draw_name(layout: bpy.types.UILayout, context: bpy.types.Context, draft: Draft) -> None:
    """What the result is called; where it stays empty, the name it gets by itself."""
    operation = draft.operation
    usual = names.subject(operation, draft.values) or translate(names.noun(operation))
    settings_layout(layout).prop(
        interface_state_of(context).order_names,
        form_of(operation.group).identifier,
        placeholder=usual,
    )


def sort_fields(draft: Draft) -> tuple[list[Field], list[Field], list[Field]]:
    """What the request starts from, its common settings, and its rare ones."""
    fields = draft.offered_fields()
    sources = [field for field in fields if _is_start(field, draft)]
    others = [field for field in fields if field not in sources]
    return (
        sources,
        [field for field in others if not field.advanced],
        [field for field in others if field.advanced],
    )


def _is_start(field: Field, draft: Draft) -> bool:
    """Where it is no more than an addition in this mode, a source is a setting like others."""
    return field.source is not None and (field.source == draft.mode or field.required)


def draw_advanced(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: Draft,
    fields: list[Field],
    panel: str,
) -> None:
    """Rare settings, closed until somebody looks for them; nothing where there are none."""
    if not fields:
        return
    header, body = layout.panel(f"{panel}_advanced", default_closed=True)
    header.label(text="Advanced")
    if body is not None:
        draw_fields(settings_layout(body), context, settings, draft, fields)


def draw_fields(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: Draft,
    fields: list[Field],
    pictures: bpy.types.PropertyGroup | None = None,
) -> None:
    """The given fields, in order; ``pictures`` as in ``home_of``."""
    for field in fields:
        home = home_of(settings, draft.operation, field, pictures)
        draw_field(layout, context, home, field, draft)


def draw_price(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    current: snapshot.Snapshot,
    price: Estimate,
    blocker: Blocker | None,
) -> None:
    """The price beside the balance, and below it what the price is made of or what is wrong."""
    column = layout.column(align=True)
    row = column.row(align=True)
    words = preflight.price_words(current, price)
    paragraph(row, context, words, indent=BUTTON_UNITS, translate=False)
    row.operator(ids.OperatorId.CHECK_CONNECTION, text="", icon="FILE_REFRESH", emboss=False)
    wrong = blocker is not None and blocker.need in {Need.SETTINGS, Need.CREDITS}
    text = blocker.message if blocker is not None and wrong else preflight.price_parts(price)
    paragraph(column, context, text)


BUTTON_UNITS: Final = 1.0
"""Width of a button that is no more than an icon, in widgets."""


def draw_button(layout: bpy.types.UILayout, operator: str, text: str) -> None:
    """The button the panel is for."""
    button = layout.row()
    button.scale_y = 1.5
    button.operator(operator, text=text)
