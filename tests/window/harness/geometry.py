"""Places on the screen, in pixels from its upper left corner."""

from typing import NamedTuple


class Point(NamedTuple):
    """A position on the screen."""

    x: int
    y: int


class Rect(NamedTuple):
    """A part of the screen; ``left`` and ``top`` are inside it."""

    left: int
    top: int
    width: int
    height: int

    @property
    def center(self) -> Point:
        return Point(self.left + self.width // 2, self.top + self.height // 2)

    def moved(self, by: Point) -> "Rect":
        """The same size, ``by`` further right and down."""
        return Rect(self.left + by.x, self.top + by.y, self.width, self.height)

    def overlaps(self, other: "Rect") -> bool:
        """Whether they have a pixel in common."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )
