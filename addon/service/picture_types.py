"""Kinds of pictures by the suffix of their file: what the service takes, and what it delivers."""

from typing import Final

MEDIA_TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
"""Pictures the service takes, and their media types."""

SENDABLE: Final = frozenset(MEDIA_TYPES)
CONVERTIBLE: Final = frozenset({".avif", ".bmp", ".gif", ".tif", ".tiff"})
"""Kinds of which a copy is sent, where a Blender is at hand that reads them."""
TAKEN: Final = SENDABLE | CONVERTIBLE
"""What can be chosen to start from."""
SHOWABLE: Final = SENDABLE | {".gif"}
"""Results that can be looked at; an animation is one of them."""
