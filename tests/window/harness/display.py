"""A virtual screen with its own mouse and keyboard."""

import os
import select
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import ImageGrab

from tests.patience import seconds

from .geometry import Point, Rect


class Display:
    """Xvfb on a free display number; xdotool is its mouse and keyboard."""

    def __init__(self, width: int = 1400, height: int = 900) -> None:
        self.width, self.height = width, height
        self._server = subprocess.Popen(
            [
                "Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24",
                "-nolisten", "tcp", "+extension", "GLX", "+render", "-noreset",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        assert self._server.stdout is not None
        ready, _, _ = select.select([self._server.stdout], [], [], seconds(20))
        number = self._server.stdout.readline().strip() if ready else ""
        if not number:
            self.close()
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"

    def close(self) -> None:
        """End the screen and everything shown on it."""
        self._server.terminate()
        self._server.wait(timeout=seconds(10))
        assert self._server.stdout is not None
        self._server.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, with programs shown on this screen."""
        return os.environ | {"DISPLAY": self.name}

    def move(self, to: Point) -> None:
        """Put the mouse pointer there."""
        self._xdotool("mousemove", str(to.x), str(to.y))

    def press(self, button: int = 1) -> None:
        """Press a mouse button and keep it down."""
        self._xdotool("mousedown", str(button))

    def release(self, button: int = 1) -> None:
        """Let a mouse button go."""
        self._xdotool("mouseup", str(button))

    def key(self, keys: str) -> None:
        """Press and release a key or a combination, in X's names: ``ctrl+z``, ``Return``."""
        self._xdotool("key", keys)

    def hold(self, key: str) -> None:
        """Press a key and keep it down."""
        self._xdotool("keydown", key)

    def let_go(self, key: str) -> None:
        """Let a held key go."""
        self._xdotool("keyup", key)

    def type_text(self, text: str) -> None:
        """Type on the keyboard, at a pace at which no key is lost."""
        self._xdotool("type", "--delay", "40", "--", text)

    def capture(self, path: Path, part: Rect | None = None) -> None:
        """Write a picture of the screen, or of that part of it."""
        box = part and (part.left, part.top, part.left + part.width, part.top + part.height)
        ImageGrab.grab(box, xdisplay=self.name).save(path, compress_level=1)

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            check=True,
            timeout=seconds(60),
        )
