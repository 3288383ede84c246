"""What is wrong with the photos of an order, before it is paid: a caution, and never in the way.

Panels draw what is known; the pixels come from the small preview that they show anyway.
"""

from pathlib import Path
from typing import Any

from ...jobs import photos
from ..core import memory
from ..core.memory import Part
from ..settings.draft import Draft


class _Judged(Part):
    """Photos that were looked at in this session."""

    def __init__(self) -> None:
        self.found: dict[Path, photos.Judged] = {}


def cautions(draft: Draft) -> list[str]:
    """What is to be said of the photos as far as they have been judged; only read, for drawing."""
    judged = memory.of(_Judged).found
    return [
        words
        for photo in photos.photos_of(draft.operation, draft.values)
        if photo.path in judged
        for words in judged[photo.path].words(whole_figure=photo.whole_figure)
    ]


def unknown(draft: Draft) -> list[Path]:
    """The photos that nobody has looked at yet."""
    judged = memory.of(_Judged).found
    found = photos.photos_of(draft.operation, draft.values)
    return [photo.path for photo in found if photo.path not in judged]


def judge(path: Path, pixels: Any) -> bool:
    """Look at a photo; returns whether there is anything to say of it.

    ``pixels`` are those of its preview, rows from below, sRGB with opacity; None where there are
    none.
    """
    from ..model import photo_faults  # late: Blender takes a while to load numpy

    picture = photos.looked_at(path)
    faults: list[str] = []
    if picture is not None and pixels is not None:
        faults = photo_faults.find(pixels[::-1], picture.orientation)
    judged = memory.of(_Judged).found[path] = photos.Judged(picture, tuple(faults))
    return bool(judged.words(whole_figure=True))
