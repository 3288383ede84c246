"""Unpacking a downloaded ZIP without trusting it."""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..catalog.messages import Message
from .errors import BadArchive, DownloadFailed
from .names import free_path


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unpack to; sizes in bytes."""

    entries: int = 2000
    entry_bytes: int = 1024**3
    total_bytes: int = 2 * 1024**3
    ratio: float = 200.0
    """Unpacked to packed size of one entry, looked at from ``ratio_floor`` on."""
    ratio_floor: int = 16 * 1024**2


CHUNK = 256 * 1024


def unpack(archive: Path, folder: Path, stem: str, limits: Limits | None = None) -> list[Path]:
    """Unpack into a new folder ``stem`` below ``folder``; returns the files in archive order.

    Nothing is left behind if it raises BadArchive (the file is no good) or DownloadFailed (the disk
    would not take it).
    """
    target = free_path(folder, stem, "")
    part = free_path(folder, stem, ".part")
    try:
        with zipfile.ZipFile(archive) as opened:
            names = _checked(opened, limits or Limits())
            part.mkdir(parents=True)
            for entry, relative in names:
                _write(opened, entry, part / relative)
        part.rename(target)
    # RuntimeError: encrypted; NotImplementedError: a compression Python does not have.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise BadArchive(
            Message(
                "{name} is damaged or cannot be unpacked: {error}", name=archive.name, error=error
            )
        ) from error
    except OSError as error:
        raise DownloadFailed(
            Message(
                "{name} could not be unpacked to {folder}: {reason}.",
                name=archive.name,
                folder=folder,
                reason=error.strerror or error,
            ),
            hint="Check the folder's permissions and the free space; it is tried again.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return [target / relative for _, relative in names]


def _checked(opened: zipfile.ZipFile, limits: Limits) -> list[tuple[zipfile.ZipInfo, Path]]:
    """The files of the archive with their places; raises BadArchive before anything is written."""
    entries = [e for e in opened.infolist() if not e.is_dir() and not _is_of_the_mac(e)]
    if not entries:
        raise BadArchive("The archive contains no files.")
    if len(entries) > limits.entries:
        raise BadArchive(
            Message(
                "The archive contains {entries} files; that cannot be right.", entries=len(entries)
            )
        )
    total = 0
    # Of a name that is there twice the last one counts, as for every reader.
    named: dict[Path, zipfile.ZipInfo] = {}
    for entry in entries:
        _check_size(entry, limits)
        total += entry.file_size
        named[_safe_place(entry)] = entry
    if total > limits.total_bytes:
        raise BadArchive(Message("The archive would unpack to {total:.1f} GB.", total=total / 1e9))
    return list(zip(named.values(), _own_names(named), strict=True))


def _own_names(places: Iterable[Path]) -> Iterator[Path]:
    """Each under a name that no file system takes for that of another: some know no capitals."""
    taken: set[str] = set()
    for place in places:
        name, number = place, 1
        while str(name).lower() in taken:
            number += 1
            name = place.with_name(f"{place.stem}-{number}{place.suffix}")
        taken.add(str(name).lower())
        yield name


def _is_of_the_mac(entry: zipfile.ZipInfo) -> bool:
    """What macOS adds for itself: resource forks, which are called as the files they belong to."""
    *folders, name = entry.filename.replace("\\", "/").split("/")
    return "__MACOSX" in folders or name.startswith("._") or name == ".DS_Store"


def _check_size(entry: zipfile.ZipInfo, limits: Limits) -> None:
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > limits.entry_bytes or (
        entry.file_size > limits.ratio_floor and ratio > limits.ratio
    ):
        raise BadArchive(
            Message(
                "{filename} would unpack to {size:.0f} MB.",
                filename=entry.filename,
                size=entry.file_size / 1e6,
            )
        )


def _safe_place(entry: zipfile.ZipInfo) -> Path:
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        raise BadArchive(
            Message(
                "The archive contains {filename}, which is not a plain file.",
                filename=entry.filename,
            )
        )
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name or not path.parts:
        raise BadArchive(
            Message(
                "The archive wants to write outside its folder: {filename}", filename=entry.filename
            )
        )
    return Path(*path.parts)


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path) -> None:
    """Write one entry; the size it states is held against what really comes out."""
    to.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened.open(entry) as source, to.open("xb") as file:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > entry.file_size:
                raise BadArchive(
                    Message("{filename} is larger than the archive says.", filename=entry.filename)
                )
            file.write(chunk)
