"""File names for results: safe on every system, telling, never in each other's way."""

import os
import re
import unicodedata
from pathlib import Path
from typing import Final

from . import whole_files

MAX_LENGTH: Final = 80
RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"}
)
"""Names Windows keeps for devices, whatever their suffix."""
NOT_ON_WINDOWS: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
LONGEST: Final = 200
"""Bytes of a name, of the 255 that file systems take: numbers may come to it."""


def safe_name(text: str) -> str:
    """Reduce text to one path component of letters, digits, ``.``, ``-`` and ``_``."""
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-_ ")[:MAX_LENGTH].rstrip(".-_ ")
    if not kept or kept.split(".")[0].lower() in RESERVED:
        return f"file-{kept}".rstrip("-")
    return kept


def everywhere(part: str) -> str:
    """Part of a path as every system takes it, the same on all; "" if nothing is left of it.

    Windows drops dots and blanks at the end, so that ``.. `` would be ``..``.
    """
    part = NOT_ON_WINDOWS.sub("_", part).rstrip(". ")
    if part.split(".")[0].rstrip().lower() in RESERVED:
        part = f"_{part}"
    name = Path(part)
    room = LONGEST - len(name.suffix.encode())
    if len(name.stem.encode()) <= room or room <= 0:
        return name.name.encode()[:LONGEST].decode(errors="ignore")
    return name.stem.encode()[:room].decode(errors="ignore") + name.suffix


def folded(path: str | Path) -> str:
    """The same for names that some file system takes for one, by capitals or by accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", str(path)).casefold())


def at_home(path: str) -> Path:
    """The path with ~ for the home it means; as it is written where there is no such user."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in ``folder`` that does not exist yet: ``stem.suffix``, else ``stem-2.suffix``..."""
    path = folder / f"{stem}{suffix}"
    number = 2
    while path.exists() or path.is_symlink():
        path = folder / f"{stem}-{number}{suffix}"
        number += 1
    return path


def give_name(part: Path, folder: Path, stem: str, suffix: str) -> Path:
    """Call ``part``, in the same folder, by a free path there; never over what others put there.

    ``free_path`` alone is for who is alone with the folder. Raises OSError.
    """
    while True:
        path = free_path(folder, stem, suffix)
        try:
            _rename_unless_there(part, path)
        except FileExistsError:
            continue
        return path


def _rename_unless_there(part: Path, path: Path) -> None:
    if os.name == "nt":
        whole_files.rename(part, path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # file systems without hard links
        path.open("xb").close()
        whole_files.replace(part, path)
    else:
        part.unlink()
