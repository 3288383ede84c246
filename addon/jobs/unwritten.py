"""What to say while the job list cannot be written. Reads a few small files and writes nothing."""

import shutil
from pathlib import Path
from typing import Final

from ..catalog.messages import Message, together
from . import slips

LEAST_FREE: Final = 256 * 1024
"""Bytes on the disk below which the list cannot be relied on: it grows by pages."""


DISK_FULL: Final = "The disk is full: the job list in {folder} cannot be written."


def words(store: Path) -> str:
    """Why the list may not say how things stand, and what to do; "" while all is well."""
    waiting = slips.waiting(store)
    if waiting:
        return together(
            Message("Paid orders that could not be written into the job list yet: {n}.", n=waiting),
            "Nothing is lost: they are kept beside it, and written as soon as that is possible. "
            "Make room on the disk, and close other programs that use the list.",
        )
    if _is_full(store.parent):
        return together(
            Message(DISK_FULL, folder=store.parent),
            "Make room: jobs go on by themselves then, and nothing is paid for twice.",
        )
    return ""


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE
    except OSError:  # of a folder that is gone something else is said
        return False
