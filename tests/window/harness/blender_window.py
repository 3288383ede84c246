"""One Blender in a window on a virtual screen."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from PIL import Image

from tests.patience import Deadline, seconds

from .display import Display
from .geometry import Point, Rect
from .screen_text import find_first, find_text

DRIVER = Path(__file__).with_name("driver.py")
SCREENSHOTS = Path(__file__).resolve().parents[3] / "build" / "screenshots"
START = 60.0
ANSWER = 60.0
STATE = 20.0
CLICK_TAKEN = 5.0
"""Seconds that each takes at most on an idle machine; see ``tests/patience.py``."""
POLL_SECONDS = 0.01
SETTLED_BEATS = 6
MEMORY_ERROR = "Error: Not freed memory"
"""What Blender says at its end when memory was lost or freed twice."""

Value = TypeVar("Value")


class BlenderGone(Exception):
    """Blender ended or no longer answers; the text holds the end of its log."""


class NotReached(Exception):
    """A state or a text did not appear in time."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Gaps between the beats of Blender's main thread, in seconds."""

    gaps: tuple[float, ...]

    @property
    def longest(self) -> float:
        return max(self.gaps)


class BlenderWindow:
    """A Blender, its screen, mouse and keyboard.

    ``folder`` is the user's (see ``make_user``) and gets the log; another window on the same folder
    is the same user starting Blender again.
    """

    def __init__(
        self,
        blender: str,
        folder: Path,
        *,
        size: tuple[int, int] = (1400, 900),
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.size = size
        self.log = folder / "blender.log"
        self.screenshots = SCREENSHOTS / Path(blender).name
        self._questions = folder / "questions"
        self._numbers = itertools.count()
        self.display = Display(*size)
        self._given = dict(environment or {})
        try:
            self.process = self._start(blender, size, arguments)
            self._wait(lambda: self.evaluate("bpy.app.version_string"), START, "a start")
            self.settle()
        except BaseException:
            self.close()
            raise

    # ------------------------------------------------------------ life

    def _start(
        self, blender: str, size: tuple[int, int], arguments: Sequence[str]
    ) -> subprocess.Popen[bytes]:
        width, height = size
        shutil.rmtree(self._questions, ignore_errors=True)
        self._questions.mkdir()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [
                    blender, "--no-window-focus", "-noaudio", *arguments,
                    "--window-geometry", "0", "0", str(width), str(height),
                    "--python", str(DRIVER), "--", str(self._questions),
                ],
                env=self.display.environment
                | self._given
                | {"BLENDER_USER_RESOURCES": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def start_afresh(self, environment: Mapping[str, str]) -> None:
        """Make this Blender one that was just started, with this environment."""
        self.display.move(Point(self.display.width // 2, self.display.height // 2))
        for _ in range(2):  # a menu may be open, and one in it
            self.key("Escape")
        given = dict(environment)
        self.execute(f"start_afresh({list(self._given)!r}, {given!r})")
        self._given = given
        self.settle()

    def close(self) -> None:
        """End Blender at once, as a crash would, and the screen."""
        process = getattr(self, "process", None)
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.display.close()

    def quit(self) -> None:
        """End Blender the way its menu does; an error when it does not end or ends badly."""
        # Blender 4.3 itself frees memory twice, and may crash, if it ends while the mouse is still
        # over a panel's header that was just clicked; nobody's mouse is there who ends Blender.
        self.display.move(self.region("VIEW_3D", "WINDOW").center)
        self.settle()
        self.execute("bpy.app.timers.register(lambda: bpy.ops.wm.quit_blender() and None)")
        code = self.process.wait(timeout=seconds(ANSWER))
        if code or MEMORY_ERROR in self.log.read_text(errors="replace"):
            raise BlenderGone(f"Blender ended with {code}:\n{self.log_end()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and self.process.poll() is None:
            self.screenshot(f"failed-{self.folder.name}")
        self.close()

    def log_end(self) -> str:
        """The last lines Blender wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    # ------------------------------------------------------------ questions

    def evaluate(self, expression: str) -> Any:
        """The value of a Python expression inside Blender; it must be JSON-able."""
        return self._ask({"evaluate": expression})

    def execute(self, statements: str) -> None:
        """Run Python statements inside Blender."""
        self._ask({"execute": statements})

    def wait_until(self, condition: str, usual: float = STATE) -> Any:
        """Ask until the expression is true; returns its value."""
        return self._wait(lambda: self.evaluate(condition), usual, condition)

    def settle(self) -> None:
        """Wait until Blender has handled what was sent to it and stands still."""
        self._ask({"settle": SETTLED_BEATS})

    def reset_heartbeat(self) -> None:
        """Forget the gaps seen so far."""
        self.execute("heartbeat.reset()")

    def heartbeat(self) -> Heartbeat:
        """The gaps since the last reset."""
        return Heartbeat(tuple(self.evaluate("heartbeat.gaps")))

    def _ask(self, question: dict[str, Any]) -> Any:
        path = self._questions / f"{next(self._numbers):06}.json"
        part = path.with_suffix(".new")
        part.write_text(json.dumps(question))
        part.rename(path)
        answered = path.with_suffix(".answer")
        self._wait(answered.exists, ANSWER, "an answer")
        answer = json.loads(answered.read_text())
        answered.unlink()
        if "error" in answer:
            raise AssertionError(f"{question}\n{answer['error']}")
        return answer["value"]

    def _wait(self, probe: Callable[[], Value | None], usual: float, what: str) -> Value:
        deadline = Deadline(usual)
        while not (value := probe()):
            if self.process.poll() is not None:
                raise BlenderGone(f"Blender ended while a test waited:\n{self.log_end()}")
            if deadline.passed:
                self.screenshot(f"not-reached-{self.folder.name}")
                raise NotReached(f"still no {what}\n{self.log_end()}")
            time.sleep(POLL_SECONDS)
        return value

    # ------------------------------------------------------------ places

    def region(self, area: str = "VIEW_3D", region: str = "UI") -> Rect:
        """Where a region is on the screen."""
        left, bottom, width, height = self.evaluate(
            f"(lambda r: (r.x, r.y, r.width, r.height))(region({area!r}, {region!r}))"
        )
        return Rect(left, self.display.height - bottom - height, width, height)

    def open_sidebar(self, tab: str) -> Rect:
        """Show the 3D viewport's sidebar with that tab in front; returns where it is."""
        self.execute("area('VIEW_3D').spaces.active.show_region_ui = True")
        self.wait_until("region('VIEW_3D', 'UI').width > 1")
        self.settle()  # the tabs exist once the sidebar has been drawn
        self.execute(
            f"region('VIEW_3D', 'UI').active_panel_category = {tab!r}\narea('VIEW_3D').tag_redraw()"
        )
        self.settle()
        return self.region()

    def widen_sidebar(self, by: int) -> Rect:
        """Drag the sidebar's edge ``by`` pixels to the left; returns where it is then."""
        before = self.region()
        # The edge that can be dragged is inside the region, beside the first panel's header.
        edge = Point(before.left + 7, before.top + 15)
        self.drag(edge, Point(edge.x - by, edge.y))
        self.wait_until(f"region('VIEW_3D', 'UI').width > {before.width + by // 2}")
        self.settle()
        return self.region()

    def find_text(self, text: str, within: Rect | None = None) -> list[Rect]:
        """Where the words stand on the screen now, top to bottom; ``within`` is surer."""
        picture = self._look("looking.png")
        return find_text(picture, text, within)

    def wait_for_text(self, text: str, within: Rect | None = None, usual: float = STATE) -> Rect:
        """Look until the words are on the screen; returns the topmost place, dimmed ones last."""
        return self._wait(
            lambda: self._look_for(text, within), usual, f"text {text!r} on the screen"
        )

    def _look_for(self, text: str, within: Rect | None) -> Rect | None:
        picture = self._look("looking.png")
        place = find_first(picture, text, within)
        # Reading takes a while, in which a panel may have grown above the words.
        return place if place and self._still_shows(picture, place) else None

    def _still_shows(self, picture: Path, place: Rect) -> bool:
        now = self._look("looking-again.png", place)
        with Image.open(picture) as before, Image.open(now) as after:
            box = (place.left, place.top, place.left + place.width, place.top + place.height)
            return before.convert("RGB").crop(box).tobytes() == after.convert("RGB").tobytes()

    def _look(self, name: str, part: Rect | None = None) -> Path:
        """A picture of the screen that only this window's tests need."""
        path = self.folder / name
        self.display.capture(path, part)
        return path

    # ------------------------------------------------------------ the user's hands

    def click(self, at: Point, button: int = 1) -> None:
        """Click there."""
        self._approach(at)
        self.display.press(button)
        self.settle()
        self.display.release(button)
        self.settle()

    def double_click(self, at: Point) -> None:
        """Double click there: edits a text field."""
        self._approach(at)
        for _ in range(2):
            self.display.press()
            self.display.release()
        self.settle()

    def click_text(self, text: str, within: Rect | None = None, usual: float = STATE) -> None:
        """Click the words on the screen, waiting for them to appear."""
        self.click(self.wait_for_text(text, within, usual).center)

    def open_panel(self, name: str, within: Rect, shows: str) -> Rect:
        """Click a closed panel's name until it is open; returns where the words in it are.

        On a busy machine a first click came to nothing, once in many runs; why is not known.
        """
        self.click_text(name, within)
        try:
            return self.wait_for_text(shows, within, CLICK_TAKEN)
        except NotReached:
            self.click_text(name, within)
            return self.wait_for_text(shows, within)

    def drag(self, start: Point, end: Point) -> None:
        """Press at ``start``, move, and release at ``end``."""
        self._approach(start)
        self.display.press()
        self.settle()
        for step in range(1, 5):
            self.display.move(
                Point(
                    start.x + (end.x - start.x) * step // 4, start.y + (end.y - start.y) * step // 4
                )
            )
            self.settle()
        self.display.release()
        self.settle()

    def key(self, keys: str) -> None:
        """Press a key or combination, over what is under the mouse: ``ctrl+z``, ``Escape``."""
        self.display.key(keys)
        self.settle()

    def enter_text(self, at: Point, text: str) -> None:
        """Replace what a text field holds, and confirm."""
        self.double_click(at)
        self.display.key("ctrl+a")
        self.display.type_text(text)
        self.key("Return")

    def screenshot(self, name: str, part: Rect | None = None) -> Path:
        """Write ``build/screenshots/<Blender>/<name>.png``, of a part of the screen; its path."""
        self.screenshots.mkdir(parents=True, exist_ok=True)
        path = self.screenshots / f"{name}.png"
        self.display.capture(path, part)
        return path

    def _approach(self, at: Point) -> None:
        """Move as a hand does: Blender notices a widget on the second motion inside its region."""
        self.display.move(Point(at.x - 3, at.y - 2))
        self.settle()
        self.display.move(at)
        self.settle()
