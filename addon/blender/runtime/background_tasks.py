"""What processes in the background do for this Blender: one list, which the watch looks in on.

Side views, saved assets and clean-ups are tasks; whoever starts one wakes the watch. Writing down
what is to be done takes milliseconds, everything else is another process. The jobs of the service
are not among them: the worker looks after those.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...catalog.messages import Message, error_message, together
from ..core import memory
from ..core.memory import Part
from ..model.failure import own_words

if TYPE_CHECKING:
    from ...worker.script_process import ScriptProcess

log = logging.getLogger(__name__)


def _nothing(_complete: bool) -> None:
    """For tasks that leave nothing behind."""


@dataclass(eq=False, slots=True)
class Task:
    """One run of a script, and what is to happen when it ends. All of it on the main thread."""

    command: Sequence[str]
    order: Mapping[str, Any]
    """What the script is to do; see ``worker.script_process``."""
    timeout: float
    """Seconds after which something must be wrong."""
    done: Callable[[Mapping[str, Any]], None]
    """Takes the report of a script that did its work."""
    failed: Callable[[str], None]
    """Takes the reason, in words, why there is no such report."""
    ended: Callable[[bool], None] = _nothing
    """Removes what was written for the script, or by one that did not complete its work.

    Called once, however it ends, with whether it is complete, and before the others.
    """
    changes_scene: bool = False
    """Whether ``done`` has to wait until the artist is not in the middle of something."""
    outlives: bool = False
    """Whether it goes on when Blender or the extension ends."""
    report: Mapping[str, Any] | None = field(default=None, init=False)
    process: ScriptProcess | None = field(default=None, init=False)


class _Tasks(Part):
    def __init__(self) -> None:
        self.running: list[Task] = []
        self.waiting: deque[Task] = deque()
        self.turn: Task | None = None
        """The one of those that waited that is running."""

    def end(self) -> None:
        """Leave everything unfinished, but for what goes on by itself."""
        while self.waiting:
            self.waiting.popleft().ended(False)
        while self.running:
            task = self.running.pop()
            if task.process is not None and task.outlives:
                task.process.leave()
            else:
                _end(task, complete=False)


def start(task: Task) -> None:
    """Begin now; raises OSError, and nothing is kept of the task then."""
    from ...worker.script_process import ScriptProcess  # late: enabling needs no processes

    try:
        task.process = ScriptProcess(task.command, task.order, task.timeout)
    except OSError:
        task.ended(False)
        raise
    memory.of(_Tasks).running.append(task)


def queue(task: Task) -> None:
    """Begin when all that was queued before is done: those share a place where they write."""
    memory.of(_Tasks).waiting.append(task)


def is_running(task: Task | None) -> bool:
    """Whether it was started and has not ended."""
    return task in memory.of(_Tasks).running


def any_left() -> bool:
    """Whether there is anything to look in on."""
    tasks = memory.of(_Tasks)
    return bool(tasks.running or tasks.waiting)


def look(*, may_change: bool) -> None:
    """Look in on all of them; ``may_change`` tells whether the scene may be changed now."""
    _begin_next()
    for task in list(memory.of(_Tasks).running):
        if is_running(task):  # what one does when it is done may end another
            _look_in(task, may_change=may_change)


def wait(task: Task, seconds: float) -> None:
    """Wait that long at most for its end, and look in on it."""
    if task.process is not None:
        task.process.wait(seconds)
        _look_in(task, may_change=True)


def end(task: Task | None) -> None:
    """End it unless it has ended, and tell nobody."""
    if task is not None and is_running(task):
        _drop(task, complete=False)


def _begin_next() -> None:
    tasks = memory.of(_Tasks)
    if not tasks.waiting or is_running(tasks.turn):
        return
    task = tasks.turn = tasks.waiting.popleft()
    try:
        start(task)
    except OSError as error:
        task.failed(not_started(error))


def not_started(error: OSError) -> str:
    """Why there is no process, in words."""
    return Message("A background Blender could not be started: {error}", error=own_words(error))


def _look_in(task: Task, *, may_change: bool) -> None:
    from ...worker.script_process import NoReport, ScriptFailed  # late, as above

    if task.process is None:
        return
    try:
        task.report = task.report or task.process.report()
    except (ScriptFailed, OSError) as error:
        if isinstance(error, NoReport):
            log.warning("background work ended with %s:\n%s", error.code, error.output)
        hint = error.hint if isinstance(error, ScriptFailed) else ""
        _drop(task, complete=False)
        task.failed(together(error_message(error), hint))
        return
    if task.report is not None and (may_change or not task.changes_scene):
        _drop(task, complete=True)
        task.done(task.report)


def _drop(task: Task, *, complete: bool) -> None:
    memory.of(_Tasks).running.remove(task)
    _end(task, complete=complete)


def _end(task: Task, *, complete: bool) -> None:
    if task.process is not None:
        task.process.end()
    task.ended(complete)
