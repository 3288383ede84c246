"""Making the snapshot that the panels draw: from the store, the worker and the network switch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import bpy

from ..catalog.sentences import sentence, together
from ..jobs.charges import Sum, add_up, month_start
from ..jobs.states import State
from ..service.errors import ServiceError
from . import account, news, placement, remarks, session, side_views, view, worker_host

if TYPE_CHECKING:
    from ..jobs.job import Job
    from ..jobs.store import Store, WalletNote


class _Reading:
    """What was last read from the store."""

    def __init__(self) -> None:
        self.version: tuple[int, str, float] | None = None
        self.jobs: list[Job] = []
        self.month = Sum()
        self.wallet: WalletNote | None = None


_reading: Final = _Reading()


def refresh(context: bpy.types.Context) -> view.JobsView:
    """Bring the snapshot up to date and return it.

    The store is only read if it has changed, so this may be called several times a second.
    """
    trouble = _read()
    view.publish(
        view.JobsView(
            rows=view.make_rows(_reading.jobs, _reasons(context), remarks.current()),
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
    _reading.month = Sum()
    _reading.wallet = None


def _read() -> str:
    """Read the store if it has changed; returns why that was not possible, or ""."""
    if not session.has_jobs():
        return ""
    import sqlite3  # late: not needed to enable the extension

    address = account.current().address
    try:
        store = session.store()
        month = month_start(time.time())
        version = (store.data_version(), address, month)
        if version != _reading.version:
            _reading.jobs = _newest_and_active(store)
            _reading.month = add_up(store.sent_since(address, month))
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


def _reasons(context: bpy.types.Context) -> dict[str, str]:
    ready = (job for job in _reading.jobs if job.state is State.READY)
    return {job.id: placement.decide(context, job).reason for job in ready}
