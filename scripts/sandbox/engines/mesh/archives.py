"""Models that arrive in a ZIP, and results that leave in one."""

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from scripts.sandbox.work import EngineFailed

_MOST_FILES = 2_000
_MOST_BYTES = 2_000_000_000


def unpack(archive: Path, folder: Path, suffixes: tuple[str, ...]) -> Path:
    """Unpack into ``folder``; the first file in the archive's order with one of ``suffixes``.

    EngineFailed for a damaged, hostile or too large archive, or one without such a file.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [m for m in packed.infolist() if not m.is_dir()]
            if len(members) > _MOST_FILES or sum(m.file_size for m in members) > _MOST_BYTES:
                raise EngineFailed("The ZIP archive is too large.")
            if any(".." in PurePosixPath(m.filename).parts for m in members):
                raise EngineFailed("The ZIP archive holds paths that lead out of it.")
            packed.extractall(folder)
    except zipfile.BadZipFile as error:
        raise EngineFailed("The ZIP archive is damaged.") from error
    for member in members:
        name = PurePosixPath(member.filename)
        if name.suffix.lower() in suffixes and "__MACOSX" not in name.parts:
            return folder / name
    raise EngineFailed("The ZIP archive holds no 3D file.")


def pack(target: Path, files: Mapping[str, bytes | Path]) -> Path:
    """Write ``files`` by their names in the archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            if isinstance(content, Path):
                packed.write(content, name)
            else:
                packed.writestr(name, content)
    return target
