"""Candidates: several small pictures of one wish, of which some are picked and go on to 3D.

A round is one order where the engine makes as many pictures in one, else several, which are priced
and queued together; see ``alternatives``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..catalog import Mode, UnknownOperation, get
from . import alternatives

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..catalog import Operation, Value
    from .job import Job

FEWEST: Final = 2
MOST: Final = 8


def shares(operation: Operation, number: int) -> list[int]:
    """How many pictures each order makes: as few orders as there can be, as even as they go."""
    field = operation.count_field
    most = int(field.maximum) if field is not None and field.maximum else 1
    orders = -(-number // most)
    return [number // orders + (place < number % orders) for place in range(orders)]


def round_values(
    operation: Operation,
    mode: Mode | None,
    values: Mapping[str, Value],
    number: int,
    *,
    small: bool,
) -> list[dict[str, Value]]:
    """The values of each order of a round of so many pictures.

    A seed that is set is higher in each order by the pictures before it: some engines count up
    from it, and else an order would make the same pictures as the one before. ``small``: with the
    choices that cost least.
    """
    chosen = operation.cheapest(mode, values) if small else dict(values)
    made, before = [], 0
    for share in shares(operation, number):
        made.append(share_values(operation, chosen, before, share))
        before += share
    return made


def share_values(
    operation: Operation, values: Mapping[str, Value], before: int, share: int
) -> dict[str, Value]:
    """The values of the order of a round that makes ``share`` pictures, after so many others."""
    made = alternatives.varied(operation, values, before)
    if operation.count_field is not None:
        made[operation.count_field.name] = share
    return made


def is_candidate(job: Job) -> bool:
    """Whether the job makes pictures from a prompt."""
    try:
        operation = get(job.operation)
    except UnknownOperation:
        return False
    return operation.makes_pictures and Mode.TEXT in operation.modes


def round_of(job: Job) -> str:
    """What names the round that the job is of."""
    return alternatives.wish_of(job) or job.id


def rounds(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    """The jobs of each round, in the sequence they were asked for; ``jobs`` are newest first."""
    found: dict[str, list[Job]] = {}
    for job in jobs:
        if is_candidate(job):
            found.setdefault(round_of(job), []).insert(0, job)
    return found


def ordered_pictures(job: Job) -> int:
    """How many pictures the job was ordered to make."""
    field = get(job.operation).count_field
    count = None if field is None else job.values.get(field.name)
    return count if isinstance(count, int) else 1
