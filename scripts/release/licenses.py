"""The licences of the libraries that come along, in one text, as each has them in its wheel."""

import zipfile
from pathlib import Path

from scripts import wheels

RULE = "=" * 80
NAMES = ("license", "licence", "copying", "notice")


class NoLicense(Exception):
    """A library has no licence in its wheel."""


def texts(wheel: Path) -> dict[str, str]:
    """The names of a wheel's licence files and what stands in them."""
    with zipfile.ZipFile(wheel) as packed:
        files = {
            name: packed.read(name).decode()
            for name in sorted(packed.namelist())
            if ".dist-info/" in name and name.rpartition("/")[2].lower().startswith(NAMES)
        }
    if not files:
        raise NoLicense(f"{wheel.name} has no licence in it")
    return files


def write(path: Path) -> Path:
    """Write the licences of all of them; returns the path."""
    parts = [f"The licences of the libraries in {path.stem.removesuffix('-licenses')}.zip\n"]
    for wheel in wheels.ready():
        name, version = wheel.name.split("-")[:2]
        for file, text in texts(wheels.ROOT / wheel).items():
            title = f"{name} {version}: {file.rpartition('/')[2]}"
            parts.append(f"{RULE}\n{title}\n{RULE}\n\n{text.strip()}\n")
    path.write_text("\n".join(parts), encoding="utf-8")
    return path
