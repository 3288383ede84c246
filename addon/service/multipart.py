"""A multipart/form-data body that is read piece by piece: a large model never is in memory."""

import io
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from . import picture_types
from .file_types import HEAD_BYTES, suffix_of, with_suffix
from .limits import check_upload, unreadable
from .whole_files import open_to_read

MEDIA_TYPES: Final = {
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".obj": "model/obj",
    ".stl": "model/stl",
    ".zip": "application/zip",
    **picture_types.MEDIA_TYPES,
}


class MultipartBody:
    """Fields, then files, as HTTP libraries read a file object: ``read``, ``len``, ``tell``.

    ``content_type`` goes into the request's header; its boundary is random.
    """

    def __init__(self, fields: Mapping[str, str], files: Mapping[str, str]) -> None:
        """``files``: part name to local path. Raises InputUnreadable and UploadTooLarge."""
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._pieces: list[tuple[BinaryIO, int]] = []
        try:
            for name, text in fields.items():
                self._add_bytes(_head(boundary, name) + text.encode() + b"\r\n")
            for name, location in files.items():
                self._add_file(boundary, name, Path(location))
        except BaseException:
            self.close()
            raise
        self._add_bytes(f"--{boundary}--\r\n".encode())
        self._length = sum(size for _, size in self._pieces)
        self._position = 0
        self._left = self._chunks()
        self._rest = b""

    def __len__(self) -> int:
        return self._length

    def tell(self) -> int:
        """Bytes read so far."""
        return self._position

    @property
    def handed_over(self) -> bool:
        """True from the moment the last byte was read for sending.

        Until then the service cannot have received a complete request.
        """
        return self._position >= self._length

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size``; empty at the end."""
        if size < 0:
            found = self._rest + b"".join(self._left)
        else:
            if not self._rest:
                self._rest = next(self._left, b"")
            found = self._rest[:size]
        self._rest = self._rest[len(found) :]
        self._position += len(found)
        return found

    def close(self) -> None:
        """Let go of the files."""
        for source, _ in self._pieces:
            source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _chunks(self) -> Iterator[bytes]:
        for source, size in self._pieces:
            left = size
            while left > 0:
                chunk = source.read(min(left, CHUNK_BYTES))
                if not chunk:
                    raise OSError("a file became shorter while it was sent")
                left -= len(chunk)
                yield chunk

    def _add_bytes(self, content: bytes) -> None:
        self._pieces.append((io.BytesIO(content), len(content)))

    def _add_file(self, boundary: str, name: str, path: Path) -> None:
        size = check_upload(path)
        try:
            source = open_to_read(path)
        except OSError as error:
            raise unreadable(path, error) from error
        self._add_bytes(_head(boundary, name, _telling_name(path, source)))
        self._pieces.append((source, size))
        self._add_bytes(b"\r\n")


CHUNK_BYTES: Final = 64 * 1024


def _telling_name(path: Path, source: BinaryIO) -> str:
    """The file's name; of a picture that is called otherwise, with the ending of what it is.

    The service goes by it.
    """
    head = source.read(HEAD_BYTES)
    source.seek(0)
    suffix = suffix_of(head, len(head), path.name)
    named = picture_types.MEDIA_TYPES.get(path.suffix.lower())
    if suffix not in picture_types.SENDABLE or named == picture_types.MEDIA_TYPES[suffix]:
        return path.name
    return with_suffix(path, suffix).name


def _head(boundary: str, name: str, file_name: str = "") -> bytes:
    lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{_quoted(name)}"']
    if file_name:
        lines[1] += f'; filename="{_quoted(file_name)}"'
        suffix = Path(file_name).suffix.lower()
        media_type = MEDIA_TYPES.get(suffix, "application/octet-stream")
        lines.append(f"Content-Type: {media_type}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _quoted(name: str) -> str:
    """A name between quotation marks, as browsers write it (WHATWG, multipart/form-data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
