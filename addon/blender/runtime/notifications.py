"""What ended while the artist looked elsewhere.

The watch calls ``look`` at every look; each job that ended since is told once, in one line of the
status bar. Until the sidebar's tab is in sight, or the list of jobs was opened, the status bar
also counts them. Popups would take the keyboard from whoever is at work, so there are none.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final, NamedTuple

import bpy

from ...jobs import results
from ...jobs.states import ACTIVE, State
from ..core import ids, memory, ticker
from ..core.access import window_manager_of
from ..core.memory import Part
from ..core.translation import translate
from ..snapshot import snapshot

RESULTS: Final = frozenset({State.READY, State.PLACED})
SIGHT_SECONDS: Final = 1.0
"""Between two looks whether the tab is in sight."""
MOST: Final = 10
"""Lines kept for somebody to report them; in scripts nobody does."""


class Line(NamedTuple):
    """One line to report."""

    text: str
    is_trouble: bool


class _News(Part):
    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.unread: frozenset[str] = frozenset()
        self.lines: deque[Line] = deque(maxlen=MOST)


def _news() -> _News:
    return memory.of(_News)


def look(current: snapshot.Snapshot, placed: str | None) -> None:
    """Note what ended since the last look; ``placed`` is the job just placed without a click."""
    news = _news()
    before, news.states = news.states, {row.job.id: row.job.state for row in current.rows}
    if news.states != before or placed is not None:
        for row in current.rows:
            now = row.job.state
            ended = now not in ACTIVE and now is not State.ABANDONED
            if (ended and before.get(row.job.id) in ACTIVE) or row.job.id == placed:
                news.lines.append(_line(row))
                news.unread |= {row.job.id}
    _show(frozenset() if tab_in_sight() else news.unread & frozenset(news.states))


def _line(row: snapshot.JobRow) -> Line:
    job, name = row.job, translate(row.title)
    if job.state is State.PLACED and row.remark:
        return Line(f"{name}: {translate(row.remark)}", is_trouble=False)
    if job.state is State.PLACED:
        return Line(translate("{name}: placed in the scene", name=name), is_trouble=False)
    saved = results.saved_as(job) if job.state is State.READY and job.files else None
    if saved is not None:
        words = translate("{name}: saved as {path}", name=name, path=saved)
        return Line(words, is_trouble=False)
    if job.state is State.READY and job.failure is None:
        words = translate("{name}: the result is ready", name=name)
        return Line(
            f"{words}. {translate(row.waiting)}" if row.waiting else words, is_trouble=False
        )
    words = translate(row.text if job.failure is None else job.failure.message)
    return Line(f"{name}: {words}", is_trouble=not job.is_kept)


def take() -> list[Line]:
    """The lines not reported yet, oldest first."""
    waiting = _news().lines
    lines = list(waiting)
    waiting.clear()
    return lines


def read() -> None:
    """The artist has seen the list of jobs."""
    _show(frozenset())


def tab_in_sight() -> bool:
    """Whether a window shows the sidebar with our tab in front."""
    return any(
        region.type == "UI" and region.width > 1 and _tab_of(region) == ids.TAB
        for window in window_manager_of(bpy.context).windows
        for area in window.screen.areas
        if area.type == "VIEW_3D"
        for region in area.regions
    )


def _tab_of(region: bpy.types.Region) -> str | None:
    return region.active_panel_category  # any add-on can have one, so the stubs know none


def _show(unread: frozenset[str]) -> None:
    _news().unread = unread
    if unread != snapshot.current().unread:
        snapshot.publish(replace(snapshot.current(), unread=unread))
    if unread:
        ticker.call(look_for_tab, after=SIGHT_SECONDS)


def look_for_tab() -> float | None:
    """For the ticker: opening the sidebar reads the news. Blender tells nobody that it opens."""
    if tab_in_sight():
        read()
    return SIGHT_SECONDS if _news().unread else None


def followed() -> frozenset[str]:
    """Ids of the jobs whose end is to be told, or was and has not been seen."""
    news = _news()
    return news.unread | {job_id for job_id, state in news.states.items() if state in ACTIVE}


def unread() -> frozenset[str]:
    """Ids of the jobs that ended unseen."""
    return _news().unread
