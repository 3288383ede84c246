"""What one field may hold: types, choices, bounds, and the forms of pictures and addresses."""

import base64
import binascii
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from PIL import Image

Check = Callable[[Any], str]
"""What is wrong with a value that has the right type; "" if nothing is."""

UNSAID: Final = object()
"""In place of a default: the documentation has "auto", "none", "random" or nothing."""
ALWAYS: Final = object()
"""In place of a default: not known, so it has to be sent each time."""

ANYTHING: Final = "anything"
"""In place of values that are not told apart."""

SMALLEST_SIDE, LARGEST_SIDE = 128, 5000
LARGEST_PICTURE = 10 * 10**6
PICTURE_TYPES: Final = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}


class Invalid(ValueError):
    """A value that is refused; the text is the service's sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """One field. ``default`` is the documented one, or UNSAID or ALWAYS."""

    type_: type
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    check: Check | None = None
    default: Any = UNSAID

    def judged(self, value: Any) -> Any:
        """The value of a JSON body; raises Invalid."""
        if value is None:
            raise Invalid("This field may not be null.")
        numbers = (int, float) if self.type_ is float else (self.type_,)
        if type(value) not in numbers:
            raise Invalid(f"Not a valid {self.type_.__name__}.")
        if self.choices and value not in self.choices:
            raise Invalid(f'"{value}" is not a valid choice.')
        if self.low is not None and value < self.low:
            raise Invalid(f"Ensure this value is greater than or equal to {self.low}.")
        if self.high is not None and value > self.high:
            raise Invalid(f"Ensure this value is less than or equal to {self.high}.")
        if self.type_ is str and not value.strip():
            raise Invalid("This field may not be blank.")
        if self.longest is not None and len(value) > self.longest:
            raise Invalid(f"Ensure this field has no more than {self.longest} characters.")
        if self.check is not None and (said := self.check(value)):
            raise Invalid(said)
        return value

    def from_text(self, text: str) -> Any:
        """The value of a multipart field, which is text whatever it means; raises Invalid."""
        return self.judged(self._read(text))

    def _read(self, text: str) -> Any:
        if self.type_ is bool and text in {"true", "false"}:
            return text == "true"
        if self.type_ is int and re.fullmatch(r"-?\d+", text):
            return int(text)
        if self.type_ is float and re.fullmatch(r"-?\d+(\.\d+)?", text):
            return float(text)
        if self.type_ is str:
            return text
        raise Invalid(f"Not a valid {self.type_.__name__}.")

    def edges(self) -> tuple[Any, ...]:
        """What a client has to be able to send: each choice, each bound, the longest text."""
        if self.type_ is bool:
            return (True, False)
        bounds = tuple(bound for bound in (self.low, self.high, self.longest) if bound is not None)
        return self.choices or bounds or (ANYTHING,)

    def tells_apart(self, value: Any) -> tuple[Any, ...]:
        """Which of those the value is."""
        edge = len(value) if self.longest is not None else value
        return (edge,) if edge in self.edges() else (ANYTHING,)


def switch(default: Any = UNSAID) -> Value:
    """On or off."""
    return Value(bool, default=default)


def text(longest: int | None = None) -> Value:
    """Words."""
    return Value(str, longest=longest)


def whole(low: float | None = None, high: float | None = None, default: Any = UNSAID) -> Value:
    """A whole number."""
    return Value(int, low=low, high=high, default=default)


def number(high: float | None = None, default: Any = UNSAID, check: Check | None = None) -> Value:
    """A number, whole or not."""
    return Value(float, high=high, default=default, check=check)


def choice(*values: Any, default: Any = UNSAID) -> Value:
    """One of these."""
    return Value(type(values[0]), choices=values, default=default)


def picture_problem(data: bytes, kind: str) -> str:
    """What is wrong with a picture of that media type."""
    if len(data) > LARGEST_PICTURE:
        return "The picture is too large."
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
    except OSError:
        return "Upload a valid image."
    if picture.format != PICTURE_TYPES[kind]:
        return f"The data is not image/{kind}."
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in picture.size):
        return "Pictures have 128 to 5000 pixels a side."
    return ""


def _data_uri(value: str) -> str:
    found = re.fullmatch(r"data:image/(png|jpeg|webp);base64,(.+)", value)
    if found is None:
        return "Not a data URI of a PNG, JPEG or WebP."
    try:
        data = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        return "Not base64."
    return picture_problem(data, found[1])


DATA_URI: Final = Value(str, check=_data_uri)


def address(*suffixes: str) -> Value:
    """A public https address, whose path ends in one of these if any are named.

    This machine's stands for the service's own storage, as tests have no other.
    """

    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and parts.hostname != "127.0.0.1":
            return "Enter a valid https URL."
        if suffixes and suffix_of(value) not in suffixes:
            return f"Only {', '.join(suffixes)}."
        return ""

    return Value(str, check=check)


def suffix_of(location: str) -> str:
    """``glb`` for an address or name that ends in .glb, whatever its query."""
    return PurePosixPath(urlsplit(location).path).suffix.lower().removeprefix(".")


def _heights(value: str) -> str:
    parts = value.split(",")
    numbers = all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts)
    return "" if numbers and len(parts) <= 10 else "At most ten numbers with commas between."


HEIGHTS: Final = Value(str, check=_heights)


def _scale(value: str) -> str:
    named = value in {"none", "z", "n", "tt", "h0", "o", "g", "custom"}
    return "" if named or re.fullmatch(r"1:\d+(\.\d+)?", value) else "Not a scale."


SCALE: Final = Value(str, check=_scale, default="none")


def pictures(fewest: int, most: int, of: Value = DATA_URI, item: tuple[str, ...] = ()) -> Value:
    """An array of pictures, or of objects that have exactly one of the keys ``item``."""

    def check(values: list[Any]) -> str:
        if not fewest <= len(values) <= most:
            return f"Give {fewest} to {most} pictures."
        for value in values:
            try:
                _picture(value, of, item)
            except Invalid as error:
                return str(error)
        return ""

    return Value(list, check=check)


def _picture(value: Any, of: Value, item: tuple[str, ...]) -> None:
    if not item:
        of.judged(value)
    elif not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in item:
        raise Invalid(f"Each has one of {', '.join(item)}.")
    elif "image" in value:
        DATA_URI.judged(value["image"])
    else:
        address().judged(value["image_url"])


def _picture_or_address(value: str) -> str:
    kind = DATA_URI if value.startswith("data:") else address()
    return kind.check(value) if kind.check is not None else ""


PICTURE_OR_ADDRESS: Final = Value(str, check=_picture_or_address)

VIEWS: Final = ("front", "left", "right", "back")
MORE_VIEWS: Final = (*VIEWS, "top", "bottom", "left_front", "right_front")


def _views(values: list[Any]) -> str:
    for value in values:
        if not isinstance(value, Mapping) or set(value) != {"view_type", "view_image"}:
            return "Each has a view_type and a view_image."
        try:
            choice(*MORE_VIEWS).judged(value["view_type"])
            DATA_URI.judged(value["view_image"])
        except Invalid as error:
            return str(error)
    names = [value["view_type"] for value in values]
    if len(set(names)) < len(names):
        return "A view is there twice."
    return "" if "front" in names else "The front view is required."


NAMED_VIEWS: Final = Value(list, check=_views)
