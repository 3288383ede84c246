"""What viewports show of results that are still to come: a box each, where it is to stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from mathutils import Vector

from ...jobs import chains
from ...jobs.states import NOT_SENT
from ..core import session
from ..core.access import by_name
from ..placement import policy, spots
from ..placement.free_spot import Box, around
from ..scene import export_selection
from ..snapshot.snapshot import fraction_of, status_text
from ..snapshot.viewports import SpotBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...jobs.job import Job
    from ...jobs.origin import Identity


def of(jobs: Iterable[Job]) -> tuple[SpotBox, ...]:
    """The boxes of these jobs, oldest first: one for each order of which something enters a scene.

    A result that takes the place of an object has the box of that object.
    """
    orders: dict[str, list[Job]] = {}
    for job in jobs:
        orders.setdefault(chains.order_of(job), []).append(job)
    wanted = (order for order in orders.values() if any(job.wants_prepared for job in order))
    boxes = (_box_of_order(_under_way(order)) for order in wanted)
    return tuple(box for box in boxes if box is not None)


def _under_way(order: list[Job]) -> Job:
    """The job of the order that is being worked on, else the one that is next."""
    return next((job for job in order if job.state not in NOT_SENT), order[0])


def _box_of_order(job: Job) -> SpotBox | None:
    for scene in bpy.data.scenes:
        if policy.belongs_to(scene, job):
            box = _box_of_sent(scene, job) or spots.box_of(scene, job)
            return None if box is None else _shown(scene, box, job)
    return None


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
