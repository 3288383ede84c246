"""What is known of the photos of an order before it is paid: told, and never a reason to refuse.

Whether a picture shows one person or several, and what lies behind what, takes more than figures of
its pixels: of that nothing is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from ..catalog import Field, Kind, Mode, Operation, Outcome, get
from ..catalog.encoders import is_address
from ..catalog.messages import Message
from ..service.errors import ServiceError
from ..service.names import at_home
from ..service.pictures import Picture, look_at
from .planner import Plan


class Fault(StrEnum):
    """What a photo may have; the values are those of ``blender.model.photo_faults``."""

    EMPTY = "empty"
    DARK = "dark"
    BRIGHT = "bright"
    FLAT = "flat"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"


WORDS: Final[Mapping[Fault, str]] = {
    Fault.EMPTY: "There is nothing to be seen in the photo: it has nearly one color all over.",
    Fault.DARK: "The photo is dark all over: what is not seen in it will be made up.",
    Fault.BRIGHT: "The photo is washed out: what is not seen in it will be made up.",
    Fault.FLAT: "The photo has hardly any contrast: shapes are not to be told apart in it.",
    Fault.BLURRED: "Nothing in the photo is sharp: details will be made up.",
    Fault.CUT_OFF: "The subject reaches the lower edge of the photo: its feet may be cut off.",
}

FEW_PIXELS: Final = 384
"""Of the longer side: engines look at 500 and more."""


class PhotoReader(Protocol):
    """Finds the faults that pictures have."""

    def faults(self, pictures: Sequence[Picture], paths: Sequence[Path]) -> list[list[str]]:
        """Those of each, as values of ``Fault``; [] of one that cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Photo:
    """A local picture that a model is to be made of."""

    path: Path
    whole_figure: bool
    """Whether the model is to stand on its feet, as the picture has to show them."""


def photos_of(operation: Operation, values: Mapping[str, Any]) -> Iterator[Photo]:
    """The picture that an order starts from, where it makes a model of one."""
    for field in operation.fields:
        place = values.get(field.name)
        if _is_photo(operation, field) and isinstance(place, str) and not is_address(place):
            yield Photo(at_home(place), operation.wants_whole_figure(values))


def _is_photo(operation: Operation, field: Field) -> bool:
    makes = operation.outcome is Outcome.MODEL and operation.makes_model
    return makes and field.kind is Kind.IMAGE and field.source is Mode.IMAGE


def photos_in(plan: Plan) -> list[Photo]:
    """Those of all steps of an order."""
    return [photo for step in plan.steps for photo in photos_of(get(step.operation), step.values)]


@dataclass(frozen=True, slots=True)
class Judged:
    """A photo that was looked at; ``picture`` is None for a file that is no picture."""

    picture: Picture | None
    faults: Sequence[str] = ()
    """Values of ``Fault``."""

    def words(self, *, whole_figure: bool) -> list[str]:
        """What is to be said of it, without its name."""
        if self.picture is None:
            return []
        known = [Fault(fault) for fault in self.faults]
        told = [fault for fault in known if fault is not Fault.CUT_OFF or whole_figure]
        return [*_size_words(self.picture), *(WORDS[fault] for fault in told)]


def _size_words(picture: Picture) -> Iterator[Message]:
    header = picture.header
    if header is not None and max(header.width, header.height) < FEW_PIXELS:
        yield Message(
            "The photo has only {width} x {height} pixels: details will be made up.",
            width=header.width,
            height=header.height,
        )


def looked_at(path: Path) -> Picture | None:
    """What its file says; None where it cannot be read, which is for others to refuse."""
    try:
        return look_at(path)
    except ServiceError:
        return None


def remarks(photos: Iterable[Photo], reader: PhotoReader | None) -> tuple[Message, ...]:
    """What is to be said of them, with their names; without a ``reader`` of their size alone."""
    pictures = {photo: looked_at(photo.path) for photo in photos}
    known = [(photo, picture) for photo, picture in pictures.items() if picture is not None]
    found: Sequence[Sequence[str]] = [()] * len(known)
    if reader is not None and known:
        found = reader.faults([picture for _, picture in known], [one.path for one, _ in known])
    return tuple(
        Message("{name}: {remark}", name=photo.path.name, remark=Message(words))
        for (photo, picture), faults in zip(known, found, strict=True)
        for words in Judged(picture, faults).words(whole_figure=photo.whole_figure)
    )
