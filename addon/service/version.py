"""The version of the extension, which stands in its manifest and nowhere else."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

UNKNOWN: Final = "unknown"


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
    return str(tomllib.loads(manifest.read_text(encoding="utf-8"))["version"])
