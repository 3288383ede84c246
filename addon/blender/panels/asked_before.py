"""The strip of what was asked before for an object or a prompt, and the seeds of the next round."""

from typing import TYPE_CHECKING, Final

import bpy

from ...catalog import Mode
from ...jobs import seeds, short_text
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.translation import translate
from ..settings import candidate_drafts as drafting
from ..settings import seed_lock
from ..settings.properties import SceneSettings, generate_draft, home_of, settings_of
from ..snapshot import snapshot
from ..widgets import asked_before as asking
from ..widgets import fields as field_rows
from ..widgets import previews
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.text import button_units, columns_of, paragraph

if TYPE_CHECKING:
    from ..settings.draft import Draft
    from ..snapshot.snapshot import JobRow

MOST: Final = 12
"""How many are shown; older ones are among the results."""

PICTURE_UNITS: Final = 4.5
"""Side of a picture, in widgets."""

USE: Final = "Use Again"

NAME_LENGTH: Final = 60
"""Characters of a prompt that are shown."""


class STUDIO3D_PT_asked_before(SidebarPanel):
    """Go back to what was asked before, and keep the seed of what was liked."""

    bl_idname = ids.PanelId.ASKED_BEFORE
    bl_label = "Asked Before"
    bl_order = 4
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        layout = layout_of(self)
        asked = asking.asked_before(context, settings, snapshot.current())
        if not asked.subject:
            paragraph(layout, context, "Select a result, or write a prompt.")
        elif not asked.rows:
            words = translate(
                "Nothing yet for {name}", name=short_text.shorten(asked.subject, NAME_LENGTH)
            )
            paragraph(layout, context, words, translate=False)
        else:
            paragraph(
                layout, context, short_text.shorten(asked.subject, NAME_LENGTH), translate=False
            )
            _draw_strip(layout, context, settings, asked.rows[:MOST])
        more = len(asked.rows) - MOST
        if more > 0:
            paragraph(layout, context, translate("{n} older among the results", n=more))
        _draw_next(layout, context, settings)


def _draw_strip(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    rows: "tuple[JobRow, ...]",
) -> None:
    columns = columns_of(context, max(PICTURE_UNITS, button_units(context, translate(USE))))
    for start in range(0, len(rows), columns):
        line = layout.split(factor=1 / columns) if columns > 1 else layout
        for number in range(start, start + columns):
            cell = line.column(align=True)
            if number < len(rows):
                _draw_asked(cell, context, settings, rows[number], 1 / columns)


def _draw_asked(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    row: "JobRow",
    share: float,
) -> None:
    """Its picture, the button that takes its settings over, and its seed."""
    layout.template_icon(icon_value=previews.of_result(row.thumbnail), scale=PICTURE_UNITS)
    paragraph(layout, context, translate(row.label), share=share, translate=False)
    call_with(layout.operator(ids.OperatorId.USE_ASKED, text=USE), job_id=row.job.id)
    known = seeds.known(row.job)
    if known:
        locked = seed_lock.is_locked(settings, row.job)
        call_with(
            layout.operator(
                ids.OperatorId.LOCK_SEED,
                text=translate("Seed {seed}", seed=", ".join(map(str, known.values()))),
                translate=False,
                icon="LOCKED" if locked else "UNLOCKED",
                depress=locked,
            ),
            job_id=row.job.id,
        )
    elif seed_lock.takes_seeds(row.job):
        paragraph(layout, context, "Seed not told", share=share)


def _draw_next(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: SceneSettings
) -> None:
    """The seeds of what is ordered next from the Generate and the Candidates panel."""
    layout.separator()
    layout.label(text="Seed of the Next Round")
    for draft in (generate_draft(settings), drafting.candidate_form(settings)):
        _draw_seeds(layout, context, settings, draft)


def _draw_seeds(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    draft: "Draft",
) -> None:
    engine = draft.operation
    fields = [field for field in draft.visible_fields() if field.is_seed]
    if not fields:
        words = translate("{engine} takes no seed", engine=translate(engine.label))
        paragraph(layout, context, words, translate=False)
        return
    line = layout.row(align=True)
    line.label(text=translate(engine.label), translate=False)
    call_with(
        line.operator(ids.OperatorId.NEW_SEED, text="", icon="FILE_REFRESH"),
        engine=engine.name,
        mode=(draft.mode or Mode.TEXT).value,
    )
    column = settings_layout(layout)
    for field in fields:
        field_rows.draw_field(column, context, home_of(settings, engine, field), field, draft)


CLASSES = (STUDIO3D_PT_asked_before,)
