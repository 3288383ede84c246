"""What the panels draw: a ready snapshot of jobs, wallet, worker and network state.

Panels call ``current()`` and nothing else; it never touches a file. The snapshot is made anew by
``runtime.build_snapshot``: by the watch when the store has changed, by operators after their own
changes.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import is_
from typing import TYPE_CHECKING, Final, NamedTuple

from ...catalog import UnknownOperation, get
from ...catalog.messages import Message
from ...jobs import alternatives, names
from ...jobs.actions import STOPPED, awaits_decision
from ...jobs.chains import is_helper, is_in_between, order_of
from ...jobs.charges import Sum
from ...jobs.states import ACTIVE, State
from ..core import memory
from ..core.account import Online
from ..core.memory import Part
from ..core.translation import translate
from . import viewports
from .comparison import Stand
from .redraw import redraw
from .viewports import SpotBox

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ...jobs.store import WalletNote

SHOWN: Final = 50
"""How many jobs the sidebar lists at least, newest first."""


RESULTS_SHOWN: Final = 8
"""How many results are on a page."""


class WorkerState(StrEnum):
    """How the worker process is doing."""

    IDLE = "IDLE"
    """Not started: there was no need so far."""
    RUNNING = "RUNNING"
    GAVE_UP = "GAVE_UP"
    """Ended too often; ``Snapshot.worker_message`` says why."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One line of the job list."""

    job: Job
    label: str
    """Name of the operation for people."""
    text: str
    """What is going on, in a few words."""
    fraction: float | None
    """0-1 for a progress bar; None where a bar means nothing."""
    waiting: str = ""
    """Why a READY result is not in the scene yet."""
    remark: str = ""
    """What else there is to say about it; see ``job_notes``."""
    thumbnail: str = ""
    """A file with a small picture of the result, if there is one."""
    is_here: bool = False
    """Whether the result is in a scene of the open file; undo may have taken it out again."""
    is_to_choose: bool = False
    """Whether it stands there beside others, of which one is to be chosen."""

    @property
    def title(self) -> Message:
        """Its name as it stands in lists, to be translated."""
        return names.title(self.job.name, [self.job.operation])


@dataclass(frozen=True, slots=True)
class Entry:
    """One order of the list: a job, or the steps that go on with each other's results."""

    row: JobRow
    """The job it is about now: what is under way, or what somebody has to decide about."""
    title: Message
    """To be translated."""
    steps: tuple[JobRow, ...] = ()
    """In the sequence they run, without those that only get a model to the service; none where
    there is only one."""
    jobs: tuple[JobRow, ...] = ()
    """All of them."""
    is_open: bool = True
    """Whether something is under way, or waits for a decision, or is to be known."""
    alternative: str = ""
    """What names the wish of whose results one is to be chosen; "" if it is the only one."""


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """One page of all the results there are."""

    rows: tuple[JobRow, ...] = ()
    """Newest first."""
    page: int = 1
    pages: int = 1
    total: int = 0
    """On all pages."""


class ViewsProgress(NamedTuple):
    """How far the views of an object are that are being rendered."""

    name: str
    """Of the object."""
    done: int
    of: int

    @property
    def words(self) -> str:
        """For the progress bar."""
        return translate("Rendering View {n} of {m}", n=min(self.done + 1, self.of), m=self.of)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the sidebar says that is not a setting."""

    rows: tuple[JobRow, ...] = ()
    """Newest first: the latest ``SHOWN``, and older ones under way or whose end is news."""
    entries: tuple[Entry, ...] = ()
    """The same by order, the newest first."""
    wallet: WalletNote | None = None
    """What was last heard of the account at ``address``: balance, or why there is none."""
    worker: WorkerState = WorkerState.IDLE
    worker_message: str = ""
    online: Online = field(default_factory=Online)
    address: str = ""
    """Service address in use."""
    key_source: str = ""
    """Where the key was found, in words; empty when there is none."""
    results: ResultsPage = field(default_factory=ResultsPage)
    """What the Results panel shows, by its own filter and page."""
    month: Sum = field(default_factory=Sum)
    """The credits of this calendar month at ``address``."""
    message: str = ""
    """The last trouble that belongs to no job; empty when all is well."""
    is_list_sound: bool = True
    """Whether the job list can be read, and written as far as is known."""
    unread: frozenset[str] = frozenset()
    """Jobs that ended while the sidebar's tab was out of sight."""
    in_file: tuple[JobRow, ...] = ()
    """Further jobs whose results are in the open file."""
    sent_pictures: Mapping[str, str] = field(default_factory=dict)
    """A file with a small picture of what was sent, by the id of the job it was sent for."""
    boxes: tuple[SpotBox, ...] = ()
    """Of the open file's scenes."""
    stands: tuple[Stand, ...] = ()
    """Results in them of which one is to be chosen."""
    side_views: ViewsProgress | None = None
    """The views of an object that are being rendered."""
    comparison: str = ""
    """The wish whose results are being rendered side by side; "" if none."""
    comparison_trouble: str = ""
    """Why the last such picture was not made."""
    side_views_trouble: str = ""
    """Why the last views were not rendered."""

    @property
    def known(self) -> tuple[JobRow, ...]:
        """Each job that anything can be said of: listed, on the page of results, in the file."""
        by_id: dict[str, JobRow] = {}
        for row in self._every:
            by_id.setdefault(row.job.id, row)
        return tuple(by_id.values())

    @property
    def _every(self) -> tuple[JobRow, ...]:
        """The same, some of them more than once."""
        return (*self.rows, *self.results.rows, *self.in_file)

    def row(self, job_id: str) -> JobRow | None:
        """The row of that job, if it is ``known``."""
        return next((row for row in self._every if row.job.id == job_id), None)

    def entry(self, job_id: str) -> Entry | None:
        """The order in the list that the job is of."""
        return next(
            (one for one in self.entries if any(row.job.id == job_id for row in one.jobs)), None
        )


class _Shown(Part):
    def __init__(self) -> None:
        self.snapshot = Snapshot()
        self.trouble = ""
        self.second = 0
        """In which second of the clock the sidebars were last redrawn for it."""


def current() -> Snapshot:
    """The snapshot to draw. Cheap, never blocks."""
    return memory.of(_Shown).snapshot


def publish(new: Snapshot) -> None:
    """Make ``new`` the current snapshot and redraw what shows it if it differs."""
    shown = memory.of(_Shown)
    before = shown.snapshot
    if new != before:
        shown.snapshot = new
        redraw()
    if new.boxes != before.boxes:
        viewports.redraw(before.boxes, new.boxes)
    if new.stands != before.stands:
        viewports.redraw_once()


def show_trouble(message: str) -> None:
    """Show trouble that belongs to no job; an empty text takes it away."""
    memory.of(_Shown).trouble = message
    publish(replace(current(), message=message))


def trouble_shown() -> str:
    """The trouble last shown with ``show_trouble``."""
    return memory.of(_Shown).trouble


def redraw_each_second() -> None:
    """Let the times of jobs under way go on; to be called more often than once a second."""
    shown, second = memory.of(_Shown), int(time.monotonic())
    if second != shown.second:
        shown.second = second
        redraw()


def make_rows(
    jobs: list[Job],
    waiting: Mapping[str, str],
    remarks: Mapping[str, str],
    thumbnails: Mapping[str, str],
    elsewhere: Mapping[str, str],
    before: Iterable[JobRow] = (),
    to_choose: Collection[str] = (),
) -> tuple[JobRow, ...]:
    """Put jobs into words; ``waiting`` tells per job id why a result was not placed.

    ``elsewhere`` tells of placed results that are in no scene of the open file what they are, and
    of those that ``to_choose`` names one is to be chosen. Rows of ``before`` that say just that of
    the same job are taken as they are.
    """
    known = {row.job.id: row for row in before}
    rows = []
    for job in jobs:
        job_id, state = job.id, job.state
        told = elsewhere.get(job_id, "")
        is_here = state is State.PLACED and not told
        chooses = is_here and job_id in to_choose
        reason = waiting.get(job_id, "") if state is State.READY else ""
        remark, picture = remarks.get(job_id, ""), thumbnails.get(job_id, "")
        row = known.get(job_id)
        if not (
            row is not None
            and row.job is job  # what else is in a row follows from the job
            and row.thumbnail == picture
            and row.waiting == reason
            and row.remark == remark
            and row.is_here is is_here
            and row.is_to_choose is chooses
            and (not told or row.text == told)
        ):
            text = told or status_text(job)
            how_far = fraction_of(job)
            row = JobRow(
                job,
                _label(job),
                text,
                how_far,
                reason,
                remark,
                picture,
                is_here=is_here,
                is_to_choose=chooses,
            )
        rows.append(row)
    return tuple(rows)


def make_entries(rows: Sequence[JobRow], before: Iterable[Entry] = ()) -> tuple[Entry, ...]:
    """Put jobs of one order together; ``rows`` are newest first, and so are the entries.

    Entries of ``before`` that have the same rows are taken as they are.
    """
    orders: dict[str, list[JobRow]] = {}
    for row in rows:
        orders.setdefault(order_of(row.job), []).append(row)
    known = {id(entry.jobs[-1]): entry for entry in before}
    entries = []
    for order in orders.values():
        entry = known.get(id(order[0]))  # its newest row is the same
        count = len(order)
        if (
            entry is None
            or len(entry.jobs) != count
            or (count > 1 and not all(map(is_, reversed(entry.jobs), order)))
        ):
            entry = _entry(tuple(reversed(order)))
        entries.append(entry)
    return tuple(entries)


def _entry(jobs: tuple[JobRow, ...]) -> Entry:
    """The entry of an order's jobs, which are in the sequence they run."""
    steps = tuple(row for row in jobs if not is_helper(row.job))
    return Entry(
        row=_present(jobs),
        title=names.title(jobs[-1].job.name, [row.job.operation for row in steps or jobs]),
        steps=steps if len(steps) > 1 else (),
        jobs=jobs,
        is_open=any(row.job.state in ACTIVE or _is_to_be_seen(row) for row in jobs)
        or jobs[-1].is_to_choose,
        alternative=alternatives.wish_of(jobs[-1].job),
    )


def _present(jobs: tuple[JobRow, ...]) -> JobRow:
    """The step that the order has come to: one that stopped, or else one under way, or the last."""
    stopped = (row for row in jobs if row.job.state in STOPPED)
    active = (row for row in jobs if row.job.state in ACTIVE)
    return next(stopped, None) or next(active, None) or jobs[-1]


def _is_to_be_seen(row: JobRow) -> bool:
    """Whether somebody has to decide about it, or to know what is not as it was ordered."""
    job = row.job
    if job.state is State.READY and is_in_between(job):
        return False
    parts_left_out = bool(job.prepared and job.prepared.left_out) or any(
        file.left_out for file in job.files
    )
    return awaits_decision(job) or bool(row.remark) or parts_left_out


STATUS_WORDS: Final[Mapping[State, str]] = {
    State.QUEUED: "Waiting to be sent",
    State.EXPORTING: "Exporting the model",
    State.SUBMITTING: "Sending",
    State.PENDING: "Waiting at the service",
    State.PREPARING: "Preparing for Blender",
    State.READY: "Ready",
    State.PLACED: "Placed",
    State.FAILED: "Failed",
    State.EXPIRED: "Expired at the service",
    State.ABANDONED: "Stopped",
    State.UNKNOWN: "Sent, but no answer came",
}


def status_text(job: Job) -> str:
    """Say in a few words what is going on with a job."""
    if job.state is State.RUNNING:
        return Message("Generating {n} %", n=job.progress)
    if job.state is State.DOWNLOADING:
        return Message("Downloading {amount}", amount=_amount(job))
    if job.state is State.READY and job.prepared is None:
        return "Finished"
    return STATUS_WORDS[job.state]


def _amount(job: Job) -> str:
    done = job.bytes_done / 1e6
    if job.bytes_total is None:
        return Message("{done:.1f} MB", done=done)
    return Message("{done:.1f} of {total:.1f} MB", done=done, total=job.bytes_total / 1e6)


def fraction_of(job: Job) -> float | None:
    """0-1 for a progress bar; None where a bar means nothing."""
    if job.state in {State.PENDING, State.RUNNING}:
        return min(max(job.progress / 100, 0.0), 1.0)
    if job.state is State.DOWNLOADING and job.bytes_total:
        return min(job.bytes_done / job.bytes_total, 1.0)
    if job.state in {State.DOWNLOADING, State.PREPARING}:
        return 1.0
    return None


def _label(job: Job) -> str:
    if job.is_sample:
        return "Recorded sample"
    try:
        return get(job.operation).label
    except UnknownOperation:
        return job.operation
