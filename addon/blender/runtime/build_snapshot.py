"""Making the snapshot that the panels draw: from the store, the worker and the network switch."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy

from ...catalog.messages import Message, together
from ...jobs import alternatives, unwritten
from ...jobs.charges import Sum, month_start
from ...jobs.origin import sent_picture
from ...jobs.results import thumbnail
from ...jobs.states import ACTIVE, State
from ...service.errors import ServiceError
from ..core import account, memory, options, paths, session
from ..core.memory import Part
from ..placement import policy
from ..placement.policy import When
from ..scene import provenance
from ..settings import interface_state, result_filter
from ..snapshot import job_notes, snapshot
from . import comparison, comparison_picture, notifications, side_views, spot_boxes, worker_host

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ...jobs.job import Job
    from ...jobs.store import Store, WalletNote
    from ..placement.policy import Decision
    from ..settings.interface_state import STUDIO3D_PG_interface


class Look(NamedTuple):
    """What the store holds for the watch, however much of it the panels draw."""

    active: int
    """Jobs the worker is on."""
    results: tuple[tuple[Job, Decision], ...]
    """Results of the open file that nobody has placed, oldest first."""


@dataclass(slots=True)
class _Results:
    """A page of results as it was last read; read again only after one of all of them changed."""

    asked: tuple[int, str, frozenset[str] | None, int] | None = None
    """As of which version of the results, by which filter, and which page."""
    jobs: list[Job] = field(default_factory=list)
    page: int = 1
    pages: int = 1
    total: int = 0
    thumbnails: dict[str, str] = field(default_factory=dict)

    def look_for_pictures(self) -> None:
        """Files may come and go without their jobs."""
        self.thumbnails = {job.id: _thumbnail(job) for job in self.jobs}


class _Reading(Part):
    """What was last read from the store."""

    def __init__(self) -> None:
        self.version: tuple[int, tuple[object, ...]] | None = None
        """Of the store, and what was asked of it."""
        self.jobs_version: tuple[int, tuple[object, ...]] | None = None
        """Up to which change, and the same."""
        self.active: list[Job] = []
        self.unplaced: list[Job] = []
        """Results of the open file, oldest first."""
        self.jobs: list[Job] = []
        """To be drawn, newest first."""
        self.in_file: list[Job] = []
        """Further ones, whose results are in the open file."""
        self.results = _Results()
        self.month = Sum()
        self.wallet: WalletNote | None = None


def _reading() -> _Reading:
    return memory.of(_Reading)


class _Pictures(Part):
    """Which pictures of the jobs that are drawn lie on disk."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        """Those looked at, by id."""
        self._turn = 0
        self.thumbnails: dict[str, str] = {}
        self.sent: dict[str, str] = {}
        """Of what was sent."""

    def look(self, jobs: list[Job]) -> None:
        """Look for those of jobs that changed, and for some of the others, all in turn.

        A picture may come or go without its job, but seldom does.
        """
        before, self._jobs = self._jobs, {job.id: job for job in jobs}
        thumbnails, sent = dict(self.thumbnails), dict(self.sent)
        looked_at = [job for job in jobs if before.get(job.id) is not job]
        looked_at += _in_turn(jobs, self._turn, IN_TURN)
        self._turn += IN_TURN
        for job in looked_at:
            thumbnails[job.id], sent[job.id] = _thumbnail(job), _sent_picture(job)
        for gone in before.keys() - self._jobs.keys():
            del thumbnails[gone], sent[gone]
        self.thumbnails, self.sent = thumbnails, sent


IN_TURN: Final = 4
"""Unchanged jobs whose pictures are looked for again at each change."""


def _in_turn(jobs: list[Job], turn: int, count: int) -> list[Job]:
    """So many of them from the one whose turn it is; after the last comes the first."""
    start = turn % len(jobs) if jobs else 0
    return (jobs[start:] + jobs[:start])[:count]


class _Presence(Part):
    """Of which jobs something is in the open file's scenes."""

    def __init__(self) -> None:
        self.counts: tuple[int, ...] = ()
        self.jobs: set[str] = set()

    def look(self) -> None:
        self.counts = _object_counts()
        self.jobs = provenance.jobs_in_file()


def _object_counts() -> tuple[int, ...]:
    """Differ when objects came or went."""
    layers = (layer for scene in bpy.data.scenes for layer in scene.view_layers)
    return (len(bpy.data.objects), *(len(layer.objects) for layer in layers))


def objects_came_or_went() -> bool:
    """Whether the snapshot may say something else of what is in the scenes than there is."""
    return memory.of(_Presence).counts != _object_counts()


def refresh(context: bpy.types.Context) -> snapshot.Snapshot:
    """Bring the snapshot up to date, with all that may be in the scenes, and return it."""
    memory.of(_Presence).look()
    look(context)
    return snapshot.current()


def look(context: bpy.types.Context) -> Look:
    """Bring the snapshot up to date, and say what is to be done about the jobs.

    The store is only read if it has changed, so this may be called several times a second.
    """
    if objects_came_or_went():
        memory.of(_Presence).look()
    trouble = _read(interface_state.interface_state_of(context))
    reading = _reading()
    decisions = _decisions(context)
    reasons = {job_id: decision.reason for job_id, decision in decisions.items()}
    expected = (job for job in reading.unplaced if decisions[job.id].when is not When.BY_HAND)
    before = snapshot.current()
    here = memory.of(_Presence).jobs
    to_choose = alternatives.to_choose([*reading.jobs, *reading.in_file], here)
    rows = _rows(reading.jobs, reasons, before.rows, to_choose)
    snapshot.publish(
        snapshot.Snapshot(
            rows=rows,
            entries=snapshot.make_entries(rows, before.entries),
            results=_results_page(),
            boxes=spot_boxes.of([*reading.active, *expected]) if options.read().show_spots else (),
            stands=comparison.stands([*reading.jobs, *reading.in_file], here, to_choose),
            wallet=reading.wallet,
            worker=worker_host.state(),
            worker_message=worker_host.trouble(),
            online=account.online(),
            address=account.current().address,
            key_source=account.current().key_source,
            month=reading.month,
            in_file=_rows(reading.in_file, {}, before.in_file, to_choose),
            sent_pictures=memory.of(_Pictures).sent,
            message=trouble or snapshot.trouble_shown(),
            is_list_sound=not trouble,
            unread=notifications.unread(),
            comparison=comparison_picture.wish_rendered(),
            comparison_trouble=comparison_picture.trouble(),
            side_views=side_views.progress(),
            side_views_trouble=side_views.trouble(),
        )
    )
    results = tuple((job, decisions[job.id]) for job in reading.unplaced)
    return Look(len(reading.active), results)


def _rows(
    jobs: list[Job],
    reasons: Mapping[str, str],
    before: Iterable[snapshot.JobRow],
    to_choose: Collection[str],
) -> tuple[snapshot.JobRow, ...]:
    remarks, pictures = job_notes.current(), memory.of(_Pictures).thumbnails
    elsewhere = _elsewhere(jobs)
    return snapshot.make_rows(jobs, reasons, remarks, pictures, elsewhere, before, to_choose)


def _results_page() -> snapshot.ResultsPage:
    page = _reading().results
    before = snapshot.current().results.rows
    rows = snapshot.make_rows(page.jobs, {}, {}, page.thumbnails, _elsewhere(page.jobs), before)
    return snapshot.ResultsPage(rows, page.page, page.pages, page.total)


def _elsewhere(jobs: list[Job]) -> dict[str, str]:
    """What there is to say of placed results of which nothing is in the open file's scenes."""
    here = memory.of(_Presence).jobs
    return {
        job.id: "Not in the scene any more" if policy.is_of_file(job) else "Placed in another file"
        for job in jobs
        if job.state is State.PLACED and job.id not in here
    }


def _read(wanted: STUDIO3D_PG_interface) -> str:
    """Read the store if it has changed; returns why that was not possible, or ""."""
    if not session.has_jobs():
        return ""
    import sqlite3  # late: not needed to enable the extension

    from ...jobs.schema import unread

    reading = _reading()
    address = account.current().address
    try:
        store = session.store()
        month = month_start(time.time())
        among = result_filter.chosen(wanted.results_kind, wanted.results_engine)
        wish = (wanted.results_filter, among, wanted.results_page)
        openings, path, followed = session.openings(), bpy.data.filepath, notifications.followed()
        here = memory.of(_Presence).jobs
        asked = (address, month, *wish, *openings, path, followed, here)
        version = store.data_version()
        if (version, asked) != reading.version:
            with store.look():
                jobs_version = (store.newest_change(), asked)
                if jobs_version != reading.jobs_version:  # else it was a lease, or the balance
                    if not _have_only_gone_on(store, asked):
                        _read_jobs(store, openings, path, followed)
                    memory.of(_Pictures).look([*reading.jobs, *reading.in_file])
                    _read_results(store, wish)
                    reading.month = store.charges_since(address, month)
                    reading.jobs_version = jobs_version
                reading.wallet = store.wallet(address)
            reading.results.look_for_pictures()
            reading.version = (version, asked)
    except ServiceError as error:
        return together(error.message, error.hint)
    except sqlite3.Error as error:
        trouble = Message("The job list cannot be read: {error}.", error=error)
        return together(trouble, unwritten.words(paths.places().store))
    if store.unreadable:
        left_out = unread(len(store.unreadable))
        return together(left_out.message, left_out.hint, unwritten.words(store.path))
    return unwritten.words(store.path)


def _read_jobs(
    store: Store, openings: Collection[str], path: str, followed: frozenset[str]
) -> None:
    reading = _reading()
    reading.active = store.active()
    reading.unplaced = store.placeable(openings, path)
    reading.jobs = _listed(store, followed)
    reading.in_file = _in_file(store)


def _have_only_gone_on(store: Store, asked: tuple[object, ...]) -> bool:
    """Take in what changed where that is all: jobs that were under way are further along.

    Then the lists hold the same jobs as before. That is most changes where many are under way.
    """
    reading = _reading()
    if reading.jobs_version is None or reading.jobs_version[1] != asked:
        return False
    changed = set(store.changed_since(reading.jobs_version[0]).jobs)
    now = {job.id: job for job in store.some(changed)}
    before = {job.id: job for job in reading.active if job.id in changed}
    if not changed == now.keys() == before.keys():
        return False
    if any(
        job.state not in ACTIVE or job.listed != before[job_id].listed
        for job_id, job in now.items()
    ):
        return False
    reading.active, reading.jobs, reading.in_file = (
        [now.get(job.id, job) for job in jobs]
        for jobs in (reading.active, reading.jobs, reading.in_file)
    )
    return True


def _listed(store: Store, followed: frozenset[str]) -> list[Job]:
    """The newest jobs, and older ones under way or ``followed``; newest first."""
    newest = store.all(snapshot.SHOWN)
    shown = {job.id for job in newest}
    active = [job for job in _reading().active if job.id not in shown]
    shown.update(job.id for job in active)
    ended = [job for job in store.some(followed - shown) if job.listed]
    return newest + sorted([*active, *ended], key=lambda job: job.created_at, reverse=True)


def _in_file(store: Store) -> list[Job]:
    """The jobs that made objects of the open file, as far as they are not listed."""
    listed = {job.id for job in _reading().jobs}
    return store.some(sorted(memory.of(_Presence).jobs - listed)[:MOST_IN_FILE])


MOST_IN_FILE: Final = 500
"""Jobs that are looked up by their objects; who places more finds the others in Results."""


def _sent_picture(job: Job) -> str:
    """The picture of what the job was sent, if there is one on disk; else ""."""
    sent = job.origin.sent
    if sent is None or sent.geometry is None:
        return ""
    picture = sent_picture(Path(sent.geometry.blend))
    return str(picture) if picture.is_file() else ""


def _thumbnail(job: Job) -> str:
    """The picture of the job's result, if there is one on disk; else ""."""
    path = thumbnail(job)
    return str(path) if path is not None and path.is_file() else ""


def _read_results(store: Store, wish: tuple[str, frozenset[str] | None, int]) -> None:
    """The page, or the last one there is."""
    asked = (store.results_version(), *wish)
    if asked == _reading().results.asked:
        return
    text, among, page = wish

    def read(number: int) -> tuple[list[Job], int]:
        size = snapshot.RESULTS_SHOWN
        return store.results(text=text, among=among, limit=size, offset=(number - 1) * size)

    jobs, total = read(page)
    pages = max(1, -(-total // snapshot.RESULTS_SHOWN))
    if page > pages:
        page = pages
        jobs, _ = read(page)
    _reading().results = _Results(asked, jobs, page, pages, total)


def _decisions(context: bpy.types.Context) -> dict[str, Decision]:
    """What is to become of each result, by the job's id."""
    reading = _reading()
    drawn = (job for job in reading.jobs if job.state is State.READY)
    ready = {job.id: job for job in (*reading.unplaced, *drawn)}
    return {job_id: policy.decide(context, job) for job_id, job in ready.items()}
