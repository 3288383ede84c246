"""References between the files of an archive, where some were called otherwise in it.

A file keeps the name it has, unless some system cannot have it or takes it for another one's: see
``names.everywhere``. What named it then names it as it is called now, and all programs find it.
"""

import json
import os
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote, unquote

from .gltf_text import MAGIC, packed, parted
from .names import folded
from .wavefront_names import MATERIAL_LIBRARY, names_texture, texture_statement

MOST_BYTES: Final = 256 * 1024**2
"""Of a file in which references are looked for."""
ENCODINGS: Final = ("utf-8", "cp437")
"""What names are written in; archives without a mark are read as the second, any byte of it."""
DRIVE: Final = re.compile(r"\A[A-Za-z]:")

UNREADABLE: Final = (ValueError, TypeError, AttributeError, RecursionError, struct.error)

Now = Callable[[str], str | None]
"""Takes a reference and returns what it has to be; None: it may stay."""


def follow(folder: Path, places: Mapping[str, Path]) -> None:
    """Let MTL, OBJ and glTF files name the others as they are called now. Raises OSError.

    ``places`` says where in the folder each file is, by its name in the archive. What cannot be
    read stays as it is.
    """
    names = _Names(places)
    if not names.moved:
        return
    for name, place in places.items():
        file = folder / place
        change = _CHANGES.get(place.suffix.lower())
        if change is None or file.stat().st_size > MOST_BYTES:
            continue
        content = file.read_bytes()
        with suppress(*UNREADABLE):
            changed = change(content, names.seen_from(name, place))
            if changed != content:
                file.write_bytes(changed)


class _Names:
    """The files by what they are called in the archive."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = {_plain(name): place for name, place in places.items()}
        self.moved = {name for name, place in self._places.items() if place.as_posix() != name}
        self._alike = _single((folded(name), name) for name in self._places)
        self._last = _single((folded(_last(name)), name) for name in self._places)

    def seen_from(self, name: str, place: Path) -> Now:
        """What references in this file have to be."""
        home = _plain(name).rpartition("/")[0]

        def now(reference: str) -> str | None:
            meant = self._meant(_plain(f"{home}/{_unquoted(reference)}"))
            if meant not in self.moved:
                return None
            to = Path(os.path.relpath(self._places[meant], place.parent)).as_posix()
            return None if to == reference else to

        return now

    def _meant(self, name: str) -> str:
        """The file of that name, in capitals or not, or the only one whose name ends so."""
        if name in self._places:
            return name
        return self._alike.get(folded(name)) or self._last.get(folded(_last(name)), "")


def _single(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of what several have nothing."""
    found: dict[str, str] = {}
    several = set()
    for key, name in pairs:
        if found.setdefault(key, name) != name:
            several.add(key)
    return {key: name for key, name in found.items() if key not in several}


def _plain(name: str) -> str:
    """A path in the archive, from its top, as if nothing of it led out."""
    parts: list[str] = []
    for part in PurePosixPath(DRIVE.sub("", name.replace("\\", "/"))).parts:
        if part == "..":
            parts = parts[:-1]
        elif part.strip("/"):
            parts.append(part)
    return "/".join(parts)


def _unquoted(reference: str) -> str:
    return reference.strip().strip("\"'")


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _renamed(name: bytes, now: Now) -> bytes | None:
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            to = now(name.decode(encoding))
            if to is not None:
                return to.encode()
    return None


def _material_file(content: bytes, now: Now) -> bytes:
    return b"".join(_material_line(line, now) for line in content.splitlines(keepends=True))


def _material_line(line: bytes, now: Now) -> bytes:
    words = line.split(maxsplit=1)
    if len(words) < 2 or not names_texture(words[0]):  # noqa: PLR2004 - keyword and rest
        return line
    options, name = texture_statement(words[1].strip())
    to = _renamed(name, now)
    end = line[len(line.rstrip(b"\r\n")) :]
    return line if to is None else b" ".join([words[0], *options, to]) + end


def _object_file(content: bytes, now: Now) -> bytes:
    def changed(found: re.Match[bytes]) -> bytes:
        name = (found[1] or b"").strip()
        to = _renamed(name, now)
        if to is None:  # perhaps several, with blanks between them
            to = b" ".join(_renamed(word, now) or word for word in name.split())
        return found[0] if to in {name, b" ".join(name.split())} else b"mtllib " + to

    return MATERIAL_LIBRARY.sub(changed, content)


def _gltf(content: bytes, now: Now) -> bytes:
    text, binary = parted(content)
    document = json.loads(text.decode("utf-8-sig"))
    is_changed = False
    for item in (*document.get("buffers", ()), *document.get("images", ())):
        uri = item.get("uri")
        to = None if not isinstance(uri, str) or uri.startswith("data:") else now(unquote(uri))
        if to is not None:
            item["uri"], is_changed = quote(to), True
    if not is_changed:
        return content
    text = json.dumps(document, ensure_ascii=False).encode()
    return packed(text, binary) if content.startswith(MAGIC) else text


_CHANGES: Final[Mapping[str, Callable[[bytes, Now], bytes]]] = {
    ".glb": _gltf,
    ".gltf": _gltf,
    ".mtl": _material_file,
    ".obj": _object_file,
}
"""By file name suffix."""
