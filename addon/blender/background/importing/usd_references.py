"""Which files a USD model would read besides itself.

USD has a binary form, and Blender hands its files to a library that follows every name in them. So
the names of layers are looked for in the file itself. Pictures are looked at after the import, see
``own_pictures``.
"""

import os
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ...model.failure import PreparationFailed
from .contents import DAMAGED_HINT
from .file_references import OwnFiles, shown
from .unreadable import EMPTY

BINARY: Final = b"PXR-USDC"
TABLE_AT: Final = 16
"""Where in a binary file it says where its table of sections is."""
SECTION: Final = struct.Struct("<16sqq")
"""Name, place, size."""
COMPRESSED_SINCE: Final = (0, 4, 0)

NAMED: Final = re.compile(rb"@([^@\r\n]+)@")
"""A file that is named in the text form."""

LAYER: Final = re.compile(
    r"(?P<path>.+\.(?:usd[acz]?|abc|mtlx|drc|obj|ply|stl|vdb))", re.IGNORECASE
)
"""A name that ends as those of files do that are models, in themselves or as a part of a USDZ."""


EXPRESSION: Final = "`"
"""How a name begins that USD puts together from variables."""


def confined(file: Path, own: OwnFiles, _scratch: Path) -> Path:
    """The file itself; raises PreparationFailed if it would read one that is not its own."""
    try:
        foreign = _foreign(file, own)
    except Exception as error:  # of a file that is damaged, zipfile raises anything
        raise PreparationFailed(
            EMPTY, name=file.name, hint=DAMAGED_HINT, details=str(error)
        ) from error
    if foreign is not None:
        raise PreparationFailed(
            "{name} cannot be read: its geometry is in {other}, which is not one of its files.",
            name=file.name,
            other=shown(foreign),
            hint="The files are kept in the job's folder.",
        )
    return file


def _foreign(file: Path, own: OwnFiles) -> str | None:
    """A name, in the file or in those of its own that it reads, of one that is not its own."""
    waiting, seen = [file], {file.resolve()}
    while waiting:
        layer = waiting.pop()
        for reference in _references(layer):
            places = _places(reference, layer.parent)
            found = next((path for path in places if path.exists()), None)
            if reference.startswith(EXPRESSION) or not (found is None or own.owns(found)):
                return reference
            if found is not None and found.resolve() not in seen:
                seen.add(found.resolve())
                waiting += [found] if found.suffix.lower().startswith(".usd") else []
    return None


def _places(reference: str, folder: Path) -> Iterator[Path]:
    """Where USD looks for it: beside the file that names it, then in folders of the machine's."""
    name = reference.removeprefix("file://")
    searched = os.environ.get("PXR_AR_DEFAULT_SEARCH_PATH", "").split(os.pathsep)
    yield folder / name
    yield from (Path(place) / name for place in ("", *filter(None, searched)))


def _references(file: Path) -> Iterator[str]:
    if not zipfile.is_zipfile(file):
        yield from _of_layer(file.read_bytes())
        return
    with zipfile.ZipFile(file) as package:
        for entry in package.infolist():
            # USD reads none that is packed; nor is it unpacked here, to who knows how much.
            if LAYER.fullmatch(entry.filename) and entry.compress_type == zipfile.ZIP_STORED:
                yield from _of_layer(package.read(entry))


def _of_layer(content: bytes) -> Iterator[str]:
    names = _tokens(content) if content.startswith(BINARY) else NAMED.findall(content)
    for name in (name.decode("utf-8", "replace") for name in names):
        found = LAYER.match(name)
        if name.startswith(EXPRESSION):
            yield name
        elif found is not None and "\n" not in found["path"]:
            yield found["path"]


def _tokens(content: bytes) -> list[bytes]:
    """Every name and text in a binary file."""
    version = tuple(content[len(BINARY) : len(BINARY) + 3])
    (table,) = struct.unpack_from("<q", content, TABLE_AT)
    (count,) = struct.unpack_from("<Q", content, table)
    for number in range(count):
        name, start, _ = SECTION.unpack_from(content, table + 8 + number * SECTION.size)
        if name.rstrip(b"\0") == b"TOKENS":
            break
    else:
        return []
    if version < COMPRESSED_SINCE:
        (size,) = struct.unpack_from("<Q", content, start + 8)
        return content[start + 16 : start + 16 + size].split(b"\0")
    (size,) = struct.unpack_from("<Q", content, start + 16)
    return _unpacked(content[start + 24 : start + 24 + size]).split(b"\0")


def _unpacked(content: bytes) -> bytes:
    """What USD has packed: one LZ4 block, or several with their sizes before them."""
    if content[0] == 0:
        return _lz4(content[1:])
    made, at = b"", 1
    for _ in range(content[0]):
        (size,) = struct.unpack_from("<i", content, at)
        made += _lz4(content[at + 4 : at + 4 + size])
        at += 4 + size
    return made


FULL: Final = 15
"""A length that goes on in the bytes that follow."""
MOST_NAMES: Final = 64 * 1024**2
"""Bytes of all names together, unpacked."""
SHORTEST: Final = 4
"""Bytes that are taken from before, at least."""


def _lz4(block: bytes) -> bytes:
    """Unpack a block of LZ4: bytes as they are, and pieces of what came before, in turns."""
    made = bytearray()
    at = 0
    while at < len(block):
        lengths = block[at]
        plain, at = _length(block, at + 1, lengths >> 4)
        made += block[at : at + plain]
        at += plain
        if at >= len(block):
            break
        (back,) = struct.unpack_from("<H", block, at)
        if not 0 < back <= len(made):
            raise ValueError("not LZ4")
        taken, at = _length(block, at + 2, lengths & FULL)
        count = taken + SHORTEST
        made += (made[-back:] * (count // back + 1))[:count]
        if len(made) > MOST_NAMES:
            raise ValueError("too many names")
    return bytes(made)


def _length(block: bytes, at: int, length: int) -> tuple[int, int]:
    """The length, and where it ends."""
    if length == FULL:
        while block[at] == 255:  # noqa: PLR2004 - the largest byte: yet another follows
            length += 255
            at += 1
        length += block[at]
        at += 1
    return length, at
