"""Which candidates are picked: of this session, as a selection is; nothing is ordered by it."""

from collections.abc import Collection
from typing import Final

from ..core import memory
from ..core.memory import Part

MOST: Final = 8
"""Pictures that go on to 3D at a time."""


class _Picked(Part):
    def __init__(self) -> None:
        self.pictures: list[str] = []


def is_picked(picture: str) -> bool:
    """Whether it is."""
    return picture in memory.of(_Picked).pictures


def toggle(picture: str) -> bool:
    """Pick it, or no longer; False where so many are picked that there is no room for it."""
    pictures = memory.of(_Picked).pictures
    if picture in pictures:
        pictures.remove(picture)
        return True
    if len(pictures) >= MOST:
        return False
    pictures.append(picture)
    return True


def among(there: Collection[str]) -> list[str]:
    """Those of the pictures there are, in the sequence they were picked."""
    return [picture for picture in memory.of(_Picked).pictures if picture in there]


def forget() -> None:
    """They were ordered: the next choice is another."""
    memory.of(_Picked).pictures.clear()
