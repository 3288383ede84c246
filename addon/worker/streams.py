"""What a process of ours says, and what is read of it: UTF-8 wherever no console shows it.

Windows would have files and pipes in the code page of the system, which has no word for the names
and prompts of half the world. ``blender.background.entry`` runs this file, which imports nothing
of the extension.
"""

import io
import locale
import sys
from typing import Final


def in_utf8() -> None:
    """Have both streams take any text; a console keeps the encoding that it shows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def said(end: bytes) -> str:
    """The end of what a process has written, wherever it is cut.

    A line that is not UTF-8 was written before it came to ``in_utf8``, or not by Python.
    """
    return "\n".join(map(_line, end.lstrip(INSIDE_LETTERS).splitlines()))


INSIDE_LETTERS: Final = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 with which none begins."""


def _line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(locale.getencoding(), "replace")
