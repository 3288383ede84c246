"""Local files of a request as absolute paths: a worker has another working directory."""

from collections.abc import Mapping
from pathlib import Path

from ..catalog import Kind, Request, Value, get
from ..catalog.encoders import is_address

FILE_KINDS = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS, Kind.MODEL})


def with_absolute_paths(request: Request) -> Request:
    """Return the request with every local file named absolutely; addresses stay."""
    operation = get(request.operation)
    values = {
        name: _absolute(value) if operation.field(name).kind in FILE_KINDS else value
        for name, value in request.values.items()
    }
    return Request(request.operation, values, request.mode)


def _absolute(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {name: _absolute_path(path) for name, path in value.items()}
    if isinstance(value, tuple):
        return tuple(_absolute_path(path) for path in value)
    return _absolute_path(str(value))


def _absolute_path(value: str) -> str:
    if is_address(value):
        return value
    return str(Path(value).expanduser().absolute())
