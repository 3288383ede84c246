"""Keeping a seed for the next round: it is set in the engine's form, and sent from there."""

from collections.abc import Mapping
from random import SystemRandom
from typing import Final

from ...catalog import Mode, Operation, UnknownOperation, get
from ...jobs import seeds
from ...jobs.job import Job
from . import field_properties
from .properties import SceneSettings, home_of

LARGEST: Final = 999_999
"""Of the seeds that are made here: short enough to be read out."""


def takes_seeds(job: Job) -> bool:
    """Whether what made the result takes any seed."""
    try:
        return bool(seeds.seed_fields(get(job.operation)))
    except UnknownOperation:
        return False


def is_locked(settings: SceneSettings, job: Job) -> bool:
    """Whether the job's seeds are those of the next round from its engine."""
    known = seeds.known(job)
    return bool(known) and all(
        _value(settings, get(job.operation), name) == value for name, value in known.items()
    )


def lock(settings: SceneSettings, operation: Operation, values: Mapping[str, int]) -> None:
    """Set these seeds, by field; those that are not named stay as they are."""
    for name, value in values.items():
        field = operation.field(name)
        field_properties.write(home_of(settings, operation, field), field, value)


def unlock(settings: SceneSettings, operation: Operation, names: Mapping[str, int]) -> None:
    """Leave these seeds to the service again."""
    for name in names:
        field = operation.field(name)
        field_properties.clear(home_of(settings, operation, field), field)


def new_seeds(operation: Operation, mode: Mode) -> dict[str, int]:
    """A seed for each that the engine takes, of no meaning but that it is known."""
    random = SystemRandom()
    return {
        field.name: random.randint(int(max(field.minimum or 1, 1)), LARGEST)
        for field in seeds.seed_fields(operation)
        if operation.belongs(field, mode)
    }


def _value(settings: SceneSettings, operation: Operation, name: str) -> object:
    field = operation.field(name)
    return field_properties.read(home_of(settings, operation, field), field)
