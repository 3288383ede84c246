"""The version of the extension, which stands in its manifest and nowhere else."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

MANIFEST: Final = "blender_manifest.toml"


@cache
def version() -> str:
    """Such as ``1.2.0``. Installed, the manifest lies in the package; in the sources, beside it."""
    package = Path(__file__).resolve().parents[1]
    found = next(path for path in (package / MANIFEST, package.parent / MANIFEST) if path.is_file())
    return str(tomllib.loads(found.read_text(encoding="utf-8"))["version"])
