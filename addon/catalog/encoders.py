"""How a field's value is put on the wire. Pure: files are read by the caller's ``read``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from .values import Value

ReadImage = Callable[[str], str]
"""Turn a local path or an http(s) address into a ``data:image/...;base64,`` URI."""


RESULT_OF = "result-of:"
"""Begins a value that stands for the address of another job's result, known once that is done."""


def is_address(value: str) -> bool:
    """Tell an http(s) address, or what stands for one, from a local path."""
    return value.lower().startswith(("http://", "https://", RESULT_OF))


def result_of(job_id: str) -> str:
    """What stands for the address of that job's result until the request is sent."""
    return f"{RESULT_OF}{job_id}"


def job_of(value: Value) -> str | None:
    """The job whose result a value stands for, if it stands for one."""
    if isinstance(value, str) and value.startswith(RESULT_OF):
        return value.removeprefix(RESULT_OF)
    return None


@dataclass(slots=True)
class WireBody:
    """A request body being put together: plain values and, for multipart, file parts by name."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


class Encoder(Protocol):
    """Writes one value into a body under the service's own names.

    Validation has made sure that the value is of the kind of its field, so each takes it as what
    fields that have this encoder hold.
    """

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None: ...


@dataclass(frozen=True, slots=True)
class Plain:
    """As it is, under the field's own name or ``wire``."""

    wire: str = ""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        body.values[self.wire or name] = value


AS_IS = Plain()


@dataclass(frozen=True, slots=True)
class IntegerChoice:
    """A choice among whole numbers: a list to pick from for people, a number on the wire."""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        body.values[name] = int(cast(str, value))


@dataclass(frozen=True, slots=True)
class InPath:
    """Not in the body at all: the route's path template uses it."""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        return


@dataclass(frozen=True, slots=True)
class DataUri:
    """A picture embedded as a data URI; an address goes under ``address`` where there is one."""

    wire: str = ""
    address: str = ""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        picture = cast(str, value)
        if self.address and is_address(picture):
            body.values[self.address] = picture
        else:
            body.values[self.wire or name] = read(picture)


@dataclass(frozen=True, slots=True)
class DataUriList:
    """Pictures as an array of data URIs, or of objects ``{item: uri}``."""

    wire: str = ""
    item: str = ""
    item_address: str = ""
    keep_addresses: bool = False

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        pictures = value.values() if isinstance(value, Mapping) else cast(tuple[str, ...], value)
        body.values[self.wire or name] = [self._entry(picture, read) for picture in pictures]

    def _entry(self, picture: str, read: ReadImage) -> str | dict[str, str]:
        if not self.item:
            return picture if self.keep_addresses and is_address(picture) else read(picture)
        if self.item_address and is_address(picture):
            return {self.item_address: picture}
        return {self.item: read(picture)}


@dataclass(frozen=True, slots=True)
class ViewList:
    """Pictures by view as an array of ``{"view_type": name, "view_image": data URI}``."""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        views = cast(Mapping[str, str], value)
        body.values[name] = [
            {"view_type": view, "view_image": read(picture)} for view, picture in views.items()
        ]


@dataclass(frozen=True, slots=True)
class Upload:
    """A local file as a multipart part named ``part``; an address as plain field ``address``."""

    part: str
    address: str
    archives: bool = False
    """Whether a ZIP will do, of which the service takes the first model with its textures."""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        location = cast(str, value)
        if is_address(location):
            body.values[self.address] = location
        else:
            body.files[self.part] = location


@dataclass(frozen=True, slots=True)
class AddressOnly:
    """A public address.

    A local file has to be passed through a tool that returns one first: the operation ``via``
    with the values ``via_values``. So has the result of another operation, unless it comes in one
    of the formats ``takes``.
    """

    via: str
    via_values: Mapping[str, Value] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    """File formats the service accepts here, in lower case."""
    format_field: str = ""
    """The field that tells the service which of them it is, if there is one."""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        body.values[name] = value


@dataclass(frozen=True, slots=True)
class CommaList:
    """Several values as one text joined by commas."""

    wire: str = ""

    def write(self, name: str, value: Value, body: WireBody, read: ReadImage) -> None:
        body.values[self.wire or name] = ",".join(cast(tuple[str, ...], value))
