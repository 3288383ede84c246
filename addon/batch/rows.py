"""From entries to rows: every cell read by the catalogue, every order validated and priced."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..catalog import InvalidRequest, Kind, Mode, Operation, Problem, UnknownOperation, get
from ..catalog.encoders import is_address
from ..catalog.messages import Message
from ..catalog.validation import is_empty
from ..jobs import candidates, names
from ..jobs.alternatives import MOST_VARIATIONS, names_of, varied
from ..jobs.paths import FILE_KINDS
from ..jobs.photos import Photo
from ..recipes.orders import typed
from ..recipes.post import BadStep, Post, parse_post
from ..recipes.saved import BadRecipe, Recipes
from ..service.addresses import shown_link
from ..service.names import at_home, safe_name
from ..service.path_room import short
from .inputs import expanded
from .lists import Entry, UnreadableList
from .orders import Order, Orders

OWN_COLUMNS = frozenset(
    {"operation", "engines", "variations", "candidates", "name", "tags", "recipe", "post"}
)
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
    group: int | None = None
    """Number of the first of the results that it is to be compared with; None if there is one."""

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
    group: int | None = None
    """As that of a row."""


class _Bad(Exception):
    """Carries the problems of a row to where it becomes a BadRow."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


class Checker:
    """Turns entries into rows; the same order twice is two rows with keys of their own."""

    def __init__(self, *, can_change_pictures: bool = True, recipes: Recipes | None = None) -> None:
        """``recipes`` are those that rows may name; by default those that come along."""
        self._recipes = recipes or Recipes()
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
        return [row for piece in pieces for row in self._wish(wanted, piece)]

    def _wish(self, wanted: "Sequence[_Wanted]", entry: Entry) -> list[Row | BadRow]:
        """All results of a wish, of which somebody chooses."""
        group = self._number + 1 if len(wanted) > 1 else None
        return [replace(self._row(one, entry), group=group) for one in wanted]

    def _row(self, wanted: "_Wanted", entry: Entry) -> Row | BadRow:
        operation = wanted.operation
        try:
            values = _counted(wanted, _values(operation, entry))
            post = self._post(entry)
            orders = self._orders.of_row(operation, values, _followups(entry, post))
        except InvalidRequest as error:
            return self._bad(entry, *error.problems)
        except BadStep as error:
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

    def _post(self, entry: Entry) -> Post:
        """The steps of the row, with those of its recipe; raises BadStep and _Bad."""
        named = str(entry.cells.get("recipe") or "").strip()
        try:
            steps = self._recipes.find(named, entry.source.parent).steps if named else ""
        except BadRecipe as error:
            raise _Bad(Problem("recipe", str(error))) from None
        return parse_post(entry.cells.get("post") or "", steps)

    def _bad(self, entry: Entry, *problems: Problem) -> BadRow:
        self._number += 1
        name = entry.cells.get("name")
        return BadRow(self._number, entry.place, str(name or ""), problems)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One of the results that a row asks for: of an engine, and of its variations."""

    operation: Operation
    number: int
    """Of the variation, from 0, or of the first picture of a round of candidates."""
    suffix: str
    """What its name ends in, to tell it from the others."""
    pictures: int = 0
    """How many candidates the order has; 0 where the row asks for none."""


def _alternatives(entry: Entry) -> list[_Wanted]:
    """What the row asks for: usually one; raises _Bad."""
    if entry.trouble:
        raise _Bad(Problem("", entry.trouble))
    engines, count, pictures = _engines(entry), _variations(entry), _candidates(entry)
    if pictures and not is_empty(entry.cells.get("variations")):
        words = "candidates counts pictures and variations results: a row has one of them."
        raise _Bad(Problem("candidates", words))
    if pictures:
        made = [one for engine in engines for one in _round(engine, pictures)]
    else:
        made = [(engine, number, 0) for engine in engines for number in range(count)]
    suffixes = names_of("", [engine.label for engine, _, _ in made])
    return [
        _Wanted(engine, number, suffix, share)
        for (engine, number, share), suffix in zip(made, suffixes, strict=True)
    ]


def _round(engine: Operation, pictures: int) -> list[tuple[Operation, int, int]]:
    """The orders of a round: each with the number of its first picture, and of how many."""
    if not (engine.makes_pictures and Mode.TEXT in engine.modes):
        words = Message("{engine} makes no pictures from words.", engine=engine.words)
        raise _Bad(Problem("candidates", words))
    split = candidates.shares(engine, pictures)
    return [(engine, sum(split[:place]), share) for place, share in enumerate(split)]


def _counted(wanted: _Wanted, values: dict[str, Any]) -> dict[str, Any]:
    """The values of this one of the results: of a variation, or of a round of candidates."""
    operation, field = wanted.operation, wanted.operation.count_field
    if not wanted.pictures:
        return varied(operation, values, wanted.number)
    if field is not None and field.name in values:
        words = Message("candidates says how many already: leave {field} empty.", field=field.name)
        raise _Bad(Problem(field.name, words))
    return candidates.share_values(operation, values, wanted.number, wanted.pictures)


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
    words = f"The number of results of one wish is 1 to {MOST_VARIATIONS}."
    return _whole(entry, "variations", range(1, MOST_VARIATIONS + 1), words) or 1


def _candidates(entry: Entry) -> int:
    least, most = candidates.FEWEST, candidates.MOST
    words = f"The number of candidates is {least} to {most}."
    return _whole(entry, "candidates", range(least, most + 1), words)


def _whole(entry: Entry, column: str, among: range, words: str) -> int:
    """The number in the cell, 0 for an empty one; raises _Bad with ``words`` for any other."""
    cell = entry.cells.get(column)
    if is_empty(cell):
        return 0
    text = str(cell).strip()
    if text.isdecimal() and int(text) in among:
        return int(text)
    raise _Bad(Problem(column, words))


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
    values, problems = typed(operation, cells, lambda path: (folder / at_home(path)).absolute())
    if problems:
        raise _Bad(*problems)
    return values


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
