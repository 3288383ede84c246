"""From entries to rows: every cell read by the catalogue, every order validated and priced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..catalog import InvalidRequest, Kind, Operation, Problem, UnknownOperation, get
from ..catalog.encoders import is_address
from ..catalog.messages import Message
from ..catalog.text_values import BadText, parse
from ..jobs import names
from ..jobs.alternatives import MOST_VARIATIONS, names_of, varied
from ..jobs.paths import FILE_KINDS, located
from ..jobs.photos import Photo
from ..service.addresses import shown_link
from ..service.names import at_home, safe_name
from ..service.path_room import short
from .inputs import expanded, is_empty
from .lists import Entry, UnreadableList
from .orders import Order, Orders
from .post import BadPost, Post, parse_post

OWN_COLUMNS = frozenset({"operation", "engines", "variations", "name", "tags", "post"})
FOLDER_NAME_LENGTH = 24
KEY_IN_NAME = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be run."""

    number: int
    """Counted from 1 over everything that was read, bad rows included."""
    place: str
    name: str
    tags: tuple[str, ...]
    post: Post
    settings: Mapping[str, Any]
    """Values of the row's own fields, as it gives them."""
    orders: tuple[Order, ...]
    """In the sequence they are made."""
    asset: str
    """Name of the asset's folder; unique in the batch."""

    @property
    def own(self) -> Order:
        """The order the row asks for, before what follows."""
        return next(order for order in self.orders if not order.helper)

    @property
    def key(self) -> str:
        """Names the row between runs."""
        return self.own.key

    @property
    def operation(self) -> str:
        """The row's own operation."""
        return self.own.operation

    @property
    def price(self) -> int:
        """Credits for everything, as expected."""
        return sum(order.price for order in self.orders)

    @property
    def unverified(self) -> tuple[Message, ...]:
        """What makes the price unknown; see ``Operation.unverified``."""
        return tuple(words for order in self.orders for words in order.unverified)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be run; nothing is sent for it."""

    number: int
    place: str
    name: str
    problems: tuple[Problem, ...]


class _Bad(Exception):
    """Carries the problems of a row to where it becomes a BadRow."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


class Checker:
    """Turns entries into rows; the same order twice is two rows with keys of their own."""

    def __init__(self, *, can_change_pictures: bool = True) -> None:
        self._orders = Orders(can_change_pictures=can_change_pictures)
        self._number = 0

    @property
    def notes(self) -> tuple[Message, ...]:
        """What is to be said of the files before anything is paid; see ``check_inputs``."""
        return tuple(self._orders.notes)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """Those that the rows' models are made of."""
        return tuple(self._orders.photos)

    def check(self, entries: Iterable[Entry]) -> list[Row | BadRow]:
        """Check every entry; a bad one never hides another."""
        return [row for entry in entries for row in self._rows(entry)]

    def _rows(self, entry: Entry) -> list[Row | BadRow]:
        try:
            wanted = _alternatives(entry)
            column = _picture_column(wanted[0].operation, entry)
            pieces = list(expanded(entry, column)) if column else [entry]
        except UnreadableList as error:
            return [self._bad(entry, Problem("", str(error)))]
        except _Bad as error:
            return [self._bad(entry, *error.problems)]
        return [self._row(one, piece) for piece in pieces for one in wanted]

    def _row(self, wanted: "_Wanted", entry: Entry) -> Row | BadRow:
        operation = wanted.operation
        try:
            values = varied(operation, _values(operation, entry), wanted.number)
            post = parse_post(entry.cells.get("post") or "")
            orders = self._orders.of_row(operation, values, _followups(entry, post))
        except InvalidRequest as error:
            return self._bad(entry, *error.problems)
        except BadPost as error:
            return self._bad(entry, Problem("post", str(error)))
        except OSError as error:
            return self._bad(entry, Problem("", f"A file cannot be read: {error}"))
        except _Bad as error:
            return self._bad(entry, *error.problems)
        self._number += 1
        name = _name(entry, operation, values) + wanted.suffix
        tags = _tags(entry.cells.get("tags"))
        row = Row(self._number, entry.place, name, tags, post, values, orders, asset="")
        folder = short(safe_name(name), FOLDER_NAME_LENGTH)
        return replace(row, asset=f"{folder}-{row.key[:KEY_IN_NAME]}")

    def _bad(self, entry: Entry, *problems: Problem) -> BadRow:
        self._number += 1
        name = entry.cells.get("name")
        return BadRow(self._number, entry.place, str(name or ""), problems)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One of the results that a row asks for: of an engine, and of its variations."""

    operation: Operation
    number: int
    """Of the variation, from 0."""
    suffix: str
    """What its name ends in, to tell it from the others."""


def _alternatives(entry: Entry) -> list[_Wanted]:
    """What the row asks for: usually one; raises _Bad."""
    if entry.trouble:
        raise _Bad(Problem("", entry.trouble))
    engines, count = _engines(entry), _variations(entry)
    made = [(engine, number) for engine in engines for number in range(count)]
    suffixes = names_of("", [engine.label for engine, _ in made])
    return [_Wanted(*one, suffix) for one, suffix in zip(made, suffixes, strict=True)]


def _engines(entry: Entry) -> list[Operation]:
    """The column of the operation, or that of several, each once."""
    column = "operation" if is_empty(entry.cells.get("engines")) else "engines"
    named = list(dict.fromkeys(_tags(entry.cells.get(column))))
    if not named:
        words = "No operation is given: fill the column, or give --operation for all rows."
        raise _Bad(Problem("operation", words))
    if column == "operation" and len(named) > 1:
        words = "Only one operation can stand here; several to compare stand in engines."
        raise _Bad(Problem("operation", words))
    try:
        return [get(one) for one in named]
    except UnknownOperation as error:
        raise _Bad(Problem(column, str(error))) from None


def _variations(entry: Entry) -> int:
    cell = entry.cells.get("variations")
    if is_empty(cell):
        return 1
    text = str(cell).strip()
    if text.isdecimal() and 1 <= int(text) <= MOST_VARIATIONS:
        return int(text)
    words = f"The number of results of one wish is 1 to {MOST_VARIATIONS}."
    raise _Bad(Problem("variations", words))


def _picture_column(operation: Operation, entry: Entry) -> str:
    """The column whose cell may name many pictures: that of the one picture a row starts from."""
    for field in operation.fields:
        if field.source is not None and field.kind in {Kind.IMAGE, Kind.IMAGES}:
            for name in (field.name, *field.aliases):
                if entry.cells.get(name):
                    return name
    return ""


def _values(operation: Operation, entry: Entry) -> dict[str, Any]:
    """The cells as field values; raises _Bad with every problem there is in them."""
    cells = {
        name: cell
        for name, cell in entry.cells.items()
        if name and name not in OWN_COLUMNS and not is_empty(cell)
    }
    return _typed(operation, cells, entry.source.parent)


def _typed(operation: Operation, cells: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cell in cells.items():
        try:
            field = operation.field(name)
        except KeyError:
            values[name] = cell  # the catalogue says so, and what was probably meant
            continue
        try:
            value = parse(field, cell) if isinstance(cell, str) else _from_document(cell)
        except BadText as error:
            problems.append(error.problem)
            continue
        if field.kind in FILE_KINDS:
            value = located(value, lambda path: (folder / at_home(path)).absolute())
        values[field.name] = value
    if problems:
        raise _Bad(*problems)
    return values


def _from_document(cell: Any) -> Any:
    return tuple(cell) if isinstance(cell, list) else cell


def _followups(entry: Entry, post: Post) -> list[tuple[Operation, dict[str, Any]]]:
    """What is ordered after the row's own order, with typed options; raises _Bad."""
    named = [(get(followup.operation), followup.options) for followup in post.followups]
    return [(one, _typed(one, options, entry.source.parent)) for one, options in named]


def _name(entry: Entry, operation: Operation, values: Mapping[str, Any]) -> str:
    """The name given, or the one it is called by anywhere; a pipeline knows its files by ids."""
    given = str(entry.cells.get("name") or "").strip()
    return given or names.subject(operation, values) or _stem(operation, values)


def _stem(operation: Operation, values: Mapping[str, Any]) -> str:
    files = [values.get(f.name) for f in operation.fields if f.kind in FILE_KINDS]
    first = next((file for file in files if isinstance(file, str)), "")
    return Path(shown_link(first) if is_address(first) else first).stem or operation.name


def _tags(cell: Any) -> tuple[str, ...]:
    parts = cell if isinstance(cell, list | tuple) else str(cell or "").replace(";", ",").split(",")
    return tuple(dict.fromkeys(tag for part in parts if (tag := str(part).strip())))
