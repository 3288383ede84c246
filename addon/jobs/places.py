"""Where this user's job list, key and results are kept, the same for every program of ours.

One place outside Blender's own folders: several Blender versions and the command line share the
jobs and the submit limit, and removing the extension does not remove paid results.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_NAME = "STUDIO3D_HOME"
"""Environment name of an override, for example on a machine with a read-only home."""


@dataclass(frozen=True, slots=True)
class Places:
    """Files and folders below one root folder."""

    root: Path

    @property
    def store(self) -> Path:
        return self.root / "jobs.sqlite"

    @property
    def key_file(self) -> Path:
        return self.root / "key"

    @property
    def prompts(self) -> Path:
        return self.root / "prompts.json"

    @property
    def recipes(self) -> Path:
        return self.root / "recipes"

    @property
    def results(self) -> Path:
        return self.root / "results"

    @property
    def assets(self) -> Path:
        return self.root / "assets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"


def find_places(environ: Mapping[str, str], platform: str = sys.platform) -> Places:
    """The user's places, by the habits of the platform."""
    if environ.get(HOME_NAME):
        return Places(Path(environ[HOME_NAME]).expanduser().absolute())
    home = Path.home()
    if platform == "win32":
        base = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return Places(base / "studio3d")
