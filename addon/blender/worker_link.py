"""What buttons call after they have changed something the worker has to know of."""

import bpy

from . import account, refresh, watch, worker_host


def jobs_changed(context: bpy.types.Context) -> None:
    """A job was added, changed or removed by the user."""
    worker_host.nudge()
    refresh.refresh(context)
    watch.wake()


def check_connection(context: bpy.types.Context) -> None:
    """Ask for the balance; the answer appears in the view's wallet."""
    watch.expect_answer()
    worker_host.check()
    refresh.refresh(context)
    watch.wake()


def key_changed() -> None:
    """The key was entered or forgotten."""
    account_changed()


def account_changed() -> None:
    """Key, address or online access are different now."""
    account.forget()
    if worker_host.is_running():
        worker_host.ensure()
    refresh.refresh(bpy.context)
    watch.wake()
