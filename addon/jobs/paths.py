"""The local files that a request names."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..catalog import Kind, Request, get
from ..catalog.encoders import is_address
from ..service.names import at_home

FILE_KINDS = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS, Kind.MODEL})


def locations(value: Any) -> Iterator[str]:
    """Every path or address in a field's value."""
    if isinstance(value, Mapping):
        yield from (str(one) for one in value.values())
    elif isinstance(value, list | tuple):
        yield from (str(one) for one in value)
    elif value:
        yield str(value)


def located(value: Any, absolute: Callable[[str], str | Path]) -> Any:
    """The value with ``absolute`` of every local path in it; addresses stay."""
    if isinstance(value, Mapping):
        return {name: located(one, absolute) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(located(one, absolute) for one in value)
    if not isinstance(value, str) or not value or is_address(value):
        return value
    return str(absolute(value))


def with_absolute_paths(request: Request) -> Request:
    """The request with every local file named absolutely: a worker has another working folder."""
    operation = get(request.operation)
    values = {
        name: located(value, _absolute) if operation.field(name).kind in FILE_KINDS else value
        for name, value in request.values.items()
    }
    return Request(request.operation, values, request.mode)


def _absolute(path: str) -> Path:
    return at_home(path).absolute()
