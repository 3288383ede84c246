"""The spots that are taken for results when they are ordered, until the results come."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import bpy
from mathutils import Vector

from ...catalog import Mode, UnknownOperation, Values, get
from ...jobs import alternatives, chains
from ...jobs.placement_options import PlacementOptions, SizeBy
from ...jobs.states import ACTIVE
from ...service.errors import ServiceError
from ..core import options, session
from ..core.units import metres_per_unit
from . import policy
from .free_spot import Box, standing_at

if TYPE_CHECKING:
    from ...jobs.job import Job

log = logging.getLogger(__name__)

USUAL: Final = 1.0
"""Metres along each side of a result of which nothing is known yet."""


def ordered_height(operation: str, mode: Mode | None, values: Values) -> float | None:
    """The height in metres that is part of the order itself, as of a figurine; None if none is."""
    try:
        return get(operation).ordered_height(mode, values)
    except UnknownOperation:
        return None


def expected_sides(
    chosen: PlacementOptions, operation: str, mode: Mode | None, values: Values
) -> tuple[float, float, float]:
    """What a result is expected to take, in metres: as large as ordered, else the usual."""
    side = chosen.metres
    if chosen.size_by is SizeBy.FILE:
        side = ordered_height(operation, mode, values) or USUAL
    return side, side, side


def box_of(scene: bpy.types.Scene, job: Job) -> Box | None:
    """Where the job's result is to stand in that scene; None if no spot of it was taken."""
    placement = job.origin.placement
    if placement is None or placement.spot is None or not policy.belongs_to(scene, job):
        return None
    unit = metres_per_unit(scene)
    sides = [side / unit for side in placement.spot.size]
    return standing_at(Vector(placement.spot.point), sides)


def reserved(
    scene: bpy.types.Scene, *, but_for: Job | None = None, earlier_only: bool = False
) -> list[Box]:
    """The spots in the scene of all results that are still to come, but those of that order.

    ``earlier_only``: of what was ordered before it.
    """
    return [
        box
        for jobs, box in to_come(scene, but_for=but_for)
        if but_for is None or not earlier_only or jobs[0].created_at < but_for.created_at
    ]


def to_come(scene: bpy.types.Scene, *, but_for: Job | None = None) -> list[tuple[list[Job], Box]]:
    """The jobs of each order whose result is still to come to the scene, and its spot."""
    own = "" if but_for is None else chains.order_of(but_for)
    orders: dict[str, list[Job]] = {}
    for job in _expected():
        if chains.order_of(job) != own:
            orders.setdefault(chains.order_of(job), []).append(job)
    boxes = ((jobs, box_of(scene, jobs[-1])) for jobs in orders.values())
    return [(jobs, box) for jobs, box in boxes if box is not None]


def move(jobs: Sequence[Job], way: Vector) -> None:
    """Take another spot for the result of an order: something stands on the one it had.

    Where that cannot be written down, the result finds it out when it comes.
    """
    for job in jobs:
        placement = job.origin.placement
        if placement is None or placement.spot is None:
            continue
        point = Vector(placement.spot.point) + way
        spot = replace(placement.spot, point=(point.x, point.y, point.z))
        kept = replace(job.origin, placement=replace(placement, spot=spot))
        try:
            session.store().note_origin(job.id, kept)
        except ServiceError as error:
            log.warning("job %s keeps a spot that is taken: %s", job.id, error)


def is_expected(job: Job) -> bool:
    """Whether its result is under way, or there and about to enter the scene by itself."""
    if alternatives.is_dropped(job):
        return False
    if job.state in ACTIVE:
        return True
    return options.read().place_when_ready and job.failure is None


def _expected() -> Iterator[Job]:
    if not session.has_jobs():
        return
    import sqlite3  # late: not needed to enable the extension

    try:
        store = session.store()
        waiting = [*store.active(), *store.placeable(session.openings(), bpy.data.filepath)]
    except (ServiceError, sqlite3.Error) as error:
        log.warning("the spots of other results are not known: %s", error)
        return
    yield from filter(is_expected, waiting)
