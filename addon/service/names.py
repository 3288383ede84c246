"""File names for results: safe on every system, telling, never in each other's way."""

import os
import re
from pathlib import Path

MAX_LENGTH = 80
RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
"""Names Windows keeps for devices, whatever their suffix."""


def safe_name(text: str) -> str:
    """Reduce text to one path component of letters, digits, ``.``, ``-`` and ``_``."""
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-_ ")[:MAX_LENGTH].rstrip(".-_ ")
    if not kept or kept.split(".")[0].lower() in RESERVED:
        return f"file-{kept}".rstrip("-")
    return kept


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
        part.rename(path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # file systems without hard links
        path.open("xb").close()
        part.replace(path)
    else:
        part.unlink()
