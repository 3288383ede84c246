"""The panel that lists jobs: what became of each, and what can be done with it."""

import time
from collections.abc import Mapping
from typing import Final

import bpy

from ...jobs.states import ACTIVE, ENDED, State
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.rna_enums import Icon
from ..core.translation import translate
from ..settings import job_choices
from ..settings.interface_state import interface_state_of
from ..snapshot import snapshot
from ..snapshot.snapshot import JobRow, Snapshot
from ..widgets import previews
from ..widgets.base import SidebarPanel
from ..widgets.job_times import duration, progress_time
from ..widgets.money import charge_words, month_words
from ..widgets.text import POPUP_UNITS, paragraph

SHORT_LIST: Final = 8
"""How many jobs are listed until the user asks for all."""

ICONS: Final[Mapping[State, Icon]] = {
    State.READY: "CHECKMARK",
    State.PLACED: "CHECKMARK",
    State.FAILED: "ERROR",
    State.EXPIRED: "TIME",
    State.ABANDONED: "CANCEL",
    State.UNKNOWN: "QUESTION",
}


class STUDIO3D_PT_jobs(SidebarPanel):
    """Jobs under way and their results, newest first."""

    bl_idname = ids.PanelId.JOBS
    bl_label = "Jobs"
    bl_order = 10

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        if any(row.job.state in ENDED for row in snapshot.current().rows):
            layout_of(self).operator(
                ids.OperatorId.CLEAR_ENDED, text="", icon="TRASH", emboss=False
            )

    def draw(self, context: bpy.types.Context) -> None:
        draw_list(layout_of(self), context)


class STUDIO3D_PT_jobs_popup(bpy.types.Panel):
    """The same list from wherever it is asked for."""

    bl_idname = ids.PanelId.JOBS_POPUP
    bl_label = "Jobs"
    # Where Blender keeps panels that are only ever called.
    bl_space_type = "TOPBAR"
    bl_region_type = "HEADER"
    bl_ui_units_x = int(POPUP_UNITS)

    def draw(self, context: bpy.types.Context) -> None:
        layout = layout_of(self)
        layout.label(text=self.bl_label)
        draw_list(layout, context)


def draw_list(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Troubles, then the jobs."""
    current = snapshot.current()
    for text in _troubles(current):
        paragraph(layout, context, text, icon="ERROR")
    if not current.rows:
        empty = layout.row()
        empty.active = False
        has_results = current.results.total > 0
        empty.label(text="No jobs in the list" if has_results else "Nothing generated yet")
    shown = _shown(current, show_all=interface_state_of(context).show_all_jobs)
    now = time.time()
    for row in shown:
        _draw_job(layout.box(), context, row, now)
    if len(current.rows) > SHORT_LIST:
        layout.prop(interface_state_of(context), "show_all_jobs")
    month = month_words(current.month)
    if month:
        foot = layout.column()
        foot.active = False
        paragraph(foot, context, month)


def _troubles(current: Snapshot) -> list[str]:
    return [text for text in (current.worker_message, current.message) if text]


def _shown(current: Snapshot, *, show_all: bool) -> tuple[JobRow, ...]:
    """All jobs, or the newest and every one that still wants attention, in the list's order."""
    if show_all:
        return current.rows
    wanted = ACTIVE | {State.READY, State.UNKNOWN}
    return tuple(
        row
        for place, row in enumerate(current.rows)
        if place < SHORT_LIST or row.job.state in wanted
    )


def _draw_job(
    layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow, now: float
) -> None:
    job = row.job
    icon = previews.icon_of(row.thumbnail)
    line = layout.row()
    if icon:
        place = line.column()
        place.ui_units_x = THUMBNAIL_UNITS
        place.template_icon(icon_value=icon, scale=THUMBNAIL_UNITS)
    indent = INDENT + (THUMBNAIL_UNITS + THUMBNAIL_GAP if icon else 0.0)
    column = line.column(align=True)
    head = column.row(align=True)
    name = head.column()
    is_gone = job.state is State.PLACED and not row.is_here
    state_icon = "BLANK1" if is_gone else ICONS.get(job.state, "NONE")
    paragraph(name, context, job.name, icon=state_icon, indent=indent + 1, translate=False)
    _draw_end_button(head, row)
    if job.state in ACTIVE:
        _draw_progress(column, context, row, now)
    else:
        _draw_ended(column, context, row, indent)
    explanation = _explanation(row)
    if explanation:
        paragraph(column, context, explanation, indent=indent)
    _draw_decision(column, row)


THUMBNAIL_UNITS: Final = 2.5
"""Side of a result's picture, in widgets."""

THUMBNAIL_GAP: Final = 0.5
"""What lies between it and the words."""

INDENT: Final = 0.5
"""What a box takes from the width, in widget units."""


def _draw_progress(
    layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow, now: float
) -> None:
    text = f"{translate(row.text)}  {progress_time(row.job, now)}"
    if row.fraction is None:
        line = layout.row()
        line.active = False
        line.label(text=text, translate=False)
    else:
        layout.progress(text=text, factor=row.fraction)
    what = layout.column()
    what.active = False
    paragraph(what, context, f"{translate(row.label)}, {charge_words(row.job)}", indent=INDENT)


def _draw_ended(
    layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow, indent: float
) -> None:
    actions = [*_small_actions(row), (ids.OperatorId.JOB_MENU, MENU_ICON)]
    line = layout.row(align=True)
    words = line.column()
    words.active = False
    paragraph(words, context, ended_text(row), indent=indent + len(actions))
    for operator, icon in actions:
        _button(line, operator, row, icon=icon)


MENU_ICON: Final[Icon] = "DOWNARROW_HLT"


def ended_text(row: JobRow) -> str:
    """How it ended, by what, how long it took and what it cost."""
    parts = [translate(row.text), translate(row.label)]
    if row.job.finished_at is not None:
        parts.append(duration(row.job.finished_at - row.job.created_at))
    parts.append(charge_words(row.job))
    return ", ".join(parts)


def _small_actions(row: JobRow) -> list[tuple[ids.OperatorId, Icon]]:
    """What can be done with an ended job besides removing it, as icons."""
    if job_choices.can_place(row.job) and row.job.state is State.PLACED:
        frame: list[tuple[ids.OperatorId, Icon]] = [(ids.OperatorId.FRAME, "VIEWZOOM")]
        return [*(frame if row.is_here else []), (ids.OperatorId.PLACE, "IMPORT")]
    if row.job.state in HAVE_BUTTON and not row.job.is_kept:
        return []
    if job_choices.retry_state(row.job) is not None:
        return [(ids.OperatorId.RETRY, "FILE_REFRESH")]
    return []


HAVE_BUTTON: Final = frozenset({State.READY, State.UNKNOWN})
"""States whose next step is a wide button instead; a result that is kept has one as well."""


def _explanation(row: JobRow) -> str:
    """Why it is not in the scene yet, or how it is; what went wrong and what to do next."""
    failure, prepared = row.job.failure, row.job.prepared
    texts = [row.waiting, row.remark, *(text for f in row.job.files for text in f.left_out)]
    if prepared is not None:
        texts += prepared.left_out
    if failure is not None:
        texts += [failure.message, failure.hint, failure.credits]
    return translate(*dict.fromkeys(texts))


def _draw_end_button(layout: bpy.types.UILayout, row: JobRow) -> None:
    """What ends the job, or its place in the list, at the right end of its first line."""
    if job_choices.can_cancel(row.job):
        _button(layout, ids.OperatorId.CANCEL, row, icon="X")
    elif job_choices.can_remove(row.job):
        _button(layout, ids.OperatorId.REMOVE, row, icon="X")


def _button(
    layout: bpy.types.UILayout, operator: ids.OperatorId, row: JobRow, *, icon: Icon
) -> None:
    call_with(layout.operator(operator, text="", icon=icon, emboss=False), job_id=row.job.id)


def _draw_decision(layout: bpy.types.UILayout, row: JobRow) -> None:
    """A wide button where the job waits for the user."""
    state = row.job.state
    if state is State.READY and job_choices.can_place(row.job):
        call_with(layout.operator(ids.OperatorId.PLACE, text="Import"), job_id=row.job.id)
        if row.job.keeps_place and row.job.failure is not None:
            call_with(layout.operator(ids.OperatorId.IMPORT_AS_NEW), job_id=row.job.id)
    elif row.job.is_kept:
        line = layout.row(align=True)
        call_with(line.operator(ids.OperatorId.OPEN_JOB_FOLDER), job_id=row.job.id)
        if job_choices.conversion(row.job) is not None:
            call_with(
                line.operator(ids.OperatorId.CONVERT_KEPT, text="Convert…"), job_id=row.job.id
            )
    elif state is State.READY and job_choices.retry_state(row.job) is not None:
        call_with(
            layout.operator(ids.OperatorId.RETRY, text="Prepare for Import"), job_id=row.job.id
        )
    elif state is State.UNKNOWN:
        call_with(layout.operator(ids.OperatorId.RETRY, text="Send Again…"), job_id=row.job.id)


CLASSES = (STUDIO3D_PT_jobs, STUDIO3D_PT_jobs_popup)
