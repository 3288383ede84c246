"""The text of a file that a person has written with a program of theirs, or of a pipe."""

import codecs
from typing import Final

UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How files begin that Windows' programs call Unicode."""


def decoded(data: bytes) -> str:
    """The text, without the mark it may begin with: UTF-8, or UTF-16, which a mark need not say.

    Raises UnicodeDecodeError for what is neither.
    """
    return data.decode(encoding(data))


def encoding(data: bytes) -> str:
    """What it is written in, as far as can be seen from the bytes."""
    if data.startswith(UTF_16):
        return "utf-16"
    # Every other byte of plain letters in UTF-16 is zero, and text in UTF-8 has none.
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return "utf-16-le"
    return "utf-16-be" if data[:1] == b"\0" and data[1:2] not in {b"", b"\0"} else "utf-8-sig"
