"""Whether a PLY file's header can be what its importer takes it for.

The importer of Blender believes it: a word in place of a number, or more points than memory has
room for, ends the whole process.
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ...model.failure import PreparationFailed
from .contents import CUT_OFF, DAMAGED_HINT
from .file_references import OwnFiles, shown

SIZES: Final[Mapping[str, int]] = {
    "char": 1, "int8": 1, "uchar": 1, "uint8": 1, "short": 2, "int16": 2, "ushort": 2,
    "uint16": 2, "int": 4, "int32": 4, "uint": 4, "uint32": 4, "float": 4, "float32": 4,
    "double": 8, "float64": 8,
}  # fmt: skip
"""Bytes that a number takes in a binary file."""

FORMATS: Final = {"ascii", "binary_little_endian", "binary_big_endian"}
IN_TEXT: Final = 2
"""Bytes that a number takes at least in a text file: a digit, and what stands after it."""
LONGEST: Final = 1024**2
"""Bytes of a header."""
BEGIN: Final = "ply"
END: Final = "end_header"
OF_USE: Final = {BEGIN, "format", "element", "property", END}
NOTES: Final = {"comment", "obj_info"}
PLACE: Final = {"x", "y", "z"}

NO_END: Final = "{name} cannot be read: its header has no end."
BAD_LINE: Final = "{name} cannot be read: its header is damaged at “{line}”."
NO_FORMAT: Final = "{name} cannot be read: its header does not say in which format it is."
NO_PLACES: Final = "{name} cannot be read: its points have no x, y and z."


@dataclass
class _Element:
    """So many things of one kind, each of them as many bytes at least."""

    name: str
    count: int
    least: int = 0
    properties: list[str] = field(default_factory=list)


def checked(file: Path, _own: OwnFiles, scratch: Path) -> Path:
    """The file itself, or a copy in ``scratch`` whose header is written as the importer wants it.

    Raises PreparationFailed if it is damaged.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(LONGEST)
    found = _lines(head)
    if found is None:
        raise _damaged(NO_END, file)
    lines, start = found
    elements = _read(lines, file)
    announced = sum(element.count * element.least for element in elements)
    if announced > size - start + 1:  # a text need not end with its line
        raise _damaged(CUT_OFF, file, details=str(elements))
    if any(one.name == "vertex" and not PLACE.issubset(one.properties) for one in elements):
        raise _damaged(NO_PLACES, file)
    plain = [" ".join(words) for _, words in _statements(lines) if words[0] in OF_USE]
    as_it_is = [line for line in lines if line.partition(" ")[0] not in NOTES]
    if plain == as_it_is and not OLD_END.search(head[:start]):
        return file
    return _copied(file, plain, start, scratch)


def _copied(file: Path, lines: Sequence[str], start: int, scratch: Path) -> Path:
    """A copy with these lines in place of what stands before ``start``."""
    copy = scratch / file.name
    with file.open("rb") as source, copy.open("wb") as to:
        to.write("".join(f"{line}\n" for line in lines).encode("latin-1"))
        source.seek(start)
        if "format ascii" in lines[1]:
            to.write(source.read().replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        else:
            shutil.copyfileobj(source, to)
    return copy


def _damaged(message: str, file: Path, *, details: str = "", **parts: str) -> PreparationFailed:
    return PreparationFailed(message, hint=DAMAGED_HINT, details=details, name=file.name, **parts)


ENDS: Final = re.compile(rb"\r\n|\r|\n|\Z")

OLD_END: Final = re.compile(rb"\r(?!\n)")


def _lines(head: bytes) -> tuple[list[str], int] | None:
    """Those of the header, up to and with its last, and where it ends; None if it has none."""
    lines: list[str] = []
    start = 0
    for end in ENDS.finditer(head):
        lines.append(head[start : end.start()].decode("latin-1"))
        start = end.end()
        if lines[-1].strip() == END:
            return lines, start
    return None


def _read(lines: Sequence[str], file: Path) -> list[_Element]:
    """The elements."""
    form = next((words[1:2] for _, words in _statements(lines) if words[0] == "format"), [])
    if not FORMATS.issuperset(form) or not form:
        raise _damaged(NO_FORMAT, file)
    elements: list[_Element] = []
    for line, words in _statements(lines):
        try:
            if words[0] == "element":
                name, count = words[1:]
                elements.append(_Element(name, _whole(count)))
            elif words[0] == "property":
                elements[-1].least += _least(words, is_text=form == ["ascii"])
                elements[-1].properties.append(words[-1])
        except (ValueError, LookupError) as error:
            raise _damaged(BAD_LINE, file, line=shown(line)) from error
    return elements


def _statements(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for line in lines:
        words = line.split()
        if words:
            yield line, words


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _least(words: Sequence[str], *, is_text: bool) -> int:
    """Bytes that a property takes: of a list, those that say how long it is."""
    _, kind, *others, _ = words
    if is_text:  # no more is made of the kinds of numbers than that there are some
        return IN_TEXT
    if kind != "list":
        return 0 if others else SIZES[kind]
    length, _ = (SIZES[other] for other in others)
    return length
