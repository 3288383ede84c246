"""File names for results: safe on every system, telling, never in each other's way."""

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
