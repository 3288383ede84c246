"""The version of the extension, which stands in its manifest and nowhere else."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """Such as ``1.2.0``. Installed, the manifest lies in the package; in the sources, beside it."""
    package = Path(__file__).resolve().parents[1]
    places = (package / "blender_manifest.toml", package.parent / "blender_manifest.toml")
    manifest = next(path for path in places if path.is_file())
    return str(tomllib.loads(manifest.read_text(encoding="utf-8"))["version"])
