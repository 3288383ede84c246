"""Which results in the scenes are to be chosen from, and where each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...jobs.actions import STOPPED
from ...jobs.states import ACTIVE
from ..placement import spots
from ..scene import bounds, provenance
from ..snapshot.comparison import Stand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ...jobs.job import Job


def stands(
    jobs: Iterable[Job], here: Collection[str], to_choose: Collection[str]
) -> tuple[Stand, ...]:
    """Where the results stand of which one is ``to_choose``.

    ``here`` are the jobs that scenes hold some of. One that ended without a result keeps its place
    as long as there are others.
    """
    wishes: dict[str, list[Job]] = {}
    for job in jobs:
        place = job.origin.alternative
        if place is not None and job.id in to_choose and job.id in place.orders:
            wishes.setdefault(place.id, []).append(job)
    return tuple(
        stand
        for wish in wishes.values()
        if any(job.id in here or job.state in ACTIVE for job in wish)
        for job in wish
        if (stand := _stand(job, is_here=job.id in here)) is not None
    )


def _stand(job: Job, *, is_here: bool) -> Stand | None:
    if not is_here and job.state in STOPPED:
        return _place_of(job)
    if not is_here:
        return None
    for scene in bpy.data.scenes:
        objects = provenance.placed_objects(scene, job.id)
        box = bounds.of(objects)
        if box is not None:
            return Stand(job.id, scene.session_uid, *box, tuple(obj.name for obj in objects))
    return None


def _place_of(job: Job) -> Stand | None:
    """The spot that was taken for it."""
    for scene in bpy.data.scenes:
        box = spots.box_of(scene, job)
        if box is not None:
            low, high = map(bounds.corner_of, (box.low, box.high))
            return Stand(job.id, scene.session_uid, low, high)
    return None
