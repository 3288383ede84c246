"""A clean-up as a process of its own: one order, one look, and the deleting."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..jobs import cleaning
from ..jobs.store import Store
from .logs import start_log

log = logging.getLogger(__name__)


def run(order: Mapping[str, Any]) -> None:
    """Free what ``order`` asks for: ``store``, ``roots``, ``unplaced``, ``limit``, ``log_file``."""
    start_log(Path(order["log_file"]))
    store = Store(Path(order["store"]))
    try:
        planned = cleaning.plan(
            store,
            [Path(root) for root in order["roots"]],
            now=time.time(),
            unplaced=bool(order["unplaced"]),
            limit=order["limit"],
        )
        freed = cleaning.carry_out(store, planned)
        log.info("%d of %d bytes freed", freed, planned.total)
    finally:
        store.close()
