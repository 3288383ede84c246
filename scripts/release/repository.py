"""The static repository: a folder a channel, each with one version and Blender's index of it.

A Blender that has a channel's ``index.json`` as a repository installs from there and updates when
another version stands in it. A stable version is published in both channels, so that who has chosen
``latest`` is never behind; one with a suffix (``1.3.0-beta.1``) in ``latest`` alone.
"""

import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

from addon.service.changelog import Channel, is_newer
from scripts.extension_tool import ExtensionTool

CHANNELS = {
    Channel.STABLE: (Channel.STABLE, Channel.LATEST),
    Channel.LATEST: (Channel.LATEST,),
}
"""Channel of a version -> the folders that it is published in."""


class NotNewer(Exception):
    """What is published is as new; the text says where."""


def version_of(archive: Path) -> str:
    """The version that an archive's manifest names."""
    with zipfile.ZipFile(archive) as packed:
        manifest = tomllib.loads(packed.read("blender_manifest.toml").decode())
    return str(manifest["version"])


def publish(archive: Path, channel: Channel, root: Path, tool: ExtensionTool) -> list[Path]:
    """Put the archive into the channel's folders below ``root``; returns those it is in now.

    One that holds the same version with other bytes, or a newer one, ends it with nothing changed;
    ``latest`` with a newer one is left as it is when an older stable line gets a correction.
    """
    version = version_of(archive)
    wanted = []
    for name in CHANNELS[channel]:
        folder = root / name
        held = sorted(folder.glob("*.zip"))
        newer = [other for other in held if is_newer(version_of(other), version)]
        if newer and name == channel:
            raise NotNewer(f"{newer[0]} is newer than {version}: Blenders would not take it")
        if any(
            version_of(other) == version and other.read_bytes() != archive.read_bytes()
            for other in held
        ):
            raise NotNewer(f"{folder} has another {version}: a version is published once")
        if not newer:
            wanted.append(folder)
    for folder in wanted:
        _replace(folder, archive, tool)
    return wanted


def _replace(folder: Path, archive: Path, tool: ExtensionTool) -> None:
    """Have the folder hold this version alone; what it held goes last, after the index is new."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        shutil.copyfile(archive, Path(scratch) / archive.name)
        tool.describe(Path(scratch))
        for made in sorted(Path(scratch).iterdir(), key=lambda path: path.suffix != ".zip"):
            made.replace(folder / made.name)
    for older in folder.glob("*.zip"):
        if older.name != archive.name:
            older.unlink()
