"""Redraws of viewports for their boxes: never more of them than the view can do at ease.

A viewport draws its whole scene for each change of a box. Where that takes long, boxes come and go
and do not fill up: their progress is in the sidebar.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core import memory, ticker
from ..core.memory import Part
from .redraw import VIEWPORTS, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

Corner = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class SpotBox:
    """Where a result is to stand that is still to come, for viewports to show."""

    scene_uid: int
    """Session id of the scene."""
    low: Corner
    high: Corner
    """In scene units, in the world."""
    name: str
    text: str
    """What is going on, in a few words."""
    fraction: float | None
    """Of the work, 0-1; None where that is not known."""


AT_EASE: Final = 0.05
"""Seconds in which a viewport is drawn that nobody feels."""
REST: Final = 200.0
"""Times of a drawing that took longer, until another is tried: half a percent of all time."""


class _Drawing(Part):
    """How long viewports take. Times are of ``time.monotonic``."""

    def __init__(self) -> None:
        self.is_quick = False
        self.is_wanted = False
        self.began = 0.0
        """0 when nothing is being drawn for the boxes."""
        self.rest_until = 0.0

    def end_now(self) -> bool:
        """Note that the drawing is over; whether it is quick now and was not, or the other way."""
        now, before = time.monotonic(), self.is_quick
        taken, self.began = now - self.began, 0.0
        self.is_quick = taken <= AT_EASE
        self.rest_until = now if self.is_quick else now + REST * taken
        return self.is_quick != before


def redraw(before: Sequence[SpotBox], after: Sequence[SpotBox]) -> None:
    """Show the boxes as they are ``after``, as far as that holds nobody up."""
    drawing = memory.of(_Drawing)
    is_due = time.monotonic() >= drawing.rest_until
    if is_due or [_place(box) for box in before] != [_place(box) for box in after]:
        drawing.is_wanted = True
        ticker.call(_draw)


def redraw_once() -> None:
    """Show what has changed beside the boxes, which is seldom."""
    memory.of(_Drawing).is_wanted = True
    ticker.call(_draw)


def show_progress() -> bool:
    """Whether boxes fill up: the view was drawn in no time."""
    return memory.of(_Drawing).is_quick


def _place(box: SpotBox) -> tuple[object, ...]:
    return box.scene_uid, box.low, box.high, box.name


def _draw() -> float | None:
    """Have viewports drawn, which Blender does after its timers, and see how long that took."""
    drawing = memory.of(_Drawing)
    if drawing.began and drawing.end_now():
        drawing.is_wanted = True
    if not drawing.is_wanted:
        return None
    drawing.is_wanted, drawing.began = False, time.monotonic()
    tag(VIEWPORTS)
    return 0.0
