"""A glTF file that names nothing but its model's own files, and holds its default scene alone.

``confined`` returns the file itself where that is so, and else writes a copy in which every own
file is named by its full path and everything else is gone.
"""

import base64
import binascii
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from ....service import gltf_text
from ....service.gltf_text import CHUNK, HEADER, MAGIC
from ...model.failure import PreparationFailed
from .contents import CUT_OFF, DAMAGED_HINT
from .file_references import NO_PICTURE, OwnFiles, in_utf8, is_picture, shown, why_not

EMPTY_PICTURE: Final = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA"
    "hKmMIQAAAABJRU5ErkJggg=="
)
"""Takes the place of a picture that was left out; nothing shows it any more."""

DATA: Final = "data:"
BASE64: Final = ";base64,"

Document = dict[str, Any]


def confined(file: Path, own: OwnFiles, scratch: Path) -> Path:
    """The file to import: ``file``, or a copy in ``scratch``.

    Raises PreparationFailed where geometry is not in the model's own files.
    """
    read = _read(file)
    if read is None:
        return file  # the importer says what is wrong with it
    document, start, is_utf8 = read
    changed = not is_utf8
    changed |= _confine_buffers(document, own, file)
    if not _holds_what_it_counts(document, file):
        raise PreparationFailed(CUT_OFF, name=file.name, hint=DAMAGED_HINT)
    changed |= _confine_pictures(document, own, file)
    changed |= _keep_default_scene(document)
    if not changed:
        return file
    copy = scratch / file.name
    with file.open("rb") as stream:
        stream.seek(start)
        binary = stream.read()
    copy.write_bytes(_written(document, binary, packed=file.suffix.lower() == ".glb"))
    return copy


def document_of(file: Path) -> Document | None:
    """The JSON part of a .glb or .gltf file; None if it has none."""
    read = _read(file)
    return None if read is None else read[0]


def _read(file: Path) -> tuple[Document, int, bool] | None:
    """The document, where it ends in the file, and whether it is in UTF-8 as it has to be."""
    try:
        with file.open("rb") as stream:
            head = stream.read(HEADER.size)
            if not head.startswith(MAGIC):
                text = head + stream.read()
            else:
                length, _ = CHUNK.unpack(stream.read(CHUNK.size))
                # No more than there is: Python makes room for all that is asked for.
                text = stream.read(min(length, file.stat().st_size))
            end = stream.tell()
        plain = in_utf8(text)
        document = json.loads(plain)
    except (OSError, ValueError, struct.error, RecursionError):
        return None
    return (document, end, plain is text) if isinstance(document, dict) else None


def _written(document: Document, binary: bytes, *, packed: bool) -> bytes:
    text = json.dumps(document).encode()
    return gltf_text.packed(text, binary) if packed else text


def _items(document: Mapping[str, Any], name: str) -> list[Document]:
    found = document.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _outside_data(item: Mapping[str, Any]) -> str | None:
    """The name of the file that the buffer or picture is in; None if it is in this one."""
    uri = item.get("uri")
    return None if uri is None or _inside_data(uri) is not None else str(uri)


def _inside_data(uri: Any) -> str | None:
    """What is written in the address itself; None where Blender's importer takes it for a path.

    The importer does so with data of any other kind, and if ``data:`` is written otherwise.
    """
    if not isinstance(uri, str) or not uri.startswith(DATA):
        return None
    _, found, text = uri.partition(BASE64)
    return text if found else None


def _is_whole(text: str) -> bool:
    try:
        return bool(base64.b64decode(text))
    except (binascii.Error, ValueError):
        return False


COMPONENT_BYTES: Final = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
COMPONENTS: Final = {
    "SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16,
}  # fmt: skip


def _holds_what_it_counts(document: Document, file: Path) -> bool:
    """Whether every accessor lies within its buffer: importers take memory for what is counted."""
    views = _items(document, "bufferViews")
    try:
        held = [_bytes_in(buffer, file) for buffer in _items(document, "buffers")]
        for accessor in _items(document, "accessors"):
            if "bufferView" not in accessor:
                continue
            view = views[accessor["bufferView"]]
            item = COMPONENT_BYTES[accessor["componentType"]] * COMPONENTS[accessor["type"]]
            stride = view.get("byteStride") or item
            end = accessor.get("byteOffset", 0) + stride * (accessor["count"] - 1) + item
            if end > min(view["byteLength"], held[view["buffer"]] - view.get("byteOffset", 0)):
                return False
    except (KeyError, IndexError, TypeError):
        return True  # the importer says what is wrong with it
    return True


def _bytes_in(buffer: Document, file: Path) -> int:
    """How many bytes of the buffer can be there, whatever it says; own files have been named."""
    inside, outside = _inside_data(buffer.get("uri")), _outside_data(buffer)
    if inside is not None:
        return len(inside) * 3 // 4
    return (file if outside is None else file.parent / unquote(outside)).stat().st_size


def _confine_buffers(document: Document, own: OwnFiles, file: Path) -> bool:
    changed = False
    for buffer in _items(document, "buffers"):
        uri = _outside_data(buffer)
        if uri is None:
            continue
        path = own.find(unquote(uri), file.parent)
        if path is None:
            raise PreparationFailed(
                "{name} cannot be read: its geometry is in {other}, which is not one of its files.",
                name=file.name,
                other=shown(unquote(uri)),
                hint="The files are kept in the job's folder.",
            )
        changed |= _name(buffer, uri, path, file)
    return changed


def _confine_pictures(document: Document, own: OwnFiles, file: Path) -> bool:
    changed = False
    gone: set[int] = set()
    for index, picture in enumerate(_items(document, "images")):
        inside, uri = _inside_data(picture.get("uri")), _outside_data(picture)
        if uri is None and (inside is None or _is_whole(inside)):
            continue
        if uri is None:
            own.leave_out(NO_PICTURE, str(picture.get("name", f"images[{index}]")))
        else:
            path = own.find(unquote(uri), file.parent)
            if path is not None and is_picture(path):
                changed |= _name(picture, uri, path, file)
                continue
            own.leave_out(why_not(unquote(uri)) if path is None else NO_PICTURE, unquote(uri))
        picture.pop("mimeType", None)
        picture["uri"] = EMPTY_PICTURE
        gone.add(index)
    if gone:
        _forget_textures(document, gone)
    return changed or bool(gone)


def _keep_default_scene(document: Document) -> bool:
    """Blender brings in every scene, and nodes of none; what is not in the default one goes.

    A default scene that is not there is the first. One without any mesh is a mistake of the file's.
    """
    scenes = _items(document, "scenes")
    if not scenes:
        return False
    said = document.get("scene", 0)
    default = said if isinstance(said, int) and 0 <= said < len(scenes) else 0
    nodes = _items(document, "nodes")
    shown = _below(scenes[default].get("nodes", []), nodes)
    if not any("mesh" in nodes[index] for index in shown):
        return False
    changed = len(scenes) > 1 or default != said
    for index, node in enumerate(nodes):
        if index not in shown:
            found = [node.pop(name, None) for name in ("mesh", "skin", "camera", "extensions")]
            changed |= any(value is not None for value in found)
    if changed:
        document["scenes"], document["scene"] = [scenes[default]], 0
    return changed


def _below(roots: Any, nodes: Sequence[Document]) -> set[int]:
    found: set[int] = set()
    waiting = [roots]
    while waiting:
        indices = waiting.pop()
        for index in indices if isinstance(indices, list) else []:
            if isinstance(index, int) and 0 <= index < len(nodes) and index not in found:
                found.add(index)
                waiting.append(nodes[index].get("children"))
    return found


def _name(item: Document, uri: str, path: Path, file: Path) -> bool:
    """Name an own file by its full path, as a copy needs it; whether the file itself does too."""
    item["uri"] = quote(path.as_posix(), safe="/:")
    plain = unquote(uri)
    return "\\" in plain or ":" in plain or file.parent / plain != path


def _forget_textures(document: Document, pictures: set[int]) -> None:
    """Take every use of a texture that has one of the pictures off its material."""
    textures = {
        index
        for index, texture in enumerate(_items(document, "textures"))
        if not pictures.isdisjoint(_sources(texture))
    }
    for holder in _dictionaries(document.get("materials", [])):
        for name, use in list(holder.items()):
            is_use = name.lower().endswith("texture") and isinstance(use, dict)
            if is_use and use.get("index") in textures:
                del holder[name]


def _sources(texture: Mapping[str, Any]) -> set[int]:
    """The pictures of a texture, those of extensions (WebP, KTX) too."""
    return {
        found["source"] for found in _dictionaries(texture) if isinstance(found.get("source"), int)
    }


def _dictionaries(value: Any) -> Iterator[Document]:
    """Those in the value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
