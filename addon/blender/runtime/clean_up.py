"""Freeing the disk of results: what the open file uses, what would go, and having it done.

The deleting is the work of a process of its own; here is only looked.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy

from ...catalog.messages import Message
from ...service.errors import ServiceError
from ..core import ids, memory, options, paths, session, ticker
from ..core.memory import Part
from ..snapshot import snapshot
from . import background_tasks, build_snapshot, job_monitor, worker_host
from .background_tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...jobs.cleaning import Plan

log = logging.getLogger(__name__)

TRIM_AFTER: Final = 5.0
"""Seconds after a result was placed until the size limit is looked at."""
TIMEOUT: Final = 3600.0
"""Seconds after which something must be wrong."""
LONGEST: Final = 60.0
"""Seconds that a clean-up is waited for without a window."""
GIGABYTE: Final = 1_000_000_000


class _Last(Part):
    task: Task | None = None


def note_open_file(blend: str) -> None:
    """Write down which results the open file refers to, which is at ``blend`` ("" if nowhere).

    A result's own .blend that is opened and saved is the user's work from then on. Never raises:
    it is called while Blender saves and opens files.
    """
    used = _used_results(blend)
    if not used or not session.has_jobs():
        return
    try:
        session.store().note_uses(blend, used)
    except ServiceError as error:
        log.warning("which results %s uses is not written down: %s", blend, error)


def _used_results(blend: str) -> set[Path]:
    """Real paths of the files below a results folder that the open file refers to, or is."""
    named = map(Path, bpy.utils.blend_paths(absolute=True, packed=False))
    # Among the .blends are those appended from, which Blender only remembers: linked ones count.
    found = {path for path in named if path.suffix.lower() != ".blend"}
    found.update(Path(bpy.path.abspath(library.filepath)) for library in bpy.data.libraries)
    for scene in bpy.data.scenes:
        found.update(_paths_in(getattr(scene, ids.EXTENSION)))
    if blend:
        found.add(Path(blend))
    roots = [os.path.realpath(root) for root in _roots()]
    real = {Path(os.path.realpath(path)) for path in found}
    return {path for path in real if any(path.is_relative_to(root) for root in roots)}


def _paths_in(group: Any) -> Iterator[Path]:
    """Every text of the settings that is the path of a file."""
    for name, prop in group.bl_rna.properties.items():
        if name == "rna_type":
            continue
        value = getattr(group, name)
        if prop.type == "STRING" and value:
            yield Path(bpy.path.abspath(value))
        elif prop.type == "POINTER" and isinstance(value, bpy.types.PropertyGroup):
            yield from _paths_in(value)
        elif prop.type == "COLLECTION":
            for item in value:
                yield from _paths_in(item)


def _roots() -> list[Path]:
    """Where results are kept: the folder in use, and the standard one."""
    return list(dict.fromkeys([paths.downloads(), paths.places().results]))


def plan(*, unplaced: bool) -> Plan:
    """What a clean-up would free now; raises ServiceError."""
    from ...jobs import cleaning  # late: sqlite3 is not needed to enable the extension

    note_open_file(bpy.data.filepath)
    return cleaning.plan(session.store(), _roots(), now=time.time(), unplaced=unplaced)


def choices() -> dict[bool, Plan]:
    """What would go, by whether results never placed go as well; raises ServiceError."""
    from ...jobs import cleaning  # late, as above

    note_open_file(bpy.data.filepath)
    without, with_unplaced = cleaning.choices(session.store(), _roots(), now=time.time())
    return {False: without, True: with_unplaced}


def start(*, unplaced: bool = False, limit: int | None = None) -> None:
    """Have it done; without a window it is waited for. Raises OSError."""
    note_open_file(bpy.data.filepath)
    order = {
        "store": str(paths.places().store),
        "roots": [str(root) for root in _roots()],
        "unplaced": unplaced,
        "limit": limit,
        "log_file": str(paths.places().logs / "clean-up.log"),
    }
    task = Task(
        worker_host.clean_up_command(),
        order,
        TIMEOUT,
        done=_show_what_is_left,
        failed=_tell_trouble if limit is None else _note_trouble,
        outlives=True,
    )
    background_tasks.start(task)
    memory.of(_Last).task = task
    if bpy.app.background:
        background_tasks.wait(task, LONGEST)


def is_running() -> bool:
    """Whether a clean-up is under way."""
    return background_tasks.is_running(memory.of(_Last).task)


def _show_what_is_left(_report: Mapping[str, Any]) -> None:
    build_snapshot.refresh(bpy.context)


def _tell_trouble(trouble: str) -> None:
    """Somebody asked for it, and sees no results go."""
    snapshot.show_trouble(Message("The results were not cleaned up: {reason}", reason=trouble))
    _note_trouble(trouble)


def _note_trouble(trouble: str) -> None:
    log.warning("a clean-up was not carried out: %s", trouble)
    build_snapshot.refresh(bpy.context)


def trim_soon() -> None:
    """Keep to the size limit, a moment after a result was placed; only in a window."""
    if options.read().cache_limit:
        ticker.call(_trim, after=TRIM_AFTER)


def _trim() -> None:
    """Called by the ticker, once."""
    limit = options.read().cache_limit
    if is_running() or not limit:  # none any more: it was there when the timer was set
        return
    try:
        start(limit=limit * GIGABYTE)
    except OSError as error:
        log.warning("the size limit of the results is not kept: %s", error)
    else:
        job_monitor.wake()
