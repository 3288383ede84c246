"""The gallery of a round of candidates, in the sidebar and large, and what is done with them."""

from collections.abc import Sequence
from typing import Final

import bpy

from ...catalog import Estimate
from ...catalog.validation import grouped
from ..core import ids
from ..core.access import call_with
from ..core.rna_enums import Icon
from ..core.translation import translate
from ..runtime import picked_pictures, preflight
from ..settings.candidate_drafts import candidate_drafts, model_draft, model_drafts
from ..settings.draft import Draft
from ..settings.properties import SceneSettings
from ..snapshot.snapshot import Snapshot
from .candidate_rounds import Round, all_pictures
from .picture_actions import MENU_ICON, PICTURE_UNITS, draw_picture
from .text import is_narrow, paragraph

COLUMNS: Final = 2


def way_words(settings: SceneSettings) -> str:
    """What the whole way costs, such as ``4 pictures 20, then 1 model 60 …``, before any click."""
    pictures, draft = preflight.estimate_of_all(candidate_drafts(settings)), model_draft(settings)
    model = draft.estimate()
    engine = translate(draft.operation.label)
    if not (pictures.is_known and model.is_known):
        words = preflight.amount_words(model)
        return translate("Then 1 model with {engine}: {price}", engine=engine, price=words)
    parts = {
        "n": settings.candidates,
        "price": grouped(pictures.total),
        "model": grouped(model.total),
        "engine": engine,
        "sum": grouped(pictures.total + model.total),
    }
    if draft.cut_out is None:
        return translate(
            "{n} pictures {price}, then 1 model {model} with {engine}: {sum} credits", **parts
        )
    return translate(
        "{n} pictures {price}, then 1 model {model} with {engine} and without background: "
        "{sum} credits",
        **parts,
    )


def draw_round(
    layout: bpy.types.UILayout, context: bpy.types.Context, found: Sequence[Round], shown: Round
) -> None:
    """One round: which of them, what is still to come, its pictures, and the way to a larger look.

    ``found`` are all rounds.
    """
    _draw_head(layout, context, found, shown)
    draw_waiting(layout, context, shown)
    draw_cells(layout, shown.pictures, 1 if is_narrow(context) else COLUMNS, PICTURE_UNITS)
    if shown.pictures:
        call_with(
            layout.operator(
                ids.OperatorId.SHOW_CANDIDATES, text="Show Large…", icon="FULLSCREEN_ENTER"
            ),
            round=shown.id,
        )


def _draw_head(
    layout: bpy.types.UILayout, context: bpy.types.Context, found: Sequence[Round], shown: Round
) -> None:
    """The name of the round between those of before and after it."""
    line = layout.row(align=True)
    at = [one.id for one in found].index(shown.id)
    buttons = 2 if len(found) > 1 else 0
    if buttons:
        _draw_step(line, found, at - 1, icon="TRIA_LEFT")
    title = translate(shown.rows[0].title)
    paragraph(line.column(), context, title, indent=float(buttons), translate=False)
    if buttons:
        _draw_step(line, found, at + 1, icon="TRIA_RIGHT")


def _draw_step(layout: bpy.types.UILayout, found: Sequence[Round], to: int, *, icon: Icon) -> None:
    button = layout.row()
    button.enabled = 0 <= to < len(found)
    wanted = found[to].id if button.enabled else ""
    call_with(
        button.operator(ids.OperatorId.SHOW_ROUND, text="", icon=icon, emboss=False), round=wanted
    )


def draw_waiting(layout: bpy.types.UILayout, context: bpy.types.Context, shown: Round) -> None:
    """What is still to come, and what went wrong, in its place."""
    for row in shown.under_way:
        text = translate(row.text)
        if row.fraction is None:
            layout.label(text=text, translate=False)
        else:
            layout.progress(text=text, factor=row.fraction)
    for row in shown.without_result:
        failure = row.job.failure
        words = row.text if failure is None else failure.message
        more = () if failure is None else (failure.credits,)
        paragraph(layout, context, translate(words, *more), icon="ERROR", translate=False)


def draw_cells(
    layout: bpy.types.UILayout, pictures: Sequence[str], columns: int, units: float
) -> None:
    """The pictures, each with a switch that picks it and what else can be done with it."""
    for start in range(0, len(pictures), columns):
        line = layout.split(factor=1 / columns) if columns > 1 else layout.column()
        for picture in pictures[start : start + columns]:
            _draw_cell(line.column(align=True), picture, units)


def _draw_cell(layout: bpy.types.UILayout, picture: str, units: float) -> None:
    draw_picture(layout, picture, units)
    line = layout.row(align=True)
    picked = picked_pictures.is_picked(picture)
    call_with(
        line.operator(
            ids.OperatorId.PICK_CANDIDATE,
            text=translate("Picked") if picked else translate("Pick"),
            translate=False,
            icon="CHECKBOX_HLT" if picked else "CHECKBOX_DEHLT",
            depress=picked,
        ),
        picture=picture,
    )
    call_with(
        line.operator(ids.OperatorId.MORE_LIKE_THIS, text="", icon="IMAGE_REFERENCE"),
        picture=picture,
    )
    call_with(line.operator(ids.OperatorId.PICTURE_MENU, text="", icon=MENU_ICON), picture=picture)


def draw_to_3d(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    current: Snapshot,
) -> None:
    """What models of the picked pictures cost, and the button that orders them."""
    picked = picked_pictures.among(all_pictures(current))
    if not picked:
        paragraph(layout, context, "Pick one or several pictures to make models of.")
        return
    drafts = model_drafts(settings, picked)
    paragraph(layout, context, model_words(drafts), translate=False)
    button = layout.row()
    button.scale_y = 1.5
    if len(picked) == 1:
        button.operator(ids.OperatorId.CANDIDATES_TO_3D, text="Make Model…")
    else:
        button.operator(ids.OperatorId.CANDIDATES_TO_3D)


def model_words(drafts: Sequence[Draft]) -> str:
    """How many models there are to be, for what and by which engine."""
    price: Estimate = preflight.estimate_of_all(drafts)
    engine = translate(drafts[0].operation.label)
    amount = preflight.amount_words(price)
    if len(drafts) == 1:
        return translate("1 model with {engine}: {price}", engine=engine, price=amount)
    return translate(
        "{n} models with {engine}: {price}", n=len(drafts), engine=engine, price=amount
    )
