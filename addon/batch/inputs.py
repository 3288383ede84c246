"""What the command line names: list files, pictures, folders and patterns of pictures."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..catalog.encoders import is_address
from ..catalog.validation import is_empty
from ..service.names import at_home
from ..service.picture_types import TAKEN
from .lists import READERS, Entry, UnreadableList, read_list

PATTERN_MARKS = frozenset("*?[")


def read_inputs(names: Sequence[str], folder: Path, defaults: Mapping[str, Any]) -> list[Entry]:
    """All entries of lists, pictures, folders and patterns, in the order given.

    Paths count from ``folder``. ``defaults`` fill the columns a row leaves empty. Raises
    UnreadableList.
    """
    entries: list[Entry] = []
    for name in names:
        path = folder / at_home(name)
        if path.suffix.lower() in READERS and not path.is_dir():
            entries += read_list(path)
        else:
            entries += [Entry(found, 0, {"image": str(found)}) for found in pictures(path)]
    return [with_defaults(entry, defaults) for entry in entries]


def with_defaults(entry: Entry, defaults: Mapping[str, Any]) -> Entry:
    """The entry with its empty cells filled."""
    missing = {name: value for name, value in defaults.items() if is_empty(entry.cells.get(name))}
    return Entry(entry.source, entry.line, {**entry.cells, **missing}, entry.trouble)


def pictures(path: Path) -> list[Path]:
    """The picture itself, those in a folder, or those a pattern fits; raises UnreadableList."""
    try:
        found = _found(path)
    except (OSError, ValueError, NotImplementedError) as error:  # no path, or no pattern
        raise UnreadableList(f"{path}: {error}") from error
    if found is None:
        raise UnreadableList(f"{path}: there is no such file or folder.")
    if not found:
        raise UnreadableList(f"{path}: there are no pictures ({', '.join(sorted(TAKEN))}).")
    return sorted(found)


def _found(path: Path) -> list[Path] | None:
    """The pictures; None where there is nothing of that name, and it is no pattern."""
    if path.is_file():
        return [path]
    if path.is_dir():
        return [inside for inside in path.iterdir() if is_picture(inside)]
    if not is_pattern(str(path)):
        return None
    anchor = path.absolute().anchor
    pattern = str(path.absolute().relative_to(anchor))
    return [inside for inside in Path(anchor).glob(pattern) if is_picture(inside)]


def is_picture(path: Path) -> bool:
    """Tell by the name; hidden files are none."""
    return path.suffix.lower() in TAKEN and not path.name.startswith(".") and path.is_file()


def is_pattern(text: str) -> bool:
    """Tell a pattern from a path."""
    return not is_address(text) and bool(PATTERN_MARKS.intersection(text))


def expanded(entry: Entry, column: str) -> Iterator[Entry]:
    """One entry per picture where a cell names a folder or pattern; else the entry itself.

    Raises UnreadableList where nothing is found.
    """
    cell = entry.cells.get(column)
    if not isinstance(cell, str) or not cell.strip() or is_address(cell):
        yield entry
        return
    path = entry.source.parent / at_home(cell.strip())
    try:
        is_one = path.is_file() or not (path.is_dir() or is_pattern(cell))
    except (OSError, ValueError):  # no path at all: the order says so
        is_one = True
    if is_one:
        yield entry
        return
    name = str(entry.cells.get("name") or "").strip()
    for picture in pictures(path):
        own = f"{name} {picture.stem}" if name else picture.stem
        cells = {**entry.cells, column: str(picture), "name": own}
        yield Entry(entry.source, entry.line, cells)
