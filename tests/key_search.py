"""Looks for a key in everything that was left behind or is running, in every form it may have.

It runs inside Blender too.
"""

import base64
import gzip
import io
import threading
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Self
from urllib.parse import quote, quote_plus

from tests.patience import PAUSE

KEY = "sk-live/Zq+7=9~Search'Me<&>All%41"
"""With what is written in another way in addresses, pages, quotes and base64."""

PNG = b"\x89PNG\r\n\x1a\n"
TEXTS = {b"zTXt", b"iTXt"}
"""Chunks of a picture whose text may be compressed."""


def forms(key: str) -> frozenset[bytes]:
    """The ways in which the key may be written."""
    plain = key.encode()
    found = {
        plain,
        quote(key).encode(),
        quote(key, safe="").encode(),
        quote_plus(key).encode(),
        escape(key).encode(),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        key.encode("utf-16-le"),
        key.encode("utf-16-be"),
    }
    for before in range(3):  # where it stands among other bytes that are encoded with it
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(bytes(before) + plain)
            start = (before * 8 + 5) // 6
            whole = (before + len(plain)) * 8 // 6
            found.add(text[start:whole])
    return frozenset(found)


def held(data: bytes, key: str = KEY) -> list[bytes]:
    """The forms of the key that are in the bytes, or in what is packed in them."""
    wanted = forms(key)
    return [form for piece in _pieces(data) for form in wanted if form in piece]


def files_with(folder: Path, key: str = KEY) -> dict[Path, list[bytes]]:
    """The files below the folder that hold the key, and in which form."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path: found for path in files if (found := held(path.read_bytes(), key))}


def _pieces(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield from _pieces(gzip.decompress(data))
    elif data.startswith(PNG):
        yield from _texts(data)
    elif data.startswith(b"PK\x03\x04") and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _pieces(archive.read(name))


def _texts(picture: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while at + 8 <= len(picture):
        length = int.from_bytes(picture[at : at + 4], "big")
        body = picture[at + 8 : at + 8 + length]
        if picture[at + 4 : at + 8] in TEXTS:
            for start in range(len(body)):
                if body[start : start + 1] == b"\x78":  # where zlib's data may begin
                    try:
                        yield zlib.decompress(body[start:])
                    except zlib.error:
                        continue
        at += 12 + length


class Watch:
    """Notes command line and environment of every process below one, as long as it is open."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.command_lines: dict[int, bytes] = {}
        self.environments: dict[int, bytes] = {}
        """By process id; of the processes below, not of the root itself."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.is_set():
            self.note()
            time.sleep(PAUSE)

    def note(self) -> None:
        """Look once at all that run now."""
        for process in _below(self._root):
            command_line, environment = (_read(process, name) for name in ("cmdline", "environ"))
            if command_line:
                self.command_lines[process] = command_line
            if environment:
                self.environments[process] = environment


def _below(root: int) -> set[int]:
    found, more = set[int](), [root]
    while more:
        threads = Path(f"/proc/{more.pop()}/task")
        try:
            texts = [(thread / "children").read_text() for thread in threads.iterdir()]
        except OSError:  # it has just ended
            continue
        children = {int(child) for text in texts for child in text.split()}
        more += children - found
        found |= children
    return found


def _read(process: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:
        return b""


def all_held(texts: Iterable[bytes], key: str = KEY) -> list[bytes]:
    """The forms of the key in any of the texts."""
    return [form for text in texts for form in held(text, key)]
