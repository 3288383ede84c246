"""Pictures of one window, one after the other, with the mouse that a copy of a screen lacks."""

from typing import Final

from PIL import Image, ImageDraw

from tests.window.harness import BlenderWindow, Point

ARROW: Final = ((0, 0), (0, 19), (5, 15), (9, 23), (12, 22), (8, 14), (14, 14))
"""A usual mouse pointer, in pixels from its tip."""


class Film:
    """Takes ``<name>-00.png``, ``<name>-01.png`` and so on."""

    def __init__(self, window: BlenderWindow, name: str) -> None:
        self._window = window
        self._name = name
        self._taken = 0
        for path in window.screenshots.glob(f"{name}-[0-9][0-9].png"):
            path.unlink()

    def shoot(self, mouse: Point | None = None) -> None:
        """Take the next picture, with the mouse there."""
        path = self._window.screenshot(f"{self._name}-{self._taken:02}")
        self._taken += 1
        if mouse is not None:
            with Image.open(path) as image:
                drawn = image.convert("RGB")
            outline = [(mouse.x + x, mouse.y + y) for x, y in ARROW]
            ImageDraw.Draw(drawn).polygon(outline, fill="white", outline="black")
            drawn.save(path, compress_level=1)
