"""An OBJ file that names nothing but its model's own files.

``confined`` returns the file itself where that is so and Blender's importer finds everything, and
else writes a copy in UTF-8 beside one MTL file, which names every texture by its full path.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .file_references import (
    NO_PICTURE,
    REFUSED,
    OwnFiles,
    decoded,
    in_utf8,
    is_picture,
    unmarked,
    why_not,
)

BLANK: Final = rb"[\x00-\x09\x0b-\x20\\\\\x80-\xff]"
"""What Blender's importer takes for one in the head of a line; signs beyond ASCII too."""

MATERIAL_LIBRARY: Final = re.compile(
    rb"^" + BLANK + rb"*+mtllib(?:" + BLANK + rb"(?:" + BLANK + rb"*\r(?!$))?([^\r\n]*+)|)\r?$",
    re.MULTILINE,
)
"""Nothing in it is tried in two ways: of some 10 000 blanks there would be no end."""

TEXTURE_KEYWORDS: Final = frozenset({"bump", "decal", "disp", "norm", "refl"})
"""Besides all that begin with ``map_``."""

OPTIONS: Final = {
    "-blendu": 1, "-blendv": 1, "-bm": 1, "-boost": 1, "-cc": 1, "-clamp": 1, "-imfchan": 1,
    "-mm": 2, "-o": 3, "-s": 3, "-t": 3, "-texres": 1, "-type": 1,
}  # fmt: skip
"""Options of a texture statement, and how many values each has at most."""

ENDING: Final = b".mtl"
NO_MATERIALS: Final = "The material file {name} is missing."


def confined(file: Path, own: OwnFiles, scratch: Path) -> Path:
    """The file to import: ``file``, or a copy in ``scratch``."""
    written = file.read_bytes()
    content = unmarked(written)
    libraries = _libraries(content, file, own)
    vetted = [_vetted(library, own) for library in libraries]
    are_read = all(found for _, found in vetted)
    if are_read and in_utf8(written) is written and _names(content, file, libraries):
        return file
    copy = scratch / file.name
    materials = copy.with_suffix(".mtl")
    materials.write_bytes(b"\n".join(text for text, _ in vetted))
    model = in_utf8(MATERIAL_LIBRARY.sub(b"", content))
    copy.write_bytes(b"mtllib " + materials.name.encode() + b"\n" + model)
    return copy


def _references(content: bytes) -> list[bytes]:
    return [(found[1] or b"").strip() for found in MATERIAL_LIBRARY.finditer(content)]


def _names(content: bytes, file: Path, libraries: Sequence[Path]) -> bool:
    """Whether the importer finds these material files, and no other, by what the OBJ says."""
    said = [reference.decode("utf-8", "replace") for reference in _references(content)]
    return said == [library.name for library in libraries] and all(
        library.parent == file.parent.resolve() for library in libraries
    )


def _libraries(content: bytes, file: Path, own: OwnFiles) -> list[Path]:
    """The model's own material files; without any name, the one called as the OBJ."""
    found: list[Path] = []
    for reference in _references(content):
        paths, missing = _library(reference, file, own)
        found += [path for path in paths if path not in found]
        for name in (next(decoded(one)) for one in missing):
            problem = why_not(name)
            own.leave_out(REFUSED if problem is REFUSED else NO_MATERIALS, name)
    if not found:
        usual = own.find(f"{file.stem}.mtl", file.parent)
        found += [usual] if usual is not None else []
    return found


def _library(reference: bytes, file: Path, own: OwnFiles) -> tuple[list[Path], list[bytes]]:
    """One file, whose name may have blanks, or several with blanks between them; what is missing.

    Of several a word that does not end as they do is part of a name with blanks.
    """
    whole = _find(reference, file.parent, own)
    if whole is not None or not reference:
        return ([] if whole is None else [whole]), []
    parts = {part: _find(part, file.parent, own) for part in reference.split()}
    found = [path for path in parts.values() if path is not None]
    if not found:
        return [], [reference]
    return found, [
        part for part, path in parts.items() if path is None and part.lower().endswith(ENDING)
    ]


def _find(name: bytes, folder: Path, own: OwnFiles) -> Path | None:
    found = (own.find(text, folder) for text in decoded(name) if text)
    return next((path for path in found if path is not None), None)


def _vetted(library: Path, own: OwnFiles) -> tuple[bytes, bool]:
    """The material file's text with the full path of every texture that is an own picture.

    And whether the importer finds the same textures, and no others, by the file itself.
    """
    written = library.read_bytes()
    content = unmarked(written)
    lines, as_written = [], in_utf8(written) is written
    for line in content.splitlines():
        words = line.split()
        if not words or not _names_texture(words[0]):
            lines.append(in_utf8(line))
            continue
        options, name = _parts(line.strip()[len(words[0]) :].strip())
        path = _picture(name, library.parent, own) if name else None
        as_written &= path is not None and name == path.name.encode() and name.isascii()
        as_written &= path is not None and path.parent == library.parent.resolve()
        if path is not None:
            lines.append(b" ".join([words[0], *options, path.as_posix().encode()]))
    return b"\n".join(lines) + b"\n", as_written


def _names_texture(keyword: bytes) -> bool:
    name = keyword.decode("latin-1").lower()
    return name.startswith("map_") or name in TEXTURE_KEYWORDS


def _picture(name: bytes, folder: Path, own: OwnFiles) -> Path | None:
    """The own picture of that name; what is said otherwise is noted."""
    path = _find(name, folder, own)
    if path is not None and is_picture(path):
        return path
    said = next(decoded(name))
    own.leave_out(why_not(said) if path is None else NO_PICTURE, said)
    return None


def _parts(statement: bytes) -> tuple[list[bytes], bytes]:
    """The options of a texture statement, and the file's name, which may have blanks."""
    options: list[bytes] = []
    rest = statement
    while rest.startswith(b"-"):
        word, _, behind = rest.partition(b" ")
        most = OPTIONS.get(word.decode("latin-1").lower())
        if most is None:
            break
        options.append(word)
        rest = behind.strip()
        for value in _values(rest, most):
            options.append(value)
            rest = rest[len(value) :].strip()
    return options, rest


def _values(statement: bytes, most: int) -> Iterator[bytes]:
    """The values of an option with one, or of one with up to three numbers."""
    for number, word in enumerate(statement.split()[:most]):
        if number > 0 and not _is_number(word):
            return
        yield word


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
