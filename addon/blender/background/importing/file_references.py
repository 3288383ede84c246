"""Which file a reference in a model means: one of the model's own, or none.

A model comes from the network. What it names is looked for among the files it was delivered with
and nowhere else: not above them, not at an absolute path, not through a link, not on another host.
Names are forgiven what exporters do to them: the folder of the machine they were written on,
backslashes, quotation marks, percent signs, another encoding.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from ....service.names import everywhere, folded

LONGEST_NAME: Final = 60
"""Letters of a reference that are told to people."""

ENCODINGS: Final = ("utf-8", "cp1252", "cp437", "cp932", "gb18030", "big5", "cp949", "cp1251")
"""What names in text files are written in, the likeliest first; cp437 reads any byte."""

PICTURE_BEGINNINGS: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"DDS ",
    b"\x76\x2f\x31\x01",  # OpenEXR
    b"#?RADIANCE",
    b"#?RGBE",
    b"GIF8",
    b"\xabKTX 20\xbb\r\n\x1a\n",
    b"\x00\x00\x00\x0cjP  \r\n",  # JPEG 2000
)
TGA_KINDS: Final = frozenset({1, 2, 3, 9, 10, 11})
TGA_DEPTHS: Final = frozenset({8, 15, 16, 24, 32})


@dataclass
class OwnFiles:
    """The files a model was delivered with, and what was left out of it."""

    root: Path
    """The folder they are in, with everything below it."""
    left_out: list[dict[str, Any]] = field(default_factory=list)
    """Messages as ``catalog.messages.pack`` writes them."""

    def __post_init__(self) -> None:
        self.root = self.root.resolve()

    def find(self, reference: str, beside: Path) -> Path | None:
        """The file that ``reference`` means in a file in the folder ``beside``; None: no own file.

        At its place first, then by its name alone: beside the file that names it, or anywhere if
        only one file has that name.
        """
        name = _plain(reference)
        if not name or "\0" in name:
            return None
        found = self._find(name, beside)
        plain = _plain(unquote(name))
        if found is None and plain != name:
            found = self._find(plain, beside)
        # As an archive's files are called once they are unpacked.
        unpacked = "/".join(map(everywhere, plain.split("/")))
        return self._find(unpacked, beside) if found is None and unpacked != plain else found

    def _find(self, name: str, beside: Path) -> Path | None:
        if not _is_elsewhere(name):
            found = self._own(beside / name)
            if found is not None:
                return found
        last = name.rsplit("/", 1)[-1]
        if last in {"", ".", ".."}:
            return None
        return self._own(beside / last) or self._only_one(last)

    def leave_out(self, template: str, reference: str) -> None:
        """Note what the model has to do without; ``{name}`` is the reference."""
        message = {"template": template, "parts": {"name": shown(reference)}}
        if message not in self.left_out:
            self.left_out.append(message)

    def owns(self, path: Path) -> bool:
        """Whether it is a plain file of the model's own, whatever links lead to it."""
        return self._own(path) is not None

    def _own(self, path: Path) -> Path | None:
        try:
            real = path.resolve()
            return real if real.is_file() and real.is_relative_to(self.root) else None
        except (OSError, ValueError):
            return None

    def _only_one(self, name: str) -> Path | None:
        wanted = folded(name)
        found = {
            own
            for path in self.root.rglob("*")
            if folded(path.name) == wanted and (own := self._own(path)) is not None
        }
        return found.pop() if len(found) == 1 else None


REFUSED: Final = "{name} is not one of the model's own files and was left out."
NO_PICTURE: Final = "{name} is not a picture and was left out."
MISSING: Final = "The texture {name} is missing."


def why_not(reference: str) -> str:
    """What to say of a reference that means no own file."""
    name = _plain(reference)
    return REFUSED if _is_elsewhere(name) or ".." in name.split("/") else MISSING


def shown(reference: str) -> str:
    """A reference as people read it: its end is what tells files apart."""
    text = "".join(letter if letter.isprintable() else "?" for letter in reference.strip())
    return text if len(text) <= LONGEST_NAME else f"…{text[-LONGEST_NAME:]}"


def is_picture(path: Path) -> bool:
    """Whether it begins as a picture does that Blender reads."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError:
        return False
    return is_picture_data(head)


def is_picture_data(head: bytes) -> bool:
    """The same of a file's first 32 bytes."""
    if head.startswith(PICTURE_BEGINNINGS):
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    return _is_tga(head)


def _is_tga(head: bytes) -> bool:
    """TGA has no mark of its own: kind, colour map, size and depth have to make sense."""
    return (
        len(head) >= 18  # noqa: PLR2004 - the length of a TGA header
        and head[1] in {0, 1}
        and head[2] in TGA_KINDS
        and head[16] in TGA_DEPTHS
        and head[12:14] != b"\0\0"
        and head[14:16] != b"\0\0"
        and head[17] & 0xC0 == 0
    )


def decoded(text: bytes) -> Iterator[str]:
    """What a name in a text file may say, the likeliest first."""
    said = set()
    for encoding in ENCODINGS:
        try:
            name = text.decode(encoding)
        except UnicodeDecodeError:
            continue
        if name not in said:
            said.add(name)
            yield name


def unmarked(text: bytes) -> bytes:
    """A text file that a mark at its start says the encoding of, in UTF-8 without the mark.

    The very same bytes if it has none.
    """
    if text.startswith(codecs.BOM_UTF8):
        return text[len(codecs.BOM_UTF8) :]
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode("utf-16", "replace").encode()
    return text


def in_utf8(text: bytes) -> bytes:
    """Any text in UTF-8; the very same bytes if it is that already."""
    text = unmarked(text)
    if text.isascii():
        return text
    said = next(decoded(text)).encode()
    return text if said == text else said


def _plain(reference: str) -> str:
    return reference.strip().strip("\"'").replace("\\", "/")


def _is_elsewhere(name: str) -> bool:
    """Whether it names another machine, a drive, or a place from the root."""
    return name.startswith(("/", "~")) or ":" in name
