"""Seeds of what was made: those that were sent, and those that the service chose and told."""

from collections.abc import Iterator, Mapping

from ..catalog import Field, Operation, UnknownOperation, get
from .job import Job


def seed_fields(operation: Operation) -> list[Field]:
    """The fields that tell results of the same settings apart."""
    return [field for field in operation.fields if field.is_seed]


def told(job: Job) -> Iterator[tuple[str, int | str]]:
    """What answers say of the seeds that were used, by the service's own name."""
    for file in job.files:
        for name, value in file.metadata.items():
            if "seed" in name and isinstance(value, int | str) and not isinstance(value, bool):
                yield name, value


def known(job: Job) -> Mapping[str, int]:
    """The seeds that made the result, by field; none where nobody set or told any.

    What was told counts where it can only be of one field: the one of its name, or the only one.
    """
    try:
        fields = seed_fields(get(job.operation))
    except UnknownOperation:
        return {}
    found = {
        field.name: value
        for field in fields
        if isinstance(value := job.values.get(field.name), int)
    }
    for name, value in told(job):
        meant = [field.name for field in fields if field.name == name]
        if not meant and len(fields) == 1:
            meant = [fields[0].name]
        number = _whole(value)
        if meant and number is not None:
            found.setdefault(meant[0], number)
    return found


def _whole(value: int | str) -> int | None:
    if isinstance(value, int):
        return value
    return int(value) if value.isdecimal() else None
