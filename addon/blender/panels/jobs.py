"""The panel that lists jobs: what became of each, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import bpy

from ...catalog.messages import Message
from ...catalog.validation import grouped
from ...jobs import chains
from ...jobs.states import ACTIVE, ENDED, State
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.rna_enums import Icon
from ..core.translation import translate
from ..settings import job_choices
from ..settings.interface_state import interface_state_of
from ..snapshot import snapshot
from ..widgets import job_details, job_times, money, previews
from ..widgets.base import SidebarPanel
from ..widgets.text import POPUP_UNITS, is_narrow, lines_in_window, paragraph

if TYPE_CHECKING:
    from ..snapshot.snapshot import Entry, JobRow, Snapshot


MOST_ENDED: Final = 12
"""How many orders that are over are listed until the user asks for all."""

LINES_OF_ENTRY: Final = 5
LINES_BESIDE: Final = 8
"""Widgets that an order takes in the popup, and what lies above and below the list."""

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
        if any(one.is_open and one.row.job.state in ENDED for one in snapshot.current().entries):
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
        layout.label(text="Jobs")
        draw_newest(layout, context)


def draw_list(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Troubles, then what is under way or waits for a decision; the rest is among the results."""
    current = snapshot.current()
    _draw_troubles(layout, context, current)
    entries = [one for one in current.entries if one.is_open]
    if not entries:
        known = bool(current.rows) or current.results.total > 0
        layout.label(text="Nothing under way" if known else "Nothing generated yet")
    shown = _shown(entries, show_all=interface_state_of(context).show_all_jobs)
    now = time.time()
    _draw_entries(layout, context, shown, now)
    if len(shown) < len(entries) or interface_state_of(context).show_all_jobs:
        layout.prop(interface_state_of(context), "show_all_jobs")
    month = money.month_words(current.month)
    if month:
        paragraph(layout, context, month)


def draw_newest(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """The newest orders, whatever became of them: as many as are in sight at once.

    Blender opens a popup that is too tall at its end, which would be the oldest of them.
    """
    current = snapshot.current()
    _draw_troubles(layout, context, current)
    if not current.entries:
        layout.label(text="Nothing generated yet")
    room = max((lines_in_window(context) - LINES_BESIDE) // LINES_OF_ENTRY, 2)
    now = time.time()
    _draw_entries(layout, context, current.entries[:room], now)
    more = len(current.entries) - room
    if more > 0:
        text = translate("{n} more in the sidebar, under Jobs and Results", n=more)
        paragraph(layout, context, text, translate=False)


def _draw_troubles(
    layout: bpy.types.UILayout, context: bpy.types.Context, current: Snapshot
) -> None:
    for text in (current.worker_message, current.message, current.comparison_trouble):
        if text:
            paragraph(layout, context, text, icon="ERROR")


def _shown(entries: Sequence[Entry], *, show_all: bool) -> list[Entry]:
    """All of them, or the newest and every one that still goes on or waits."""
    wanted = ACTIVE | {State.READY, State.UNKNOWN}
    return [
        entry
        for place, entry in enumerate(entries)
        if show_all or place < MOST_ENDED or entry.row.job.state in wanted
    ]


def _draw_entries(
    layout: bpy.types.UILayout, context: bpy.types.Context, entries: Sequence[Entry], now: float
) -> None:
    """A box for each order; for all of one wish together, where the newest of them stands."""
    wishes: dict[str, list[Entry]] = {}
    for entry in entries:
        wishes.setdefault(entry.alternative or entry.jobs[-1].job.id, []).append(entry)
    for wish in wishes.values():
        box = layout.box()
        if len(wish) > 1:
            _draw_wish(box, context, wish)
        for entry in reversed(wish):  # as they were asked for
            _draw_entry(box, context, entry, now)
        here = [entry for entry in wish if entry.row.is_to_choose]
        if len(here) > 1:
            job_id = here[0].row.job.id
            call_with(box.operator(ids.OperatorId.KEEP_ALL_ALTERNATIVES), job_id=job_id)


def _draw_wish(
    layout: bpy.types.UILayout, context: bpy.types.Context, wish: Sequence[Entry]
) -> None:
    """How many results there are to choose from, and what they cost together."""
    price = money.order_words([row.job for entry in wish for row in entry.jobs])
    words = translate("{n} results to choose from, {price}", n=len(wish), price=price)
    paragraph(layout, context, words, indent=INDENT, translate=False)
    jobs = [entry.jobs[-1].job for entry in wish]
    if snapshot.current().comparison == wish[0].alternative:
        layout.label(text="Rendering the comparison", icon="RENDER_STILL")
    elif sum(job.prepared is not None for job in jobs) > 1:
        call_with(
            layout.operator(ids.OperatorId.RENDER_COMPARISON, text="Render Comparison…"),
            job_id=jobs[0].id,
        )


def _draw_entry(
    layout: bpy.types.UILayout, context: bpy.types.Context, entry: Entry, now: float
) -> None:
    row = entry.row
    line = layout.row()
    icon = 0 if is_narrow(context) else previews.icon_of(entry.jobs[-1].thumbnail)
    if icon:
        place = line.column()
        place.ui_units_x = THUMBNAIL_UNITS
        place.template_icon(icon_value=icon, scale=THUMBNAIL_UNITS)
    indent = INDENT + (THUMBNAIL_UNITS + THUMBNAIL_GAP if icon else 0.0)
    column = line.column(align=True)
    head = column.row(align=True)
    title = translate(entry.title)
    is_gone = row.job.state is State.PLACED and not row.is_here
    state_icon = "BLANK1" if is_gone else ICONS.get(row.job.state, "NONE")
    paragraph(head.column(), context, title, icon=state_icon, indent=indent + 1, translate=False)
    _draw_end_button(head, entry)
    if row.job.state in ACTIVE:
        _draw_progress(column, context, row, now)
    _draw_facts(column, context, entry, indent)
    for number, step in enumerate(entry.steps, start=1):
        _draw_step(column, context, step, number, indent)
    explanation = _explanation(row)
    if explanation:
        paragraph(column, context, explanation, indent=indent)
    _draw_decision(column, row)
    if job_choices.best_without([one.job for one in entry.jobs]) is not None:
        call_with(column.operator(ids.OperatorId.FINISH_WITHOUT), job_id=row.job.id)


THUMBNAIL_UNITS: Final = 2.5
"""Side of a result's picture, in widgets."""

THUMBNAIL_GAP: Final = 0.5
"""What lies between it and the words."""

INDENT: Final = 0.5
"""What a box takes from the width, in widget units."""


def _draw_progress(
    layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow, now: float
) -> None:
    text = translate(row.text)
    if not is_narrow(context):  # else the bar would cut it off
        text = f"{text}  {job_times.progress_time(row.job, now)}"
    if row.fraction is None:
        layout.label(text=text, translate=False)
    else:
        layout.progress(text=text, factor=row.fraction)


def _draw_facts(
    layout: bpy.types.UILayout, context: bpy.types.Context, entry: Entry, indent: float
) -> None:
    """One line: what was ordered, for how much; and how it ended, with what can be done."""
    row = entry.row
    actions = [] if row.job.state in ACTIVE else _small_actions(row)
    line = layout.row(align=True)
    paragraph(
        line.column(),
        context,
        facts(entry),
        indent=indent + len(actions) + 1,
        translate=False,
    )
    for operator, icon in actions:
        _button(line, operator, row, icon=icon)
    _button(line, ids.OperatorId.JOB_MENU, entry.jobs[-1], icon=MENU_ICON)


MENU_ICON: Final[Icon] = "DOWNARROW_HLT"


def facts(entry: Entry) -> str:
    """What is made by what, or how that ended and how long it took; and what it costs."""
    row = entry.row
    made_by = chains.place_words(row.job) or row.label
    parts = [translate(made_by if row.job.state in ACTIVE else row.text)]
    if row.job.finished_at is not None and row.job.state not in ACTIVE:
        parts.append(job_times.duration(row.job.finished_at - row.job.created_at))
    parts.append(money.order_words([one.job for one in entry.jobs]))
    prepared = entry.jobs[-1].job.prepared
    if prepared is not None and row.is_to_choose:  # what else there is to choose by
        parts.append(translate("{n} triangles", n=grouped(prepared.triangles)))
        if side := prepared.figures.get("texture_size"):
            parts.append(translate("{n} px", n=grouped(side)))
    return ", ".join(parts)


def _draw_step(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    step: JobRow,
    number: int,
    indent: float,
) -> None:
    """A step of the order: what became of it, and its own result where that is there."""
    line = layout.row(align=True)
    words = f"{number}. {translate(step.label)}: {translate(step.text)}"
    has_result = job_choices.can_place(step.job)
    paragraph(line.column(), context, words, indent=indent + has_result, translate=False)
    if has_result:
        _button(line, ids.OperatorId.PLACE, step, icon="IMPORT")


def _small_actions(row: JobRow) -> list[tuple[ids.OperatorId, Icon]]:
    """What can be done with an ended job besides removing it, as icons."""
    if row.is_to_choose:
        return [(ids.OperatorId.FRAME, "VIEWZOOM")]
    if job_choices.can_place(row.job) and row.job.state is State.PLACED:
        frame: list[tuple[ids.OperatorId, Icon]] = [(ids.OperatorId.FRAME, "VIEWZOOM")]
        return [*(frame if row.is_here else []), (ids.OperatorId.PLACE, "IMPORT")]
    if row.job.state in HAVE_BUTTON and not row.job.is_kept:
        return []
    if can_be_awaited(row):
        return []
    if job_choices.retry_state(row.job) is not None:
        return [(ids.OperatorId.RETRY, "FILE_REFRESH")]
    return []


def can_be_awaited(row: JobRow) -> bool:
    """Whether the user stopped waiting for something that goes on at the service."""
    stopped = row.job.state is State.ABANDONED
    return stopped and job_choices.retry_state(row.job) is State.PENDING


HAVE_BUTTON: Final = frozenset({State.READY, State.UNKNOWN})
"""States whose next step is a wide button instead; a result that is kept has one as well."""


def _explanation(row: JobRow) -> str:
    """Why it is not in the scene yet, or how it is; what went wrong and what to do next."""
    failure, prepared = row.job.failure, row.job.prepared
    saved = job_details.saved_words(row.job)
    texts: list[str] = [Message("Saved as {path}", path=saved)] if saved else []
    texts += [row.waiting, row.remark, *(text for f in row.job.files for text in f.left_out)]
    if prepared is not None:
        texts += prepared.left_out
    if failure is not None:
        texts += [failure.message, failure.hint, failure.credits]
    return translate(*dict.fromkeys(texts))


def _draw_end_button(layout: bpy.types.UILayout, entry: Entry) -> None:
    """What ends the order, or its place in the list, at the right end of its first line."""
    if any(job_choices.can_cancel(row.job) for row in entry.jobs):
        _button(layout, ids.OperatorId.CANCEL, entry.row, icon="X")
    elif all(job_choices.can_remove(row.job) for row in entry.jobs):
        _button(layout, ids.OperatorId.REMOVE, entry.row, icon="X")


def _button(
    layout: bpy.types.UILayout, operator: ids.OperatorId, row: JobRow, *, icon: Icon
) -> None:
    call_with(layout.operator(operator, text="", icon=icon, emboss=False), job_id=row.job.id)


def _draw_decision(layout: bpy.types.UILayout, row: JobRow) -> None:
    """A wide button where the job waits for the user."""
    state = row.job.state
    if row.is_to_choose:
        call_with(layout.operator(ids.OperatorId.KEEP_ALTERNATIVE), job_id=row.job.id)
    elif state is State.READY and job_choices.can_place(row.job):
        call_with(layout.operator(ids.OperatorId.PLACE, text="Import"), job_id=row.job.id)
        if row.job.keeps_place and row.job.failure is not None:
            call_with(layout.operator(ids.OperatorId.IMPORT_AS_NEW), job_id=row.job.id)
    elif row.job.is_kept:
        line = layout.row(align=True)
        call_with(line.operator(ids.OperatorId.OPEN_JOB_FOLDER), job_id=row.job.id)
        if job_choices.conversion(row.job) is not None:
            call_with(line.operator(ids.OperatorId.CONVERT_KEPT), job_id=row.job.id)
    elif state is State.READY and job_choices.retry_state(row.job) is not None:
        call_with(
            layout.operator(ids.OperatorId.RETRY, text="Prepare for Import"), job_id=row.job.id
        )
    elif state is State.UNKNOWN:
        call_with(layout.operator(ids.OperatorId.RETRY, text="Send Again…"), job_id=row.job.id)
    elif can_be_awaited(row):
        call_with(layout.operator(ids.OperatorId.RETRY, text="Keep Waiting"), job_id=row.job.id)


CLASSES = (STUDIO3D_PT_jobs, STUDIO3D_PT_jobs_popup)
