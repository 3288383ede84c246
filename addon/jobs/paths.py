"""The local files that a request names."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import Kind
from ..service.names import at_home

if TYPE_CHECKING:
    from ..catalog import Request

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
    from ..catalog.encoders import is_address  # late: who reads jobs needs no catalogue

    if isinstance(value, Mapping):
        return {name: located(one, absolute) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(located(one, absolute) for one in value)
    if not isinstance(value, str) or not value or is_address(value):
        return value
    return str(absolute(value))


def with_absolute_paths(request: "Request") -> "Request":
    """The request with every local file named absolutely: a worker has another working folder."""
    from ..catalog import get  # late, as above

    operation = get(request.operation)
    values = {
        name: located(value, _absolute) if operation.field(name).kind in FILE_KINDS else value
        for name, value in request.values.items()
    }
    return replace(request, values=values)


def _absolute(path: str) -> Path:
    return at_home(path).absolute()
