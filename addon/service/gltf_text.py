"""The parts of a glTF file: its JSON text, and in a .glb the data behind it."""

import struct
from typing import Final

HEADER: Final = struct.Struct("<4sII")
CHUNK: Final = struct.Struct("<I4s")
MAGIC: Final = b"glTF"
VERSION: Final = 2


def parted(content: bytes) -> tuple[bytes, bytes]:
    """The text and what is behind it; all of a .gltf is text. Raises struct.error."""
    if not content.startswith(MAGIC):
        return content, b""
    begin = HEADER.size + CHUNK.size
    length, _ = CHUNK.unpack_from(content, HEADER.size)
    return content[begin : begin + length], content[begin + length :]


def packed(text: bytes, binary: bytes) -> bytes:
    """A .glb of both."""
    text += b" " * (-len(text) % 4)
    length = HEADER.size + CHUNK.size + len(text) + len(binary)
    return HEADER.pack(MAGIC, VERSION, length) + CHUNK.pack(len(text), b"JSON") + text + binary
