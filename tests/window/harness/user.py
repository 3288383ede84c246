"""A user of Blender: a folder with preferences and extensions of its own."""

import os
import subprocess
from pathlib import Path

from tests.patience import seconds


def make_user(folder: Path, blender: str, archive: Path | None = None) -> None:
    """Make the user's folder, with the extension of ``archive`` installed and enabled."""
    for name in ("config", "extensions", "scripts"):  # Blender needs them to be there
        (folder / name).mkdir(parents=True, exist_ok=True)
    if archive:
        _extension(folder, blender, "repo-remove", "blender_org")  # nothing outside is ever asked
        _extension(
            folder, blender, "install-file", "--repo", "user_default", "--enable", str(archive)
        )


def _extension(folder: Path, blender: str, *command: str) -> None:
    done = subprocess.run(
        [blender, "--background", "--command", "extension", *command],
        env=os.environ | {"BLENDER_USER_RESOURCES": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds(90),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"extension {command[0]} failed:\n{done.stdout}{done.stderr}")
