"""How many triangles a binary STL file has, whatever it says.

Blender's importer takes a file for text whose size is not exactly what it announces, and then makes
nothing of it: one that was cut off, has something behind its triangles, or was written by a program
that did not know the number when it began.
"""

import struct
from pathlib import Path
from typing import Final

from ...model.failure import PreparationFailed
from .contents import DAMAGED_HINT, head_of
from .file_references import OwnFiles, unmarked
from .unreadable import EMPTY

HEADER: Final = 80
COUNT: Final = struct.Struct("<I")
START: Final = HEADER + COUNT.size
TRIANGLE: Final = 50
TEXT: Final = b"solid"
OF_TEXT: Final = (b"facet", b"endsolid")

CUT_OFF: Final = "{name} was cut off: {held} of {said} triangles are there."


def mended(file: Path, own: OwnFiles, scratch: Path) -> Path:
    """The file itself, or a copy in ``scratch`` that says how many triangles it has."""
    head, size = head_of(file), file.stat().st_size
    if _is_text(unmarked(head).lower().replace(b"\r", b"\n")):
        return file if _is_text(head) else _plain(file, scratch / file.name)
    if size < START:
        return file
    (said,) = COUNT.unpack_from(head, HEADER)
    whole = (size - START) // TRIANGLE
    if size == START + TRIANGLE * said:
        return file
    held = min(said or whole, whole)
    if not held:
        raise PreparationFailed(EMPTY, hint=DAMAGED_HINT, name=file.name)
    if held < said:
        own.left_out.append(
            {"template": CUT_OFF, "parts": {"name": file.name, "held": held, "said": said}}
        )
    copy = scratch / file.name
    with file.open("rb") as source:
        source.seek(START)
        triangles = source.read(TRIANGLE * held)
    copy.write_bytes(head[:HEADER] + COUNT.pack(held) + triangles)
    return copy


def _is_text(head: bytes) -> bool:
    """Whether it begins as the importer knows text."""
    first = head.lstrip().partition(b"\n")[0]
    return first.startswith(TEXT) and any(word in head[len(first) :] for word in OF_TEXT)


def _plain(file: Path, to: Path) -> Path:
    """A copy of a text in capitals, with a mark at its start or with the line ends of old Macs."""
    text = unmarked(file.read_bytes()).lower()
    to.write_bytes(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return to
