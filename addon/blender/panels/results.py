"""The panel with all results there are, to bring in again at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import bpy

from ...jobs import figures_table
from ...jobs.states import State
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.translation import translate
from ..settings import job_choices
from ..settings.interface_state import interface_state_of
from ..settings.result_filter import ALL
from ..snapshot import snapshot
from ..widgets import job_details, picture_results, previews
from ..widgets.base import SidebarPanel
from ..widgets.text import is_narrow, paragraph
from .jobs import MENU_ICON

if TYPE_CHECKING:
    from ..snapshot.snapshot import JobRow, ResultsPage


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
        results = snapshot.current().results
        narrowed = _draw_filters(layout, context)
        if not results.rows:
            layout.label(text="Nothing found" if narrowed else "No results yet")
            return
        columns = 1 if is_narrow(context) else COLUMNS
        for start in range(0, len(results.rows), columns):
            # Parts of the same width, also where the last one is empty.
            parts = layout.split(factor=1 / columns) if columns > 1 else layout
            for row in results.rows[start : start + columns]:
                _draw_result(parts.column(align=True), context, row, 1 / columns)
        if results.pages > 1:
            _draw_pages(layout, results)
        layout.operator(ids.OperatorId.CLEAN_UP)


def _draw_filters(layout: bpy.types.UILayout, context: bpy.types.Context) -> bool:
    """Search, kind and engine; returns whether any of them leaves something out."""
    state = interface_state_of(context)
    column = layout.column(align=True)
    column.prop(state, "results_filter", text="", icon="VIEWZOOM", placeholder="Search")
    row = column.row(align=True)
    row.prop(state, "results_kind", text="")
    row.prop(state, "results_engine", text="")
    return bool(state.results_filter) or {state.results_kind, state.results_engine} != {ALL}


def _draw_result(
    layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow, share: float
) -> None:
    layout.template_icon(icon_value=previews.of_result(row.thumbnail), scale=PREVIEW_UNITS)
    paragraph(layout, context, translate(row.title), share=share, translate=False)
    saved = job_details.saved_words(row.job)
    if saved:
        words = translate("Saved as {path}", path=saved)
        paragraph(layout, context, words, share=share, translate=False)
    line = layout.row(align=True)
    if job_choices.can_place(row.job):
        call_with(line.operator(ids.OperatorId.PLACE, text="Import"), job_id=row.job.id)
        button = line.operator(ids.OperatorId.PLACE_BY_CLICK, text="", icon="RESTRICT_SELECT_OFF")
        call_with(button, job_id=row.job.id)
    elif row.job.is_kept or saved:
        call_with(line.operator(ids.OperatorId.OPEN_JOB_FOLDER), job_id=row.job.id)
    elif job_choices.retry_state(row.job) is State.PREPARING:
        call_with(line.operator(ids.OperatorId.RETRY, text="Prepare"), job_id=row.job.id)
    elif picture_results.has_pictures(row.job):
        call_with(line.operator(ids.OperatorId.SHOW_PICTURES, text="Open"), job_id=row.job.id)
    elif figures_table.of_job(row.job) is not None:
        call_with(line.operator(ids.OperatorId.COPY_FIGURES), job_id=row.job.id)
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
