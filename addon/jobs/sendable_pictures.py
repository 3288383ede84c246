"""The pictures of a request as the service takes them: copies of those that it would not take."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from ..catalog import Kind, Request, Value, get
from ..catalog.encoders import is_address
from ..service.names import at_home
from ..service.pictures import Picture, look_at

PICTURE_KINDS: Final = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS})


class PictureFitter(Protocol):
    """Makes a copy of a picture that the service takes."""

    def fit(self, source: Path, picture: Picture, folder: Path) -> Path:
        """Write it into ``folder``, which is empty; raises InputUnreadable."""
        ...


def with_sendable_pictures(
    request: Request, fitter: PictureFitter | None, scratch: Path
) -> Request:
    """The request with copies, in ``scratch``, in place of local pictures that need a change.

    Without a ``fitter`` all go as they are, as far as that is possible. Raises InputUnreadable and
    UploadTooLarge.
    """
    operation = get(request.operation)
    made = 0

    def sendable(location: str) -> str:
        nonlocal made
        if is_address(location):
            return location
        path = at_home(location)
        picture = look_at(path)
        picture.check(can_change=fitter is not None)
        if fitter is None or not picture.changes:
            return location
        made += 1
        folder = scratch / str(made)
        folder.mkdir()
        return str(fitter.fit(path, picture, folder))

    values = {
        name: _changed(value, sendable) if operation.field(name).kind in PICTURE_KINDS else value
        for name, value in request.values.items()
    }
    return replace(request, values=values)


def _changed(value: Value, sendable: Callable[[str], str]) -> Value:
    if isinstance(value, Mapping):
        return {name: sendable(location) for name, location in value.items()}
    if isinstance(value, tuple):
        return tuple(sendable(location) for location in value)
    return sendable(str(value))
