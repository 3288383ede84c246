"""Pictures in requests: data URIs and uploaded files are opened, not only looked at."""

import base64
import binascii
import io
import re
from pathlib import Path
from typing import IO

from PIL import Image, UnidentifiedImageError

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}

_HEAD = re.compile(r"data:(?P<mime>[^;,]*);base64,")


class NotAnImage(ValueError):
    """The bytes are no PNG, JPEG or WebP picture that can be opened."""


def decode(uri: str) -> tuple[str, bytes]:
    """MIME type and bytes of a base64 data URI. NotAnImage when it is anything else."""
    head = _HEAD.match(uri)
    if head is None:
        raise NotAnImage("Invalid image: a data URI such as data:image/png;base64,... is required.")
    mime = head["mime"]
    if mime not in FORMATS:
        raise NotAnImage(f"Invalid image data URI: unsupported MIME type {mime!r}.")
    try:
        return mime, base64.b64decode(uri[head.end() :], validate=True)
    except binascii.Error as error:
        raise NotAnImage("Invalid image data URI: not valid base64.") from error


def verify(stream: IO[bytes] | Path) -> str:
    """The MIME type of a picture, after decoding all of it. NotAnImage when that fails."""
    try:
        with Image.open(stream, formats=list(FORMATS.values())) as picture:
            picture.load()
            return Image.MIME[str(picture.format)]
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAnImage("Upload a valid image. The file is not one, or it is damaged.") from error


def check_data_uri(uri: str) -> str:
    """``uri`` itself when it holds a whole picture of the type it claims."""
    mime, data = decode(uri)
    actual = verify(io.BytesIO(data))
    if actual != mime:
        raise NotAnImage(f"The image is {actual}, but the data URI says {mime}.")
    return uri
