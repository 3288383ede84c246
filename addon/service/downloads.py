"""Fetching result files: in parts, resumable, checked, under a name of their own."""

import filecmp
import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

import requests
from requests.exceptions import RequestException

from ..catalog.messages import Message
from . import archives, json_text, whole_files
from .addresses import host_of, is_allowed, leads_inwards
from .bounds import Bounds, bounded
from .errors import Damaged, DownloadFailed, LinkExpired
from .file_types import HEAD_BYTES, UNMISTAKABLE, looks_like_web_page, named_suffix, suffix_of
from .http import UnsafeAddress, get_without_key, network_trouble, new_session, pieces
from .limits import CONNECT_TIMEOUT, READ_TIMEOUT
from .names import free_path
from .stopping import Stop

CHUNK = 32 * 1024
"""Written at a time: what has come of a slow file is not to be lost."""
MAX_BYTES = 4 * 1024**3
SPARE_BYTES = 64 * 1024**2
"""Room on the disk that is left free."""

GLB_HEADER_BYTES = 12

NOT_SAFE = "The link to the result leads to a place that is not safe."

DAMAGED = "-damaged"
"""In the name of a file that came, and is no good."""

Progress = Callable[[int, int | None], None]
"""Called with bytes so far and bytes in all (None if not known); may raise to stop."""


@dataclass(frozen=True, slots=True)
class _PartNote:
    """What a part file is a part of, so that only the same file is continued."""

    validator: str
    """ETag (strong) or Last-Modified of the answer, or empty."""
    total: int | None


class Downloader:
    """Fetches signed links. Sends no key: the storage refuses it, and it is another host."""

    def __init__(
        self,
        service_address: str,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        user_agent: str,
        max_bytes: int = MAX_BYTES,
        stop: Stop | None = None,
        session: requests.Session | None = None,
    ) -> None:
        """A service elsewhere gives out no links to this machine; one on this machine may.

        Once ``stop`` is set, what is being fetched raises Stopped.
        """
        self._service_address = service_address
        self._timeouts = (connect_timeout, read_timeout)
        self._max_bytes = max_bytes
        self._stop = stop or Stop()
        self._session = session or new_session(user_agent)

    def fetch(self, url: str, folder: Path, stem: str, progress: Progress | None = None) -> Path:
        """Download to ``folder / stem`` plus the suffix the bytes ask for; returns the path.

        An interrupted download leaves ``stem.part`` behind and goes on from there next time, also
        under a fresh link. A file that is there already, and is the same, is returned as it is.
        Raises LinkExpired (ask for a fresh link), Damaged (have another try; what came is kept,
        and when the same comes again that is the result) and DownloadFailed.
        """
        if not is_allowed(url):
            raise DownloadFailed("The link to the result is not an https address.", retry=False)
        if leads_inwards(self._service_address, url):
            raise DownloadFailed(NOT_SAFE, retry=False)
        part = folder / f"{stem}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with bounded(Bounds(self._timeouts[1], self._stop)) as bounds:
                self._fetch_part(url, part, progress or _no_progress, bounds)
            return _accept(part, stem, url)
        except RequestException as error:
            trouble = network_trouble(error, url, never_sent=False)
            raise DownloadFailed(trouble.message) from error
        except OSError as error:
            raise DownloadFailed(
                Message(
                    "The result could not be written to {folder}: {reason}.",
                    folder=folder,
                    reason=error.strerror or error,
                ),
                hint="Check the folder's permissions and the free space.",
            ) from error

    def _fetch_part(self, url: str, part: Path, progress: Progress, bounds: Bounds) -> None:
        note = _read_note(part)
        have = part.stat().st_size if note is not None and part.exists() else 0
        if note is not None and have and have == note.total:
            return
        headers = {"Accept-Encoding": "identity"}
        if have and note is not None:
            headers["Range"] = f"bytes={have}-"
            if note.validator:
                headers["If-Range"] = note.validator
        try:
            answer = get_without_key(self._session, url, timeouts=self._timeouts, headers=headers)
        except UnsafeAddress as error:
            raise DownloadFailed(NOT_SAFE) from error
        with answer as response:
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                _discard(part)
                raise DownloadFailed("The partly downloaded file did not fit; it starts over.")
            _check_answer(response)
            if response.status_code == HTTPStatus.PARTIAL_CONTENT:
                if not _continues(response, have, note):
                    _discard(part)
                    raise DownloadFailed(
                        "The storage sent another part than asked; it starts over."
                    )
            else:
                _discard(part)
                have = 0
            bounds.stream()
            self._stream(response, part, have, progress)

    def _stream(
        self, response: requests.Response, part: Path, have: int, progress: Progress
    ) -> None:
        total = _total(response, have)
        self._check_room(part.parent, have, total)
        validator = response.headers.get("ETag", "")
        if not validator or validator.startswith("W/"):
            validator = response.headers.get("Last-Modified", "")
        _write_note(part, _PartNote(validator, total))
        progress(have, total)
        with part.open("ab") as file:
            for chunk in pieces(response, CHUNK):
                have += len(chunk)
                if have > self._max_bytes:
                    raise self._too_large(have)
                file.write(chunk)
                progress(have, total)
        if total is not None and have < total:
            raise DownloadFailed(
                Message(
                    "The download stopped after {have} of {total} bytes.", have=have, total=total
                )
            )
        if total is not None and have > total:
            _discard(part)
            raise DownloadFailed("The storage sent more than it announced; it starts over.")

    def _check_room(self, folder: Path, have: int, total: int | None) -> None:
        if total is not None and total > self._max_bytes:
            raise self._too_large(total)
        free = shutil.disk_usage(folder).free
        needed = (total or have) - have + SPARE_BYTES
        if free < needed:
            raise DownloadFailed(
                Message(
                    "The disk is full: {needed:.0f} MB are needed in {folder}.",
                    needed=needed / 1e6,
                    folder=folder,
                ),
                hint="Make room on the disk.",
            )

    def _too_large(self, size: int) -> DownloadFailed:
        return DownloadFailed(
            Message(
                "The result has {size:.0f} MB, more than the limit of {most:.0f} MB.",
                size=size / 1e6,
                most=self._max_bytes / 1e6,
            ),
            retry=False,
        )


def _no_progress(done: int, total: int | None) -> None:
    del done, total


def _check_answer(response: requests.Response) -> None:
    status = response.status_code
    if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        raise LinkExpired(
            Message("The link to the result is no longer accepted (HTTP {status}).", status=status)
        )
    if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        host = host_of(response.url)
        raise DownloadFailed(
            Message(
                "{host} does not give out the result (HTTP {status}).", host=host, status=status
            )
        )


def _continues(response: requests.Response, have: int, note: _PartNote | None) -> bool:
    """Tell whether a partial answer goes on exactly where the part file ends."""
    _, _, rest = response.headers.get("Content-Range", "").partition(" ")
    span, _, total = rest.partition("/")
    start = span.partition("-")[0]
    expected = None if note is None else note.total
    return start == str(have) and (expected is None or total in {"*", str(expected)})


def _total(response: requests.Response, have: int) -> int | None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None  # the announced length is not that of what we write
    length = response.headers.get("Content-Length", "")
    return have + int(length) if length.isdigit() else None


def _accept(part: Path, stem: str, url: str) -> Path:
    """Check a complete part file and give it its name."""
    size = part.stat().st_size
    with whole_files.open_to_read(part) as file:
        head = file.read(HEAD_BYTES)
    suffix = suffix_of(head, size, url)
    if problem := _foreign(head, size, suffix):
        _discard(part)
        raise DownloadFailed(problem)
    problem = _damage(part, head, size, suffix) or _misnamed(suffix, url)
    named = named_suffix(url)
    usual = named if named in UNMISTAKABLE else ".bin"
    kept = part.with_name(f"{stem}{DAMAGED}{suffix or usual}")
    if problem:
        raise _damaged(part, kept, problem)
    for old in part.parent.iterdir():
        if old.name.startswith(f"{stem}{DAMAGED}."):
            whole_files.discard(old)
    there = part.with_name(f"{stem}{suffix or '.bin'}")
    if there.is_file() and filecmp.cmp(part, there, shallow=False):
        _discard(part)
        return there
    path = free_path(part.parent, stem, suffix or ".bin")
    whole_files.rename(part, path)
    whole_files.discard(_note_path(part))
    return path


def _damaged(part: Path, kept: Path, problem: str) -> Damaged:
    """Keep what came; what came before it in the same way shows that another try is no use."""
    same = kept.is_file() and filecmp.cmp(part, kept, shallow=False)
    whole_files.replace(part, kept)
    whole_files.discard(_note_path(part))
    if not same:
        return Damaged(problem)
    return Damaged(
        Message("{problem} The service sends it so each time.", problem=Message(problem)),
        retry=False,
        hint=Message("It is kept as {path}: look at it by hand, or order it again.", path=kept),
    )


def _foreign(head: bytes, size: int, suffix: str | None) -> str:
    """Why this is nothing of the service's."""
    if size == 0:
        return "The storage sent an empty file."
    if suffix is None and looks_like_web_page(head):
        return "The storage sent a web page instead of the result."
    return ""


def _damage(part: Path, head: bytes, size: int, suffix: str | None) -> str:
    if suffix == ".glb" and _glb_length(head) != size:
        return Message(
            "The GLB file is damaged: it has {size} bytes and announces {announced}.",
            size=size,
            announced=_glb_length(head),
        )
    if suffix in {".zip", ".usdz", ".3mf"}:
        return archives.damage(part)
    return ""


def _misnamed(suffix: str | None, url: str) -> str:
    """A file that is none of the formats we know must not be called one by its address."""
    named = named_suffix(url)
    if suffix is None and named in UNMISTAKABLE:
        return Message("The file is damaged: it is called {named}, but it is none.", named=named)
    return ""


def _glb_length(head: bytes) -> int:
    if len(head) < GLB_HEADER_BYTES:
        return 0
    (length,) = struct.unpack_from("<I", head, 8)
    return int(length)


def _note_path(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_note(part: Path) -> _PartNote | None:
    try:
        loaded = json_text.read(whole_files.read(_note_path(part)))
        return _PartNote(str(loaded["validator"]), loaded["total"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_note(part: Path, note: _PartNote) -> None:
    _note_path(part).write_text(json.dumps(asdict(note)), encoding="utf-8")


def _discard(part: Path) -> None:
    whole_files.remove(part)
    whole_files.remove(_note_path(part))
