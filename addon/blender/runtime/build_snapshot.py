"""Making the snapshot that the panels draw: from the store, the worker and the network switch."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy

from ...catalog.messages import Message, together
from ...jobs import unwritten
from ...jobs.charges import Sum, month_start
from ...jobs.origin import sent_picture
from ...jobs.results import thumbnail
from ...jobs.states import State
from ...service.errors import ServiceError
from ..core import account, memory, options, paths, session
from ..core.memory import Part
from ..placement import policy
from ..placement.policy import When
from ..scene import provenance
from ..settings import interface_state, result_filter
from ..snapshot import job_notes, snapshot
from . import notifications, side_views, spot_boxes, worker_host

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


class _Reading(Part):
    """What was last read from the store."""

    def __init__(self) -> None:
        self.version: tuple[object, ...] | None = None
        self.active: list[Job] = []
        self.unplaced: list[Job] = []
        """Results of the open file, oldest first."""
        self.jobs: list[Job] = []
        """To be drawn, newest first."""
        self.in_file: list[Job] = []
        """Further ones, whose results are in the open file."""
        self.thumbnails: dict[str, str] = {}
        self.sent_pictures: dict[str, str] = {}
        self.results = snapshot.ResultsPage()
        self.month = Sum()
        self.wallet: WalletNote | None = None


def _reading() -> _Reading:
    return memory.of(_Reading)


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
    rows = _rows(reading.jobs, reasons)
    snapshot.publish(
        snapshot.Snapshot(
            rows=rows,
            entries=snapshot.make_entries(rows),
            results=_results_page(),
            boxes=spot_boxes.of([*reading.active, *expected]) if options.read().show_spots else (),
            wallet=reading.wallet,
            worker=worker_host.state(),
            worker_message=worker_host.trouble(),
            online=account.online(),
            address=account.current().address,
            key_source=account.current().key_source,
            month=reading.month,
            in_file=_rows(reading.in_file, {}),
            sent_pictures=reading.sent_pictures,
            message=trouble or snapshot.trouble_shown(),
            is_list_sound=not trouble,
            unread=notifications.unread(),
            side_views=side_views.progress(),
            side_views_trouble=side_views.trouble(),
        )
    )
    results = tuple((job, decisions[job.id]) for job in reading.unplaced)
    return Look(len(reading.active), results)


def _rows(jobs: list[Job], reasons: Mapping[str, str]) -> tuple[snapshot.JobRow, ...]:
    remarks, pictures = job_notes.current(), _reading().thumbnails
    return snapshot.make_rows(jobs, reasons, remarks, pictures, _elsewhere(jobs))


def _results_page() -> snapshot.ResultsPage:
    page = _reading().results
    jobs = [row.job for row in page.rows]
    pictures = {row.job.id: row.thumbnail for row in page.rows}
    return replace(page, rows=snapshot.make_rows(jobs, {}, {}, pictures, _elsewhere(jobs)))


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
        version = (store.data_version(), address, month, *wish, *openings, path, followed)
        if version != reading.version:
            reading.active = store.active()
            reading.unplaced = store.placeable(openings, path)
            reading.jobs = _listed(store, followed)
            reading.in_file = _in_file(store)
            known = [*reading.jobs, *reading.in_file]
            reading.thumbnails, reading.sent_pictures = _thumbnails(known), _sent_pictures(known)
            reading.results = _results(store, *wish)
            reading.month = store.charges_since(address, month)
            reading.wallet = store.wallet(address)
            reading.version = version
    except ServiceError as error:
        return together(error.message, error.hint)
    except sqlite3.Error as error:
        trouble = Message("The job list cannot be read: {error}.", error=error)
        return together(trouble, unwritten.words(paths.places().store))
    if store.unreadable:
        left_out = unread(len(store.unreadable))
        return together(left_out.message, left_out.hint, unwritten.words(store.path))
    return unwritten.words(store.path)


def _listed(store: Store, followed: Collection[str]) -> list[Job]:
    """The newest jobs, and older ones under way or ``followed``; newest first."""
    newest = store.all(snapshot.SHOWN)
    shown = {job.id for job in newest}
    active = [job for job in _reading().active if job.id not in shown]
    shown.update(job.id for job in active)
    ended = [job for job in store.some(followed) if job.listed and job.id not in shown]
    return newest + sorted([*active, *ended], key=lambda job: job.created_at, reverse=True)


def _in_file(store: Store) -> list[Job]:
    """The jobs that made objects of the open file, as far as they are not listed."""
    listed = {job.id for job in _reading().jobs}
    return store.some(sorted(memory.of(_Presence).jobs - listed)[:MOST_IN_FILE])


MOST_IN_FILE: Final = 500
"""Jobs that are looked up by their objects; who places more finds the others in Results."""


def _sent_pictures(jobs: list[Job]) -> dict[str, str]:
    """The picture of what each job was sent, for those there are, by the job's id."""
    found = {}
    for job in jobs:
        sent = job.origin.sent
        if sent is not None and sent.geometry is not None:
            picture = sent_picture(Path(sent.geometry.blend))
            if picture.is_file():
                found[job.id] = str(picture)
    return found


def _thumbnails(jobs: list[Job]) -> dict[str, str]:
    """The picture of each job that has one on disk, by the job's id."""
    named = ((job.id, thumbnail(job)) for job in jobs)
    return {job_id: str(path) for job_id, path in named if path is not None and path.is_file()}


def _results(
    store: Store, text: str, among: frozenset[str] | None, page: int
) -> snapshot.ResultsPage:
    """The page, or the last one there is."""

    def read(number: int) -> tuple[list[Job], int]:
        size = snapshot.RESULTS_SHOWN
        return store.results(text=text, among=among, limit=size, offset=(number - 1) * size)

    jobs, total = read(page)
    pages = max(1, -(-total // snapshot.RESULTS_SHOWN))
    if page > pages:
        page = pages
        jobs, _ = read(page)
    rows = snapshot.make_rows(jobs, {}, {}, _thumbnails(jobs), {})
    return snapshot.ResultsPage(rows, page, pages, total)


def _decisions(context: bpy.types.Context) -> dict[str, Decision]:
    """What is to become of each result, by the job's id."""
    reading = _reading()
    drawn = (job for job in reading.jobs if job.state is State.READY)
    ready = {job.id: job for job in (*reading.unplaced, *drawn)}
    return {job_id: policy.decide(context, job) for job_id, job in ready.items()}
