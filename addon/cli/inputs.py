"""Checks of local files before anything is priced or sent."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..catalog import Operation
from ..catalog.encoders import is_address
from ..jobs.paths import FILE_KINDS
from .exits import ExitStatus, Refused
from .session import Session


def check_local_files(operation: Operation, values: dict[str, Any], session: Session) -> None:
    """Make local paths absolute in ``values``; raises Refused for one that is not there."""
    for field in operation.fields:
        if field.kind in FILE_KINDS and field.name in values:
            for location in locations(values[field.name]):
                if not is_address(location) and not session.path(location).is_file():
                    raise Refused(
                        ExitStatus.USAGE,
                        "file_not_found",
                        f"{field.label}: there is no file {location}.",
                        "Nothing was sent. Check the path.",
                    )
            values[field.name] = absolute(values[field.name], session)


def locations(value: Any) -> Iterator[str]:
    """Every path or address in a field's value."""
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, tuple):
        yield from value
    else:
        yield value


def absolute(value: Any, session: Session) -> Any:
    """The same value with local paths made absolute."""
    if isinstance(value, Mapping):
        return {view: absolute(location, session) for view, location in value.items()}
    if isinstance(value, tuple):
        return tuple(absolute(location, session) for location in value)
    return value if is_address(value) else str(session.path(value))
