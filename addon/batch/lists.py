"""Reading a list file: CSV, JSON, JSON Lines or TOML into entries that know their line."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..service import json_text, whole_files
from ..service.written_text import decoded


class UnreadableList(Exception):
    """The list as a whole cannot be read; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it was written: column -> text, or a value of the file format's own."""

    source: Path
    line: int
    """Counted from 1; 0 where there is no list, only a picture file."""
    cells: Mapping[str, Any]
    trouble: str = ""
    """Why the row cannot be read at all; its cells are empty then."""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.source.name}:{self.line}" if self.line else self.source.name


def read_list(path: Path) -> list[Entry]:
    """Read a list; raises UnreadableList. A row that is not a table of columns has ``trouble``."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise UnreadableList(f"{path}: the kind of list is not known; it has to be one of {known}.")
    try:
        written = whole_files.read(path)
    except OSError as error:
        raise UnreadableList(f"{path}: {error}") from error
    return list(reader(path, _decoded(path, written)))


def _decoded(path: Path, written: bytes) -> str:
    try:
        text = decoded(written)
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        words = "this is not UTF-8. Save the list as UTF-8 (in a spreadsheet: CSV UTF-8)."
        raise UnreadableList(f"{path}:{line}: {words}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_csv(path: Path, text: str) -> Iterator[Entry]:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise UnreadableList(f"{path}:1: {error}") from error
    _check_header(path, header)
    end = reader.line_num
    while True:
        line = end + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # of this row; the reader goes on behind it
            yield Entry(path, line, {}, f"The quotation marks are wrong: {error}.")
        else:
            if len(cells) > len(header):
                words = f"There are {len(cells)} cells under {len(header)} column names."
                yield Entry(path, line, {}, words)
            elif any(cell.strip() for cell in cells):
                yield Entry(path, line, dict(zip(header, cells, strict=False)))
        end = reader.line_num


def _delimiter(text: str) -> str:
    """The character the first line has most of, among those spreadsheets write."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _check_header(path: Path, header: list[str]) -> None:
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise UnreadableList(f"{path}:1: the column {min(doubled)} is there twice.")
    if not any(header):
        raise UnreadableList(f"{path}:1: the first line has to name the columns.")


def _read_json(path: Path, text: str) -> Iterator[Entry]:
    """An array of objects. Read element by element, so that each knows its line."""
    decoder = json.JSONDecoder()
    position = _skip(text, 0)
    if text[position : position + 1] != "[":
        line = text.count("\n", 0, position) + 1
        raise UnreadableList(f"{path}:{line}: the list has to be an array: [ {{...}}, {{...}} ].")
    position = _skip(text, position + 1)
    while text[position : position + 1] != "]":
        line = text.count("\n", 0, position) + 1
        try:
            cells, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            raise UnreadableList(_json_place(path, error, line)) from error
        yield _entry(path, line, cells)
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position = _skip(text, position + 1)
        elif text[position : position + 1] != "]":
            line = text.count("\n", 0, position) + 1
            raise UnreadableList(f"{path}:{line}: a comma or the end of the array is missing.")


def _read_json_lines(path: Path, text: str) -> Iterator[Entry]:
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        try:
            cells = json.loads(written)
        except (ValueError, RecursionError) as error:
            yield Entry(path, line, {}, f"This is not JSON: {error}")
        else:
            yield _entry(path, line, cells)


def _read_toml(path: Path, text: str) -> Iterator[Entry]:
    """Tables ``[[row]]``; keys before the first one are defaults of every row."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also of its dates, numbers and depth
        raise UnreadableList(f"{path}: {error}") from error
    tables = document.pop("row", None)
    if not isinstance(tables, list):
        raise UnreadableList(f"{path}: there is no table [[row]].")
    heads = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.match(r"\s*\[\[\s*row\s*\]\]", line)
    ]
    # A head inside a multi-line string would be counted too: no line is better than a wrong one.
    lines = heads if len(heads) == len(tables) else [0] * len(tables)
    for line, table in zip(lines, tables, strict=True):
        yield _entry(path, line, table, document)


def _entry(path: Path, line: int, cells: Any, defaults: Mapping[str, Any] | None = None) -> Entry:
    if not isinstance(cells, dict):
        return Entry(path, line, {}, "This is not a table of columns and values.")
    return Entry(path, line, {**(defaults or {}), **_plain(cells)})


def _plain(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cells without what is half a character; those of TOML may be dates, and have none."""
    try:
        found: Mapping[str, Any] = json_text.without_halves(cells)
    except (TypeError, ValueError):
        return cells
    return found


def _skip(text: str, position: int) -> int:
    """The next position that is no blank."""
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _json_place(path: Path, error: Exception, line: int) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{path}:{error.lineno}: {error.msg}."
    return f"{path}:{line}: {error}."


READERS: Mapping[str, Callable[[Path, str], Iterator[Entry]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".toml": _read_toml,
}
