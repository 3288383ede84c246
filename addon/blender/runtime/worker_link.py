"""What buttons call after they have changed something the worker has to know of."""

import bpy

from ..core import account
from . import build_snapshot, job_monitor, worker_host


def jobs_changed(context: bpy.types.Context) -> None:
    """A job was added, changed or removed by the user."""
    worker_host.nudge()
    build_snapshot.refresh(context)
    job_monitor.wake()


def check_connection(context: bpy.types.Context) -> None:
    """Ask for the balance; the answer appears in the snapshot's wallet."""
    job_monitor.expect_answer()
    worker_host.check()
    build_snapshot.refresh(context)
    job_monitor.wake()


def account_changed() -> None:
    """Key, address or online access are different now."""
    account.forget()
    if worker_host.is_running():
        worker_host.ensure()
    build_snapshot.refresh(bpy.context)
    job_monitor.wake()
