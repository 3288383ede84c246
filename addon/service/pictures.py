"""Whether a picture can be sent: its kind, its bytes, its sides."""

from pathlib import Path
from typing import Final

from ..catalog.messages import Message
from .errors import InputUnreadable, UploadTooLarge
from .image_headers import ImageHeader, read_image_header
from .limits import unreadable

MAX_BYTES: Final = 10 * 1024 * 1024
MIN_SIDE: Final = 128
MAX_SIDE: Final = 5000

HEAD_BYTES: Final = 64 * 1024
"""Where nearly every picture has told its size; of the others all is read."""


def check_picture_file(path: Path) -> ImageHeader:
    """Look at a local picture; raises InputUnreadable, UploadTooLarge."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if size <= MAX_BYTES and read_image_header(head) is None:
                head += file.read()
    except OSError as error:
        raise unreadable(path, error) from error
    return check_picture(head, size, path.name)


def check_picture(head: bytes, size: int, name: str) -> ImageHeader:
    """What the picture is that starts with ``head`` and has ``size`` bytes.

    ``name`` is for the messages. Raises InputUnreadable, UploadTooLarge.
    """
    if not size:
        raise InputUnreadable(Message("{name} is empty.", name=name))
    if size > MAX_BYTES:
        raise too_large(name, size)
    header = read_image_header(head)
    if header is None:
        raise InputUnreadable(
            Message("{name} is not a PNG, JPEG or WebP picture.", name=name),
            hint="Save it as PNG or JPEG.",
        )
    sides = f"{header.width} x {header.height}"
    if min(header.width, header.height) < MIN_SIDE:
        raise InputUnreadable(
            Message(
                "{name} is too small: {sides} pixels, each side needs at least {least}.",
                name=name,
                sides=sides,
                least=MIN_SIDE,
            )
        )
    if max(header.width, header.height) > MAX_SIDE:
        raise InputUnreadable(
            Message(
                "{name} is too large: {sides} pixels, each side may have at most {most}.",
                name=name,
                sides=sides,
                most=MAX_SIDE,
            ),
            hint="Scale it down and choose it again.",
        )
    return header


def too_large(name: str, size: int) -> UploadTooLarge:
    """The picture has too many bytes."""
    return UploadTooLarge(
        Message(
            "{name} is too large: {size:.1f} MB, at most {most:.0f} MB can be sent.",
            name=name,
            size=size / 1e6,
            most=MAX_BYTES / 1e6,
        ),
        hint="Save the picture smaller, for example as JPEG.",
    )
