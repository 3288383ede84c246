"""A clean-up as a process of its own: one order, one look, and the deleting.

python -I bootstrap.py clean_up -- order.json
"""

import json
import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..catalog.messages import pack
from ..jobs import cleaning
from ..jobs.store import Store
from ..service import whole_files
from ..service.errors import ServiceError
from . import streams
from .logs import start_log

log = logging.getLogger(__name__)


def main() -> None:
    """Carry the order out and report, as scripts for a background Blender do."""
    whole_files.may_wait()
    streams.in_utf8()
    order = json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8"))
    try:
        report = {"ok": True, "freed": run(order)}
    except ServiceError as error:
        report = {"ok": False, "message": pack(error.message), "hint": pack(error.hint)}
    try:
        whole_files.write(Path(order["report"]), json.dumps(report).encode())
    except FileNotFoundError:
        log.info("nobody is there any more to be told")


def run(order: Mapping[str, Any]) -> int:
    """Free what ``order`` asks for: ``store``, ``roots``, ``unplaced``, ``limit``, ``log_file``.

    Returns the bytes freed; raises ServiceError.
    """
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
    return freed
