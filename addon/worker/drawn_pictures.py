"""Small pictures that a background Blender draws once its work is reported, if it can."""

from pathlib import Path
from typing import Final

from ..service import whole_files


def keep_picture(part: Path, to: Path) -> Path | None:
    """Move the picture to its place, if one came and is whole; raises OSError."""
    if not _is_whole(part):
        return None
    whole_files.replace(part, to)
    return to


def _is_whole(picture: Path) -> bool:
    """Whether it is a PNG to its end: the process may have been ended while it wrote."""
    try:
        return whole_files.read(picture).endswith(PNG_END)
    except FileNotFoundError:
        return False


PNG_END: Final = b"IEND\xaeB`\x82"
