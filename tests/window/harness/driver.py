"""Runs inside the Blender under test: answers questions, and listens to its heartbeat.

Started as ``blender --python driver.py -- FOLDER``. A question is a file ``<n>.json`` in FOLDER
with ``{"evaluate": EXPRESSION}`` or ``{"execute": STATEMENTS}``; the answer is ``<n>.answer`` with
``{"value": ...}`` or ``{"error": TRACEBACK}``. Both run on Blender's main thread, between events,
with ``bpy``, ``area``, ``region`` and ``override`` at hand. ``{"settle": BEATS}`` is answered after
so many more beats of the heart.

The heartbeat is a timer that wants to run every 20 ms; the longest time between two beats is the
longest time Blender did not answer its user.
"""

import faulthandler
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import bpy

BEAT_SECONDS = 0.02
FOLDER = Path(sys.argv[sys.argv.index("--") + 1])


class Heartbeat:
    """Counts beats and keeps the gaps between them, in seconds."""

    def __init__(self) -> None:
        self.beats = 0
        self.reset()

    def reset(self) -> None:
        self._last = time.perf_counter()
        self.gaps: list[float] = []

    def beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now
        self.beats += 1


heartbeat = Heartbeat()


def area(kind: str) -> bpy.types.Area:
    """The first area of that type in the first window."""
    return next(area for area in window().screen.areas if area.type == kind)


def region(area_kind: str, kind: str) -> bpy.types.Region:
    """The region of that type in the first area of that type."""
    return next(region for region in area(area_kind).regions if region.type == kind)


def window() -> bpy.types.Window:
    """The first window; a timer's context often has none."""
    return bpy.context.window_manager.windows[0]


def override(area_kind: str = "VIEW_3D", region_kind: str = "WINDOW") -> Any:
    """A context in which operators of that area work, for a ``with`` statement."""
    return bpy.context.temp_override(
        window=window(), area=area(area_kind), region=region(area_kind, region_kind)
    )


def prefer() -> None:
    """Preferences under which what is on the screen is a state, not a movement, and soon there."""
    preferences = bpy.context.preferences
    preferences.view.show_splash = False
    preferences.view.smooth_view = 0
    preferences.system.viewport_aa = "OFF"  # without a graphics card it takes nine tenths of a test


def start_afresh(former: list[str], variables: dict[str, str]) -> None:
    """As after a start with these variables instead of the ``former`` ones.

    Extensions are switched off, which ends what they are at; reading the preferences as they were
    saved switches them on again.
    """
    for addon in [addon.module for addon in bpy.context.preferences.addons]:
        if addon.startswith("bl_ext."):
            bpy.ops.preferences.addon_disable(module=addon)
    bpy.ops.wm.read_homefile()  # while they are off: some take settings over into a new file
    for name in former:
        os.environ.pop(name, None)
    os.environ.update(variables)
    bpy.ops.wm.read_userpref()
    prefer()
    bpy.ops.wm.read_homefile()
    heartbeat.reset()


NAMESPACE: dict[str, Any] = {
    "bpy": bpy,
    "area": area,
    "region": region,
    "window": window,
    "override": override,
    "heartbeat": heartbeat,
    "start_afresh": start_afresh,
}


def answer(question: dict[str, Any]) -> str:
    """The answer's JSON text; an error in the question's code is an answer too."""
    try:
        value = None
        if "execute" in question:
            exec(question["execute"], NAMESPACE)  # noqa: S102  the tests' own code
        elif "evaluate" in question:
            value = eval(question["evaluate"], NAMESPACE)  # noqa: S307  the tests' own code
        return json.dumps({"value": value})
    except Exception:  # noqa: BLE001  the process boundary: the test shows the traceback
        return json.dumps({"error": traceback.format_exc()})


def beat() -> float:
    heartbeat.beat()
    return BEAT_SECONDS


def answer_questions() -> float:
    for path in sorted(FOLDER.glob("*.json")):
        question = json.loads(path.read_text())
        path.unlink()
        unanswered[path] = heartbeat.beats + question.get("settle", 0), question
    for path, (beat_number, question) in list(unanswered.items()):
        if heartbeat.beats < beat_number:
            continue
        del unanswered[path]
        part = path.with_suffix(".part")
        part.write_text(answer(question))
        part.rename(path.with_suffix(".answer"))
    return BEAT_SECONDS


unanswered: dict[Path, tuple[int, dict[str, Any]]] = {}
"""Questions by their files, with the beat from which on each is answered."""

faulthandler.enable()  # should Blender crash, its log says in which thread and Python line
prefer()
bpy.app.timers.register(beat, persistent=True)
bpy.app.timers.register(answer_questions, persistent=True)
