"""Our part of Blender's status bar: what is under way, and what ended unseen. Only reads."""

from __future__ import annotations

from typing import Any, Final

import bpy

from ...jobs import short_text
from ...jobs.states import ACTIVE
from ..core.ids import OperatorId
from ..core.translation import translate
from ..runtime import notifications
from ..snapshot import snapshot

BAR_UNITS: Final = 8.0
"""Width of the progress bar, in widgets."""
NAME: Final = 24
"""Characters of a job's name that are shown."""


def draw(header: Any, _context: bpy.types.Context) -> None:
    """At the right end; nothing while there is nothing to say."""
    current = snapshot.current()
    words = _words(current)
    if not words:
        return
    row = header.layout.row(align=True)
    icon = "NONE" if current.is_list_sound else "ERROR"
    row.operator(OperatorId.SHOW_JOBS, text=words, icon=icon, emboss=False, translate=False)
    furthest = _furthest(current)
    if furthest is None:
        return
    text, fraction = furthest
    if fraction is None:
        row.label(text=text, translate=False)
        return
    bar = row.row()
    bar.ui_units_x = BAR_UNITS
    bar.progress(text=text, factor=fraction)


def _words(current: snapshot.Snapshot) -> str:
    """What it is about, for example ``2 jobs``; with unseen ends, ``2 jobs, 1 result ready``."""
    trouble = "" if current.is_list_sound else translate("Trouble with the job list")
    parts = [trouble, _under_way(current), *_unseen(current)]
    return ", ".join(part for part in parts if part)


def _under_way(current: snapshot.Snapshot) -> str:
    active = [one for one in current.entries if one.row.job.state in ACTIVE]
    if len(active) > 1:
        return translate("{n} jobs", n=len(active))
    if active:
        return short_text.shorten(translate(active[0].title), NAME)
    return "" if current.side_views is None else current.side_views.name


def _unseen(current: snapshot.Snapshot) -> list[str]:
    states = [row.job.state for row in current.rows if row.job.id in current.unread]
    results = sum(state in notifications.RESULTS for state in states)
    others = len(states) - results
    words = []
    if results:
        words.append(
            translate("1 result ready")
            if results == 1
            else translate("{n} results ready", n=results)
        )
    if others:
        words.append(
            translate("1 job failed") if others == 1 else translate("{n} jobs failed", n=others)
        )
    return words


def _furthest(current: snapshot.Snapshot) -> tuple[str, float | None] | None:
    """What the job that is furthest is doing, and how far it is if that means anything."""
    active = [row for row in current.rows if row.job.state in ACTIVE]
    if active:
        furthest = max(active, key=lambda row: row.fraction or 0.0)
        return translate(furthest.text), furthest.fraction
    views = current.side_views
    return None if views is None else (views.words, views.done / views.of)
