"""What the job list knows about an object: read from the view, so it may be asked in a draw."""

from collections.abc import Mapping
from typing import Any

import bpy

from ...catalog import Outcome, UnknownOperation, get
from ...jobs.chains import chain_of
from ...jobs.job import Job
from ..core import session
from ..scene import export_selection
from ..scene.provenance import JOB
from ..snapshot import snapshot

Titled = tuple[str, Mapping[str, Any]]


def before_and_after(result: bpy.types.Object) -> list[Titled]:
    """The figures of the object that was sent and of what came back, as far as they are known."""
    row = snapshot.current().row(str(result.get(JOB, "")))
    if row is None:
        return []
    found: list[Titled] = []
    before = _exported_for(row.job)
    if before:
        found.append(("Before", before))
    if row.job.prepared is not None and row.job.prepared.figures:
        found.append(("After", row.job.prepared.figures))
    return found


def _exported_for(job: Job) -> Mapping[str, Any]:
    """The figures of the chain's first export, which is the model that was sent."""
    chain = chain_of(job)
    jobs = [row.job for row in snapshot.current().rows]
    siblings = [one for one in jobs if chain_of(one) == chain]
    exports = [one.export for one in reversed(siblings) if one.export is not None]
    # Of a pair the last one sent is the one that is replaced.
    return exports[-1].figures if exports else {}


def latest(context: bpy.types.Context, outcome: Outcome) -> Job | None:
    """The newest job of that kind that was made from the active object and has results."""
    active = context.active_object
    if active is None:
        return None
    for row in snapshot.current().rows:
        if row.job.files and _outcome(row.job) is outcome and is_from(row.job, active):
            return row.job
    return None


def is_from(job: Job, obj: bpy.types.Object) -> bool:
    """Whether the object was sent for the job."""
    if job.origin.sent is None:
        return False
    first = job.origin.sent.objects[0]
    if session.is_open(job):
        return first.session_uid == obj.session_uid
    return bool(first.mark) and first.mark == obj.get(export_selection.MARK)


def _outcome(job: Job) -> Outcome | None:
    try:
        return get(job.operation).outcome
    except UnknownOperation:
        return None
