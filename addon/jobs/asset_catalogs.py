"""The catalogues of an asset library: Blender's text file in the library's folder."""

import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Final

CATALOG_SPACE: Final = uuid.UUID("5f0c2a52-6d0b-4c55-9b5c-3d6f8f1f6f3e")
"""Catalogues get their id from their path in this space, so every host gives them the same one."""

CATALOG_FILE: Final = "blender_assets.cats.txt"
CATALOG_LINE: Final = re.compile(r"([0-9a-fA-F-]{36}):([^:]*):")


def catalog_path(written: str) -> str:
    """A path as people write it, ``Props / Chairs``, as Blender takes it; "" for none."""
    parts = (part.strip() for part in written.replace(":", "-").split("/"))
    return "/".join(part for part in parts if part)


def catalog_id(path: str) -> str:
    """The id of a catalogue that we make; empty for none."""
    return str(uuid.uuid5(CATALOG_SPACE, path)) if path else ""


def add_catalog(library: Path, path: str) -> str:
    """Make sure that the library has the catalogue; returns its id there, "" for none."""
    if not path:
        return ""
    write_catalogs(library, [path])
    return _known(library)[path]


def write_catalogs(library: Path, paths: Iterable[str]) -> None:
    """Add catalogues to the library's definition file; what is there stays."""
    wanted = {
        "/".join(parts[: end + 1])
        for path in paths
        for parts in [path.split("/")]
        for end in range(len(parts))
        if path
    }
    file = library / CATALOG_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    missing = sorted(wanted - _known(library).keys())
    if file.exists() and not missing:
        return
    head = lines or ["# This is an Asset Catalog Definition file for Blender.", "", "VERSION 1", ""]
    lines = [*head, *(f"{catalog_id(path)}:{path}:{path.replace('/', '-')}" for path in missing)]
    library.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(file)


def _known(library: Path) -> dict[str, str]:
    """The ids of the library's catalogues by path; of two for one path the first counts."""
    file = library / CATALOG_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found = [match for line in lines if (match := CATALOG_LINE.match(line))]
    return {match[2]: match[1] for match in reversed(found)}
