"""Writing results into asset libraries: a background Blender does it, one result at a time.

Writing the objects down takes milliseconds; everything else is another process, looked in on by an
application timer. What is being saved goes on when another file is opened, and ends with Blender.
"""

from __future__ import annotations

import atexit
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy

from . import refresh, remarks, view, worker_host
from .scene import send_out
from .words import say, told

if TYPE_CHECKING:
    from ..worker.script_process import ScriptProcess

log = logging.getLogger(__name__)

TIMEOUT: Final = 600.0
"""Seconds after which something must be wrong."""
LOOK_EVERY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Saving:
    """One result on its way into a library."""

    job_id: str
    library: str
    """Its name for people."""
    order: Mapping[str, Any]
    """For ``asset_work.shelve``; its ``blend`` is removed in the end if it was ``written``."""
    written: bool
    """Whether the .blend was written for this."""


class _Work:
    waiting: Final[deque[Saving]] = deque()
    current: Saving | None = None
    process: ScriptProcess | None = None


def start(saving: Saving) -> None:
    """Save as soon as what was begun before is done."""
    _Work.waiting.append(saving)
    _tell(saving, say("Saving to the asset library {name}", name=saving.library))
    if not bpy.app.background and not bpy.app.timers.is_registered(look):
        bpy.app.timers.register(look, first_interval=0.0, persistent=True)


def look() -> float | None:
    """Go on with the work; returns when to look again, None when all is done."""
    if _Work.process is None:
        _begin_next()
    if _Work.process is not None:
        _look_in(_Work.process)
    return LOOK_EVERY if _Work.process is not None or _Work.waiting else None


def stop() -> None:
    """Leave everything unfinished."""
    while _Work.waiting:
        _clean_up(_Work.waiting.popleft())
    _end()


def register() -> None:
    """End with Blender."""
    atexit.register(stop)


def unregister() -> None:
    """Take the timer away and stop."""
    atexit.unregister(stop)
    if bpy.app.timers.is_registered(look):
        bpy.app.timers.unregister(look)
    stop()


def _begin_next() -> None:
    from ..worker.script_process import ScriptProcess  # late: enabling needs no processes

    if not _Work.waiting:
        return
    saving = _Work.current = _Work.waiting.popleft()
    try:
        _Work.process = ScriptProcess(worker_host.asset_command(), saving.order, TIMEOUT)
    except OSError as error:
        _give_up(saving, say("A background Blender could not be started: {error}", error=error))


def _look_in(process: ScriptProcess) -> None:
    from ..worker.script_process import ScriptFailed

    saving = _Work.current
    if saving is None:
        return
    try:
        report = process.report()
    except (ScriptFailed, OSError) as error:
        failed = isinstance(error, ScriptFailed)
        words = told(error.message, error.hint) if failed else str(error)
        _give_up(saving, say("It was not saved as an asset: {reason}", reason=words))
        return
    if report is not None:
        _end()
        file = Path(report["blend"]).name
        _tell(saving, say("Saved as {file} in {name}", file=file, name=saving.library))


def _give_up(saving: Saving, words: str) -> None:
    log.warning("an asset was not saved: %s", words)
    _end()
    _tell(saving, words)
    if view.current().row(saving.job_id) is None:
        view.say(words)


def _tell(saving: Saving, words: str) -> None:
    remarks.remark(saving.job_id, words)
    refresh.refresh(bpy.context)


def _end() -> None:
    if _Work.process is not None:
        _Work.process.end()
    if _Work.current is not None:
        _clean_up(_Work.current)
    _Work.process = _Work.current = None


def _clean_up(saving: Saving) -> None:
    if saving.written:
        send_out.remove_blend(Path(saving.order["blend"]))
