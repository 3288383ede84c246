"""Noticing finished work while people go on working.

``poll_once`` is one look: it brings the sidebar up to date, looks in on what background processes
do for this Blender, and places at most one result. In a window a modal timer operator calls it
several times a second; it passes every event on. In background mode neither timers nor modal
operators ever run: there a script loops over it itself::

    while job_monitor.poll_once(bpy.context).expects_more:
        time.sleep(0.5)

The operator lives only while there is something to expect. Blender writes no autosave while any
modal operator runs, so it steps aside regularly; and it is gone after File > New, File > Open or
when its window is closed. ``supervise``, which the ticker calls whatever happens, starts it again.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy

from ...jobs import alternatives
from ...jobs.errors import IllegalTransition, UnknownJob
from ...jobs.states import State
from ...service.errors import ServiceError
from ..core import memory, session, ticker
from ..core.access import window_manager_of
from ..core.ids import OperatorId, operator
from ..core.memory import Part
from ..core.rna_enums import OperatorReturn
from ..placement import policy, read_ahead
from ..snapshot import snapshot
from . import background_tasks, build_snapshot, notifications, worker_host
from .prepare_here import prepare_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...jobs.job import Job
    from ...jobs.store import WalletNote

log = logging.getLogger(__name__)

INTERVAL: Final = 0.25
"""Seconds between two looks."""
SHIFT: Final = 12.0
"""Seconds after which the operator steps aside for an autosave that may be due."""
GAP: Final = 0.5
"""Seconds it stays away."""
SILENCE: Final = 5.0
"""Seconds without a look after which the operator counts as gone."""
ANSWER_WAIT: Final = 60.0
"""Seconds to wait for the balance after it was asked for."""


class _Guard(Part):
    """Which watch operator is on duty. Times are of ``time.monotonic``."""

    def __init__(self) -> None:
        self.badge: object | None = None
        """Of the operator that may run; one with another ends itself."""
        self.last_look = 0.0
        self.rest_until = 0.0

    def is_on(self) -> bool:
        return self.badge is not None and time.monotonic() - self.last_look < SILENCE

    def take(self) -> object:
        self.badge = object()
        self.last_look = time.monotonic()
        return self.badge

    def leave(self, badge: object) -> None:
        if badge is self.badge:
            self.badge = None
            self.rest_until = time.monotonic() + GAP


class _Expectations(Part):
    """What is waited for beyond the states of the jobs."""

    def __init__(self) -> None:
        self.answer_until = 0.0
        self.balance_before: WalletNote | None = None
        self.prepared_again: set[str] = set()
        """Jobs prepared again here, once, because a newer Blender had prepared them."""

    def an_answer(self) -> bool:
        unchanged = snapshot.current().wallet == self.balance_before
        return unchanged and time.monotonic() < self.answer_until


def _duty() -> _Guard:
    return memory.of(_Guard)


def _expected() -> _Expectations:
    return memory.of(_Expectations)


class PendingWork(NamedTuple):
    """What is still to come after a look."""

    working: int
    """Jobs the worker is on."""
    placeable: int
    """Results that enter the scene as soon as nothing is in the way."""
    balance: bool = False
    """Whether the balance was asked for and has not come yet."""
    tasks: bool = False
    """Whether processes in the background are at work for this Blender."""

    @property
    def expects_more(self) -> bool:
        """Whether another look makes sense without the user doing anything."""
        return self.working > 0 or self.placeable > 0 or self.balance or self.tasks


def poll_once(context: bpy.types.Context) -> PendingWork:
    """Look once at the store, keep the worker going, and place at most one result."""
    background_tasks.look(may_change=not policy.running_tool(context))
    look = build_snapshot.look(context)
    if look.active:
        worker_host.ensure()
        snapshot.redraw_each_second()
    read_ahead.keep_only(job.id for job, _ in look.results)
    now = _next(look)
    placed = None
    if now is not None:
        placed = _take_in(context, *now)
        look = build_snapshot.look(context)
    notifications.look(snapshot.current(), placed)
    return _outlook(look)


def look_ahead(context: bpy.types.Context) -> PendingWork:
    """What is to be expected, without doing anything about it."""
    return _outlook(build_snapshot.look(context))


def _outlook(look: build_snapshot.Look) -> PendingWork:
    return PendingWork(
        working=look.active,
        placeable=sum(decision.when is not policy.When.BY_HAND for _, decision in look.results),
        balance=_expected().an_answer(),
        tasks=background_tasks.any_left(),
    )


def expect_answer() -> None:
    """Keep looking until the balance comes that is about to be asked for."""
    expected = _expected()
    expected.answer_until = time.monotonic() + ANSWER_WAIT
    expected.balance_before = snapshot.current().wallet


def _next(look: build_snapshot.Look) -> tuple[Job, policy.When] | None:
    """The oldest result that can be dealt with now."""
    due = (policy.When.NOW, policy.When.PREPARED_HERE)
    found = ((job, decision.when) for job, decision in look.results if decision.when in due)
    return next(found, None)


def _take_in(context: bpy.types.Context, job: Job, when: policy.When) -> str | None:
    """Bring the result one step further into the scene; the job's id if it is placed now."""
    if when is policy.When.NOW:
        is_read = bpy.app.background or read_ahead.is_done(context, job)
        return job.id if is_read and _place(context, job) else None
    _prepare_again(job)
    return None


def _place(context: bpy.types.Context, job: Job) -> bool:
    """Call the operator so that the change is one undo step; trouble is kept with the job."""
    from ..scene.provenance import placed_objects  # late: enabling the extension needs neither

    with policy.scene_override(context, job):
        if context.scene is not None and placed_objects(context.scene, job.id):
            note_placed(job)  # it was placed, but writing that down failed
            return True
        try:
            operator(OperatorId.PLACE)("EXEC_DEFAULT", True, job_id=job.id)
        except RuntimeError as error:
            log.warning("job %s was not placed: %s", job.id, error)
            _leave_to_user(job, "The result could not be placed: Blender's console says why.")
            return False
        return True


def note_placed(job: "Job") -> None:
    """Write down that the result is in a scene; it is there, whatever becomes of the note."""
    try:
        session.store().change(job.id, State.PLACED, failure=None)
    except (IllegalTransition, UnknownJob):
        # Another Blender placed or removed it at the same moment, which is no harm.
        return
    except ServiceError:
        # The watch finds the objects in the scene and notes it later.
        log.warning("the job list is busy: that job %s was placed is not written down", job.id)


def note_kept(job: Job) -> None:
    """Write down that a result is kept though another one was chosen: somebody has imported it."""
    try:
        alternatives.take_as_well(session.store(), job)
    except (UnknownJob, ServiceError):
        log.warning("that job %s is kept as well is not written down", job.id)


def _leave_to_user(job: Job, trouble: str) -> None:
    """Note what went wrong, unless the operator did; a result is not tried again and again."""
    from ...jobs.job import Failure

    try:
        noted = session.store().get(job.id).failure
    except UnknownJob:
        return
    if noted is None:
        failure = Failure(policy.PLACE_FAILED, trouble, "Import it by hand to try again.")
        with _unless_another_was_quicker(job):
            session.store().change(job.id, State.READY, expected=State.READY, failure=failure)


def _prepare_again(job: Job) -> None:
    """Have a Blender of this version make the .blend; once, or two versions would take turns."""
    prepared_again = _expected().prepared_again
    if job.id in prepared_again:
        _leave_to_user(job, "The result was prepared by a newer Blender than this one.")
        return
    prepared_again.add(job.id)
    with _unless_another_was_quicker(job):
        prepare_here(job)


@contextmanager
def _unless_another_was_quicker(job: Job) -> Iterator[None]:
    """Leave the job as it is where a decision about it cannot be written down."""
    try:
        yield
    except (ServiceError, IllegalTransition, UnknownJob) as error:
        log.warning("job %s is left as it is: %s", job.id, error)


class STUDIO3D_OT_watch(bpy.types.Operator):
    """Calls ``poll_once`` from the window's timer and lets every event through."""

    bl_idname = OperatorId.WATCH
    bl_label = "Watch Jobs"
    bl_description = "Keep the job list up to date and place finished results"
    bl_options = {"INTERNAL"}

    _timer: bpy.types.Timer | None = None
    _badge: object | None = None
    _ends_at = 0.0

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        """Start a shift, unless another operator is on duty."""
        duty = _duty()
        if duty.is_on():
            return {"CANCELLED"}
        self._badge = duty.take()
        self._ends_at = time.monotonic() + SHIFT
        manager = window_manager_of(context)
        self._timer = manager.event_timer_add(INTERVAL, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        """Look when it is time; everything else is for others."""
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        duty = _duty()
        if self._badge is not duty.badge:
            self._stop_timer(context)
            return {"FINISHED", "PASS_THROUGH"}
        now = time.monotonic()
        if now - duty.last_look < INTERVAL / 2:  # somebody else's timer
            return {"PASS_THROUGH"}
        duty.last_look = now
        try:
            goes_on = poll_once(context).expects_more and now < self._ends_at
        except BaseException:
            self.cancel(context)  # Blender ends the operator, and would keep its timer going
            raise
        lines = notifications.take()
        for line in lines:
            self.report({"WARNING" if line.is_trouble else "INFO"}, line.text)
        # Blender shows what an operator reports when it ends; another takes over.
        if goes_on and not lines:
            return {"PASS_THROUGH"}
        self.cancel(context)
        return {"FINISHED", "PASS_THROUGH"}

    def cancel(self, context: bpy.types.Context) -> None:
        """End the shift; Blender calls this before it loads a file or closes the window."""
        self._stop_timer(context)
        _duty().leave(self._badge)

    def _stop_timer(self, context: bpy.types.Context) -> None:
        if self._timer is not None:
            window_manager_of(context).event_timer_remove(self._timer)
            self._timer = None


def wake() -> None:
    """Start watching if there is anything to watch; called after every change of a job."""
    ticker.call(supervise)


def supervise() -> float | None:
    """Called by the ticker: keeps a watch operator running as long as there is something to expect.

    Changes no scene: that is the operator's part.
    """
    try:
        return _start_if_needed()
    except Exception:  # it would not be called again, and nobody would watch any more
        log.exception("the watch could not be started")
        return SILENCE


def _start_if_needed() -> float | None:
    duty = _duty()
    if duty.is_on():
        return GAP
    rest = duty.rest_until - time.monotonic()
    if rest > 0:
        return rest
    windows = window_manager_of(bpy.context).windows
    if not windows:
        return GAP
    with bpy.context.temp_override(window=windows[0]):
        if not look_ahead(bpy.context).expects_more:
            return None
        operator(OperatorId.WATCH)("INVOKE_DEFAULT")
    return GAP


CLASSES = (STUDIO3D_OT_watch,)
