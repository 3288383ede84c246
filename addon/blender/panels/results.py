"""The panel with all results there are, to bring in again at any time."""

from typing import Final

import bpy

from ...jobs.states import State
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.translation import translate
from ..settings import job_choices
from ..settings.interface_state import interface_state_of
from ..snapshot import snapshot
from ..snapshot.snapshot import JobRow, ResultsPage
from ..widgets import previews
from ..widgets.base import SidebarPanel
from ..widgets.picture_results import has_pictures
from ..widgets.text import paragraph
from .jobs import MENU_ICON

PREVIEW_UNITS: Final = 5.0
"""Height of a result's picture, in widgets."""

COLUMNS: Final = 2


class STUDIO3D_PT_results(SidebarPanel):
    """Results of the past with their pictures, newest first."""

    bl_idname = ids.PanelId.RESULTS
    bl_label = "Results"
    bl_order = 11
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = layout_of(self)
        state = interface_state_of(context)
        results = snapshot.current().results
        layout.prop(state, "results_filter", text="", icon="VIEWZOOM", placeholder="Filter")
        if not results.rows:
            empty = layout.row()
            empty.active = False
            empty.label(text="Nothing found" if state.results_filter else "No results yet")
            return
        for start in range(0, len(results.rows), COLUMNS):
            # Two halves of the same width, also where the last one is empty.
            halves = layout.split(factor=1 / COLUMNS)
            for row in results.rows[start : start + COLUMNS]:
                _draw_result(halves.column(align=True), context, row)
        if results.pages > 1:
            _draw_pages(layout, results)
        layout.operator(ids.OperatorId.CLEAN_UP, text="Clean Up…")


def _draw_result(layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow) -> None:
    layout.template_icon(icon_value=previews.of_result(row.thumbnail), scale=PREVIEW_UNITS)
    paragraph(layout, context, row.job.name, share=1 / COLUMNS, translate=False)
    line = layout.row(align=True)
    if job_choices.can_place(row.job):
        call_with(line.operator(ids.OperatorId.PLACE, text="Import"), job_id=row.job.id)
    elif row.job.is_kept:
        call_with(line.operator(ids.OperatorId.OPEN_JOB_FOLDER), job_id=row.job.id)
    elif job_choices.retry_state(row.job) is State.PREPARING:
        call_with(line.operator(ids.OperatorId.RETRY, text="Prepare"), job_id=row.job.id)
    elif has_pictures(row.job):
        call_with(line.operator(ids.OperatorId.SHOW_PICTURES, text="Open"), job_id=row.job.id)
    call_with(line.operator(ids.OperatorId.JOB_MENU, text="", icon=MENU_ICON), job_id=row.job.id)


def _draw_pages(layout: bpy.types.UILayout, results: ResultsPage) -> None:
    line = layout.row(align=True)
    back = line.row()
    back.enabled = results.page > 1
    call_with(back.operator(ids.OperatorId.RESULTS_PAGE, text="", icon="TRIA_LEFT"), step=-1)
    words = line.row()
    words.alignment = "CENTER"
    text = translate("{page} of {pages}", page=results.page, pages=results.pages)
    words.label(text=text, translate=False)
    on = line.row()
    on.enabled = results.page < results.pages
    call_with(on.operator(ids.OperatorId.RESULTS_PAGE, text="", icon="TRIA_RIGHT"), step=1)


CLASSES = (STUDIO3D_PT_results,)
