"""Reading and unpacking a downloaded ZIP without trusting it.

Whatever is opened here is held against the limits by what it says of itself, before anything of it
is unpacked, be it to disk or only to see whether it is whole.
"""

import errno
import filecmp
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from ..catalog.messages import Message
from . import whole_files
from .errors import BadArchive, DownloadFailed, ServiceError
from .file_types import MODEL_SUFFIXES
from .moved_names import follow
from .names import everywhere, folded, free_path
from .path_room import fitted, room


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unpack to; sizes in bytes."""

    entries: int = 2000
    entry_bytes: int = 1024**3
    total_bytes: int = 2 * 1024**3
    ratio: float = 200.0
    """Unpacked to packed size: of one entry from ``ratio_floor`` on, of all from ``all_floor``."""
    ratio_floor: int = 16 * 1024**2
    all_floor: int = 128 * 1024**2


CHUNK = 256 * 1024
SMALL_CHUNK = 4096
"""For methods of packing that unpack all they are given at once, whatever comes of it."""

MOST_AT_ONCE = 4 * 1024**2
"""Bytes read at once; only the list of entries is read whole, however long it says it is."""

ZIP_LIKE: Final = frozenset({".usdz", ".3mf"})
"""Endings of archives that are read as they are."""

OF_THE_ARCHIVE: Final = frozenset(
    {
        None,
        errno.EINVAL,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
        errno.EILSEQ,
    }
)
"""Trouble that another try, with more room or other permissions, would have again."""


UNPACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
"""Ways of packing; to unpack LZMA takes as much memory as the archive says, up to 4 GB."""


def _check_packing(entries: Iterable[zipfile.ZipInfo]) -> None:
    """Raise NotImplementedError, as zipfile does, for what is packed in a way not unpacked here."""
    for entry in entries:
        if entry.compress_type not in UNPACKED:
            raise NotImplementedError(f"compression method {entry.compress_type}")


LINKS: Final = "{filename} in the archive is not a plain file and was left out."


class Unpacked(NamedTuple):
    """What came of an archive."""

    files: list[Path]
    """In archive order."""
    left_out: list[str]
    """Sentences about what was not unpacked."""


def unpack(archive: Path, folder: Path, stem: str, limits: Limits | None = None) -> Unpacked:
    """Unpack into a new folder ``stem`` below ``folder``.

    Links and devices are left out, and a name that leads out of the folder is taken for one inside
    it: neither can do anything there, and the rest of a result is as good without them.

    Where the same is unpacked already, it stays and is returned.

    Nothing is left behind if it raises BadArchive (the file is no good) or DownloadFailed (the disk
    would not take it).
    """
    target = free_path(folder, stem, "")
    part = free_path(folder, stem, ".part")
    try:
        with _opened(archive, limits or Limits()) as opened:
            entries, left_out = _plain(opened)
            names = _placed(entries, room(part))
            part.mkdir(parents=True)
            for entry, relative in names:
                _write(opened, entry, part / relative)
            follow(part, {entry.filename: relative for entry, relative in names})
        there = folder / stem
        if _is_same(part, there, [relative for _, relative in names]):
            target = there
        else:
            whole_files.rename(part, target)
    except ServiceError:
        raise
    except Exception as error:  # of a file that is damaged, zipfile raises anything
        if isinstance(error, OSError) and error.errno not in OF_THE_ARCHIVE:
            raise _not_taken(archive, folder, error) from error
        raise _unusable(archive, error) from error
    finally:
        whole_files.discard_folder(part)
    return Unpacked([target / relative for _, relative in names], left_out)


def damage(archive: Path, limits: Limits | None = None) -> str:
    """What of it cannot be read, in words; "" if it is whole.

    Also for one that is no good but as it was made: encrypted, or beyond the limits. That is said
    where it is used, for another download would be the same.
    """
    try:
        with _opened(archive, limits or Limits()) as opened:
            for entry in opened.infolist():
                if not _is_whole(opened, entry):
                    return Message(UNREADABLE, damaged=entry.filename)
    except (BadArchive, RuntimeError, NotImplementedError):
        return ""
    except Exception:  # noqa: BLE001 - as above
        return "The ZIP file is damaged."
    return ""


def check(archive: Path, limits: Limits | None = None) -> None:
    """Raise BadArchive for one beyond the limits, which somebody else is about to read."""
    try:
        with _opened(archive, limits or Limits()):
            return
    except ServiceError:
        raise
    except Exception as error:  # as above
        raise _unusable(archive, error) from error


UNREADABLE: Final = "The ZIP file is damaged: {damaged} cannot be read."


@contextmanager
def _opened(archive: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive, if it keeps to the limits; raises BadArchive and whatever zipfile raises."""
    with _Source(archive) as source, zipfile.ZipFile(source) as opened:
        _check_packing(opened.infolist())
        _check_sizes(opened.infolist(), limits, archive.stat().st_size)
        yield opened


class _Source(io.FileIO):
    """A file of which nothing is read that is larger than an honest archive has."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > MOST_AT_ONCE:
            raise BadArchive(
                Message(
                    "The archive's list of files has {size:.0f} MB; that cannot be right.",
                    size=wanted / 1e6,
                )
            )
        return super().read(wanted) if wanted > 0 else b""


def _is_whole(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    try:
        for _ in _chunks(opened, entry):
            continue
    except zipfile.BadZipFile:
        return False
    return True


def _chunks(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    known = entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    with opened.open(entry) as source:
        while chunk := source.read(CHUNK if known else SMALL_CHUNK):
            yield chunk


def _unusable(archive: Path, error: Exception) -> BadArchive:
    return BadArchive(
        Message("{name} is damaged or cannot be unpacked: {error}", name=archive.name, error=error)
    )


def _not_taken(archive: Path, folder: Path, error: OSError) -> DownloadFailed:
    return DownloadFailed(
        Message(
            "{name} could not be unpacked to {folder}: {reason}.",
            name=archive.name,
            folder=folder,
            reason=error.strerror or error,
        ),
        hint="Check the folder's permissions and the free space.",
    )


def _is_same(made: Path, there: Path, names: Sequence[Path]) -> bool:
    """Whether everything of what was made is there already, with nothing changed."""
    return bool(names) and all(
        (there / name).is_file() and filecmp.cmp(made / name, there / name, shallow=False)
        for name in names
    )


def _plain(opened: zipfile.ZipFile) -> tuple[list[zipfile.ZipInfo], list[str]]:
    """The plain files of the archive, and what there is to say of the others.

    Raises BadArchive if these are not enough: what is there is of use to nobody.
    """
    # Not is_dir(): some Pythons fail at a name of no letters.
    files = (entry for entry in opened.infolist() if not entry.filename.endswith("/"))
    entries = [entry for entry in files if not _is_of_the_mac(entry)]
    plain = [entry for entry in entries if _is_plain(entry)]
    others = [entry for entry in entries if not _is_plain(entry)]
    if not entries:
        raise BadArchive("The archive contains no files.")
    if others and (not plain or (_models(others) and not _models(plain))):
        filename = (_models(others) or others)[0].filename
        raise BadArchive(
            Message(
                "The archive contains {filename}, which is not a plain file.", filename=filename
            )
        )
    return plain, [Message(LINKS, filename=entry.filename) for entry in others]


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind in {0, stat.S_IFREG}


def _models(entries: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return [entry for entry in entries if entry.filename.lower().endswith(MODEL_SUFFIXES)]


def _check_sizes(entries: Sequence[zipfile.ZipInfo], limits: Limits, packed: int) -> None:
    """Raise BadArchive for what would fill disk or memory; ``packed`` bytes has the archive.

    Every entry counts, also one whose name is there twice: all are read to see if they are whole.
    """
    if len(entries) > limits.entries:
        raise BadArchive(
            Message(
                "The archive contains {entries} files; that cannot be right.", entries=len(entries)
            )
        )
    for entry in entries:
        _check_size(entry, limits)
    total = sum(entry.file_size for entry in entries)
    if total > limits.total_bytes or (total > limits.all_floor and total > packed * limits.ratio):
        raise BadArchive(Message("The archive would unpack to {total:.1f} GB.", total=total / 1e9))


def _placed(entries: Sequence[zipfile.ZipInfo], most: int) -> list[tuple[zipfile.ZipInfo, Path]]:
    """The files with their places, each of ``most`` characters."""
    # Of a name that is there twice the last one counts, as for every reader.
    named = {entry.filename: entry for entry in entries}
    most = max(most, LEAST_ROOM) - NUMBER
    places = [fitted(_place(name), most) for name in named]
    return list(zip(named.values(), _own_names(places), strict=True))


def _place(name: str) -> Path:
    """Where in its folder the file of that name belongs, as if nothing of it led out."""
    parts = PurePosixPath(DRIVE.sub("", name.replace("\\", "/"))).parts
    inside = [everywhere(part) for part in parts if part not in {"/", "//", "..", "."}]
    return Path(*filter(None, inside) if any(inside) else ["file"])


LEAST_ROOM: Final = 48
"""Characters that there are where ``path_room`` was asked before."""
NUMBER: Final = 5
"""Characters that tell files apart which are called alike."""

DRIVE: Final = re.compile(r"\A[A-Za-z]:")


def _own_names(places: Sequence[Path]) -> Iterator[Path]:
    """Each under a name that no file system takes for that of another: see ``folded``."""
    homes: dict[str, Path] = {}
    places = [_at_home(place, homes) for place in places]
    taken = {folded(folder) for place in places for folder in place.parents}
    for place in places:
        name, number = place, 1
        while folded(name) in taken:
            number += 1
            name = place.with_name(f"{place.stem}-{number}{place.suffix}")
        taken.add(folded(name))
        yield name


def _at_home(place: Path, homes: dict[str, Path]) -> Path:
    """The place in folders that are written as they were first."""
    home = Path()
    for part in place.parent.parts:
        home = homes.setdefault(folded(home / part), home / part)
    return home / place.name


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


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path) -> None:
    """Write one entry; the size it states is held against what really comes out."""
    to.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with to.open("xb") as file:
        for chunk in _chunks(opened, entry):
            written += len(chunk)
            if written > entry.file_size:
                raise BadArchive(
                    Message("{filename} is larger than the archive says.", filename=entry.filename)
                )
            file.write(chunk)
