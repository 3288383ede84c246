"""The version of the extension, which stands in its manifest and nowhere else."""

import re
from functools import cache
from pathlib import Path
from typing import Final

UNKNOWN: Final = "unknown"
VERSION: Final = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)
"""In the manifest, as we write it: to read all of it takes longer than most commands do."""


def beside_the_package(name: str) -> Path | None:
    """A file that ships with the package; None where there is no more than the programs.

    Installed, it lies in the package; in the sources, beside it.
    """
    package = Path(__file__).resolve().parents[1]
    places = (package / name, package.parent / name)
    return next((path for path in places if path.is_file()), None)


@cache
def version() -> str:
    """Such as ``1.2.0``; ``unknown`` where there is no more than the programs, as on a farm."""
    manifest = beside_the_package("blender_manifest.toml")
    if manifest is None:
        return UNKNOWN
    said = VERSION.search(manifest.read_text(encoding="utf-8"))
    return UNKNOWN if said is None else said[1]
