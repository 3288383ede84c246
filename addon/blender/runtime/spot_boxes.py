"""What viewports show of results that are still to come: a box each, where it is to stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import bpy
from mathutils import Vector

from ...jobs import chains
from ...jobs.states import NOT_SENT
from ..core import memory, session
from ..core.access import by_name
from ..core.memory import Part
from ..core.units import metres_per_unit
from ..placement import policy, spots
from ..placement.free_spot import Box, around
from ..scene import export_selection
from ..snapshot.snapshot import fraction_of, status_text
from ..snapshot.viewports import SpotBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...jobs.job import Job
    from ...jobs.origin import Identity


class _Boxes(Part):
    """The boxes last made, by the id of the job that each is of."""

    def __init__(self) -> None:
        self.asked: tuple[object, ...] = ()
        """What boxes depend on besides their job."""
        self.made: dict[str, tuple[Job, SpotBox | None]] = {}


def of(jobs: Iterable[Job]) -> tuple[SpotBox, ...]:
    """The boxes of these jobs, oldest first: one for each order of which something enters a scene.

    A result that takes the place of an object has the box of that object. A box is made anew only
    where something it depends on has changed: this is asked at every look.
    """
    orders: dict[str, list[Job]] = {}
    for job in jobs:
        orders.setdefault(chains.order_of(job), []).append(job)
    scenes = [(one.session_uid, one.name, metres_per_unit(one)) for one in bpy.data.scenes]
    asked = (*session.what_is_open(), *scenes)
    last = memory.of(_Boxes)
    known = last.made if asked == last.asked else {}
    last.asked, last.made = asked, {}
    for order in orders.values():
        job = order[0] if len(order) == 1 else _under_way(order)
        if job.wants_prepared or any(one.wants_prepared for one in order):
            before = known.get(job.id)
            # An object may have been moved.
            if before is not None and before[0] is job and job.origin.sent is None:
                last.made[job.id] = before
            elif before is not None and _is_where_it_was(before[0], job):
                last.made[job.id] = job, _further_along(before[1], job)
            else:
                last.made[job.id] = job, _box_of_order(job)
    return tuple([box for _, box in last.made.values() if box is not None])


def _under_way(order: list[Job]) -> Job:
    """The job of the order that is being worked on, else the one that is next."""
    return next((job for job in order if job.state not in NOT_SENT), order[0])


def _box_of_order(job: Job) -> SpotBox | None:
    for scene in bpy.data.scenes:
        if policy.belongs_to(scene, job):
            box = _box_of_sent(scene, job) or spots.box_of(scene, job)
            return None if box is None else _shown(scene, box, job)
    return None


def _is_where_it_was(before: Job, job: Job) -> bool:
    return job.origin is before.origin and job.origin.sent is None and job.name == before.name


def _further_along(box: SpotBox | None, job: Job) -> SpotBox | None:
    if box is None:
        return None
    return replace(box, text=status_text(job), fraction=fraction_of(job))


def _shown(scene: bpy.types.Scene, box: Box, job: Job) -> SpotBox:
    (left, front, bottom), (right, back, top) = box.low[:], box.high[:]
    return SpotBox(
        scene.session_uid,
        (left, front, bottom),
        (right, back, top),
        job.name,
        status_text(job),
        fraction_of(job),
    )


def _box_of_sent(scene: bpy.types.Scene, job: Job) -> Box | None:
    """The bounds of the object whose place the result takes; None if there is no such object."""
    if job.origin.sent is None:
        return None
    obj = _find(scene, job.origin.sent.objects[0], same_session=session.is_open(job))
    if obj is None or not any(obj.dimensions[:]):
        return None
    return around(obj.matrix_world @ Vector(corner) for corner in obj.bound_box)


def _find(
    scene: bpy.types.Scene, known: Identity, *, same_session: bool
) -> bpy.types.Object | None:
    """The object, looked for among all only where it was renamed: this is asked at every look."""
    named = by_name(scene.objects, known.name)
    if named is not None and same_session and named.session_uid == known.session_uid:
        return named
    return export_selection.find(known, same_session=same_session)
