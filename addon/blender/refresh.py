"""Making the snapshot that the panels draw: from the store, the worker and the network switch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import bpy

from ..catalog import Outcome, operations
from ..catalog.sentences import sentence, together
from ..jobs.charges import Sum, month_start
from ..jobs.states import State
from ..service.errors import ServiceError
from . import (
    account,
    interface_state,
    news,
    placement,
    remarks,
    session,
    side_views,
    thumbnails,
    view,
    worker_host,
)

if TYPE_CHECKING:
    from ..jobs.job import Job
    from ..jobs.store import Store, WalletNote
    from .interface_state import STUDIO3D_PG_interface


class _Reading:
    """What was last read from the store."""

    def __init__(self) -> None:
        self.version: tuple[object, ...] | None = None
        self.jobs: list[Job] = []
        self.thumbnails: dict[str, str] = {}
        self.results = view.ResultsView()
        self.month = Sum()
        self.wallet: WalletNote | None = None


_reading: Final = _Reading()


def refresh(context: bpy.types.Context) -> view.JobsView:
    """Bring the snapshot up to date and return it.

    The store is only read if it has changed, so this may be called several times a second.
    """
    trouble = _read(interface_state.interface_state_of(context))
    view.publish(
        view.JobsView(
            rows=view.make_rows(
                _reading.jobs, _reasons(context), remarks.current(), _reading.thumbnails
            ),
            results=_reading.results,
            wallet=_reading.wallet,
            worker=worker_host.state(),
            worker_message=worker_host.trouble(),
            online=account.online(),
            address=account.current().address,
            key_source=account.current().key_source,
            month=_reading.month,
            message=trouble or view.said(),
            unread=news.unread(),
            side_views=side_views.progress(),
            side_views_trouble=side_views.trouble(),
        )
    )
    return view.current()


def forget() -> None:
    """Read everything anew the next time."""
    _reading.version = None
    _reading.jobs = []
    _reading.thumbnails = {}
    _reading.results = view.ResultsView()
    _reading.month = Sum()
    _reading.wallet = None


def _read(wanted: STUDIO3D_PG_interface) -> str:
    """Read the store if it has changed; returns why that was not possible, or ""."""
    if not session.has_jobs():
        return ""
    import sqlite3  # late: not needed to enable the extension

    address = account.current().address
    try:
        store = session.store()
        month = month_start(time.time())
        wish = (wanted.results_filter, wanted.results_page)
        version = (store.data_version(), address, month, *wish)
        if version != _reading.version:
            _reading.jobs = _newest_and_active(store)
            _reading.thumbnails = _thumbnails(_reading.jobs)
            _reading.results = _results(store, *wish)
            _reading.month = store.charges_since(address, month)
            _reading.wallet = store.wallet(address)
            _reading.version = version
    except ServiceError as error:
        return together(error.message, error.hint)
    except sqlite3.Error as error:
        return sentence("The job list cannot be read: {error}.", error=error)
    return ""


def _newest_and_active(store: Store) -> list[Job]:
    """The newest jobs, and older ones that are still worked on; newest first."""
    newest = store.all(view.SHOWN)
    shown = {job.id for job in newest}
    return newest + [job for job in reversed(store.active()) if job.id not in shown]


def _thumbnails(jobs: list[Job]) -> dict[str, str]:
    """The picture of each job that has one on disk, by the job's id."""
    named = ((job.id, thumbnails.of_job(job)) for job in jobs)
    return {job_id: str(path) for job_id, path in named if path is not None and path.is_file()}


def _results(store: Store, text: str, page: int) -> view.ResultsView:
    """The page, or the last one there is."""
    figures = [one.name for one in operations() if one.outcome is Outcome.FIGURES]

    def read(number: int) -> tuple[list[Job], int]:
        size = view.RESULTS_SHOWN
        return store.results(text=text, without=figures, limit=size, offset=(number - 1) * size)

    jobs, total = read(page)
    pages = max(1, -(-total // view.RESULTS_SHOWN))
    if page > pages:
        page = pages
        jobs, _ = read(page)
    rows = view.make_rows(jobs, {}, {}, _thumbnails(jobs))
    return view.ResultsView(rows, page, pages, total)


def _reasons(context: bpy.types.Context) -> dict[str, str]:
    ready = (job for job in _reading.jobs if job.state is State.READY)
    return {job.id: placement.decide(context, job).reason for job in ready}
