"""How much can be sent at once, and how long and large an answer may be.

The service publishes no limit of size; upstream engines take 200 MB.
"""

from pathlib import Path

from ..catalog.messages import Message
from .errors import InputUnreadable, UploadTooLarge

MAX_UPLOAD_BYTES = 200 * 10**6
LARGE_UPLOAD_BYTES = 50 * 10**6
"""From here on an upload is worth a warning."""

CONNECT_TIMEOUT = 10.0
"""Seconds to get a connection."""
READ_TIMEOUT = 60.0
"""Seconds to wait for the next bytes of an answer."""
ANSWER_WAITS = 2.0
"""Such waits that all of an answer may take: one that only drips is none."""
SLOWEST = 1024
"""Bytes a second, on the average of such a wait, below which a file is not worth waiting for."""
RECEIPT_SECONDS = CONNECT_TIMEOUT + (ANSWER_WAITS + 0.5) * READ_TIMEOUT
"""How long an order may be on its way, once all of it is sent: its receipt is paid for."""
MAX_ANSWER_BYTES = 1024 * 1024
"""What an answer of the service may have; a hundred results have a few kilobytes."""


def check_upload(path: Path) -> int:
    """The size of a local file in bytes; raises InputUnreadable and UploadTooLarge."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error
    if size > MAX_UPLOAD_BYTES:
        raise UploadTooLarge(
            Message(
                "{name} has {size:.0f} MB; at most {most:.0f} MB can be sent.",
                name=path.name,
                size=size / 1e6,
                most=MAX_UPLOAD_BYTES / 1e6,
            )
        )
    if size == 0:
        raise InputUnreadable(Message("{name} is empty.", name=path.name))
    return size


def unreadable(path: Path, error: OSError) -> InputUnreadable:
    """The file is not there or may not be read."""
    return InputUnreadable(
        Message("{path} cannot be read: {reason}.", path=path, reason=error.strerror)
    )
