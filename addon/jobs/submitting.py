"""QUEUED: keep to the submit limit, write down that we send, send, write the receipt down."""

import logging
import sqlite3
from pathlib import Path

from ..catalog import WireRequest, encode
from ..catalog.messages import Message
from ..service.answers import Submitted
from ..service.errors import (
    AmbiguousSubmit,
    Charged,
    NetworkError,
    RateLimited,
    ServerError,
    ServiceError,
    UnexpectedAnswer,
)
from ..service.stopping import Stopped
from . import budgets, dependencies, slips
from .account_notes import WalletNote
from .job import Failure, Job
from .runner_deps import RunnerDeps, failure_of
from .scratch import scratch
from .sendable_pictures import with_sendable_pictures
from .states import State
from .trying_again import again

log = logging.getLogger(__name__)

RECORD_TRIES = 6

BALANCE_IS_FRESH = 900.0
"""Seconds; a balance older than this may have been changed by another machine."""

ON_ITS_WAY = 60.0
"""Seconds after which an order has arrived, or is given up."""


def submit(context: RunnerDeps, job: Job) -> None:
    """Send one queued job, or let it wait for its turn or for what it starts from."""
    context.check_stop()
    if not dependencies.are_ready(context, job):
        return
    if not _has_room(context, job):
        return
    limit = context.submit_limit()
    wait = context.store.submit_wait(context.account, limit, context.clock.now())
    if wait > 0:
        _wait_for_turn(context, job, wait)
        return
    with scratch() as folder:
        wire = _encode(context, job, folder)
        if wire is not None:
            _take_slot_and_send(context, job, wire, limit)


def _take_slot_and_send(context: RunnerDeps, job: Job, wire: WireRequest, limit: int) -> None:
    wait = context.store.take_submit_slot(context.account, limit, context.clock.now())
    if wait > 0:
        _wait_for_turn(context, job, wait)
        return
    # Before anything is sent: once it is, nothing may stand between the answer and its record.
    before = context.store.wallet(context.service.address)
    now = context.clock.now()
    try:
        slip = slips.new_slip(context.store, job, now)
    except OSError as error:
        context.retry(job, _no_room(error))
        return
    with context.store.as_one():  # of two jobs that share a budget one is sent after the other
        sending = _begin(context, job, now)
    if sending is None:
        slip.remove()
        return
    try:
        receipt = _send(context, sending, wire)
    except Stopped:
        slip.remove()
        raise
    if receipt is None:
        slip.remove()
        return
    # First into the log and the slip: should the list fail now, the paid task can still be found.
    log.info("job %s is task %s", job.id, receipt.task_id)
    slip.fill(receipt.task_id)
    recorded = _record(context, sending, receipt.task_id)
    slip.remove()
    context.refresh_wallet()
    _note_charge(context, recorded, before)


def _begin(context: RunnerDeps, job: Job, now: float) -> Job | None:
    """Write down that it is being sent; None if its budget is against that."""
    if not _has_room(context, job):
        return None
    return context.change(
        job, State.SUBMITTING, submitted_at=now, attempts=job.attempts, failure=None
    )


def _has_room(context: RunnerDeps, job: Job) -> bool:
    """Whether its budget lets it be sent; if not, what becomes of it is written down."""
    now = context.clock.now()
    wallet = context.store.wallet(context.service.address)
    match budgets.room_for(context.store, job, wallet, now):
        case budgets.Room.IS_THERE:
            return True
        case budgets.Room.NOT_YET:
            _wait_for_turn(context, job, context.pace.min_poll)
        case budgets.Room.NONE:
            context.end(job, State.FAILED, budgets.used_up(context.store, job))
    return False


def _no_room(error: OSError) -> Failure:
    return Failure(
        "store_unusable",
        Message("There is no room to write a receipt down: {error}", error=error.strerror),
        "Make room on the disk, and check that the extension's folder can be written to: the "
        "order is sent as soon as that is done.",
        Charged.NO,
    )


def give_up_waiting_for_answer(context: RunnerDeps, job: Job) -> None:
    """SUBMITTING, and whoever sent it is gone: it may or may not have been taken."""
    failure = failure_of(
        AmbiguousSubmit(
            "The program ended while the order was being sent; its answer is not known."
        )
    )
    context.end(job, State.UNKNOWN, failure)


def _wait_for_turn(context: RunnerDeps, job: Job, seconds: float) -> None:
    context.change(job, job.state, next_at=context.clock.now() + seconds)


def _encode(context: RunnerDeps, job: Job, folder: Path) -> WireRequest | None:
    try:
        request = dependencies.with_addresses(context, job)
        sendable = with_sendable_pictures(request, context.fitter, folder)
        return encode(sendable, context.read_image)
    # Of a picture given by its address, or of the step before; nothing was ordered yet.
    except RateLimited as error:
        context.wait(job, error.retry_after, failure_of(error))
    except (NetworkError, ServerError, UnexpectedAnswer) as error:
        context.retry(job, failure_of(error, Charged.NO))
    except ServiceError as error:
        context.end(job, State.FAILED, failure_of(error))
    except LookupError as error:
        context.end(
            job,
            State.FAILED,
            Failure(
                "unknown_operation",
                Message("This version cannot send the job: {error}", error=error),
                "Use the version of the extension it was made with.",
                Charged.NO,
            ),
        )
    return None


def _send(context: RunnerDeps, job: Job, wire: WireRequest) -> Submitted | None:
    """The receipt; None where there is none, and what follows is written down."""
    try:
        return context.service.submit(wire)
    except AmbiguousSubmit as error:
        context.end(job, State.UNKNOWN, failure_of(error))
    except Stopped:  # before all of it was handed over
        context.change(job, State.QUEUED, next_at=context.clock.now())
        raise
    except RateLimited as error:
        until = context.clock.now() + error.retry_after
        context.store.pause_submits(context.account, until)
        _queue_again(context, job, until, failure_of(error))
    except NetworkError as error:
        until = context.clock.now() + context.pace.until_retry(job.attempts, context.jitter)
        _queue_again(context, job, until, failure_of(error))
    except ServiceError as error:
        context.end(job, State.FAILED, failure_of(error))
    return None


def _note_charge(context: RunnerDeps, job: Job, before: WalletNote | None) -> None:
    """Keep by how much the balance fell, if only this order can have changed it."""
    after = context.store.wallet(context.service.address)
    if before is None or before.wallet is None or after is None or after.wallet is None:
        return
    taken = before.wallet.balance - after.wallet.balance
    is_fresh = context.clock.now() - before.seen_at <= BALANCE_IS_FRESH
    if is_fresh and taken > 0 and _is_alone(context, job, before.seen_at):
        context.store.note_charged(job.id, round(taken))


def _is_alone(context: RunnerDeps, job: Job, seen_at: float) -> bool:
    """Whether only this order can have changed the balance that was seen then.

    One that was on its way at that moment may have been charged after it. Within a budget, jobs are
    sent one after the other, each after the balance was seen that the one before had left.
    """
    since = seen_at - ON_ITS_WAY
    sent = context.store.submissions_since(context.account, since)
    if job.origin.budget is not None:
        sent -= context.store.taken_between(context.service.address, since, seen_at)
    if sent > 1:
        return False
    return not context.store.any_refund_since(context.service.address, seen_at)


def _record(context: RunnerDeps, job: Job, task_id: str) -> Job:
    """Write the task id down; a store that is busy (each try waits) must not lose it."""
    first_look = context.clock.now() + context.pace.min_poll
    for _ in range(RECORD_TRIES - 1):
        try:
            return context.store.record_submitted(job, task_id, next_at=first_look)
        except sqlite3.OperationalError:
            log.warning("the job list is busy, task %s is not written down yet", task_id)
    return context.store.record_submitted(job, task_id, next_at=first_look)


def _queue_again(context: RunnerDeps, job: Job, until: float, failure: Failure) -> None:
    context.change(
        job, State.QUEUED, next_at=until, attempts=job.attempts + 1, failure=again(failure)
    )
