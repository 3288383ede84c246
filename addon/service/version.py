"""The version of the extension, which stands in its manifest and nowhere else."""

import re
from functools import cache
from pathlib import Path
from typing import Final

UNKNOWN: Final = "unknown"
VERSION: Final = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)
"""In the manifest, as we write it: to read all of it takes longer than most commands do."""


@cache
def version() -> str:
    """Such as ``1.2.0``; ``unknown`` where there is no more than the programs, as on a farm.

    Installed, the manifest lies in the package; in the sources, beside it.
    """
    package = Path(__file__).resolve().parents[1]
    places = (package / "blender_manifest.toml", package.parent / "blender_manifest.toml")
    manifest = next((path for path in places if path.is_file()), None)
    if manifest is None:
        return UNKNOWN
    said = VERSION.search(manifest.read_text(encoding="utf-8"))
    return UNKNOWN if said is None else said[1]
