"""An OBJ file that names nothing but its model's own files.

``confined`` returns the file itself where that is so and Blender's importer finds everything, and
else writes a copy in UTF-8 beside one MTL file, which names every texture by its full path.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ....service.wavefront_names import MATERIAL_LIBRARY, names_texture, texture_statement
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
        if not words or not names_texture(words[0]):
            lines.append(in_utf8(line))
            continue
        options, name = texture_statement(line.strip()[len(words[0]) :].strip())
        path = _picture(name, library.parent, own) if name else None
        as_written &= path is not None and name == path.name.encode() and name.isascii()
        as_written &= path is not None and path.parent == library.parent.resolve()
        if path is not None:
            lines.append(b" ".join([words[0], *options, path.as_posix().encode()]))
    return b"\n".join(lines) + b"\n", as_written


def _picture(name: bytes, folder: Path, own: OwnFiles) -> Path | None:
    """The own picture of that name; what is said otherwise is noted."""
    path = _find(name, folder, own)
    if path is not None and is_picture(path):
        return path
    said = next(decoded(name))
    own.leave_out(why_not(said) if path is None else NO_PICTURE, said)
    return None
