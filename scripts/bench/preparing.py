"""Preparing a result by a Blender that was started ahead, against one started for it."""

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from addon.worker import background
from addon.worker.script_run import ScriptRun
from scripts.bench import background as models
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread

SECONDS = 600.0
TRIANGLES = 10_000
TEXTURE = 512
START_SECONDS = 5.0
"""Time for a Blender to start; as a rule files take longer to come."""


def rows(setting: Setting) -> Iterator[Row]:
    """A small result: what is left of a large one's time is reading it."""
    model = models.made(setting.blender, setting.folder / "models", TRIANGLES, 1, TEXTURE)
    started, ahead = [], []
    for _ in range(setting.runs):
        started.append(took(setting, model / "model.glb", is_ahead=False))
        ahead.append(took(setting, model / "model.glb", is_ahead=True))
    yield Row(
        "second result prepared",
        "s",
        Spread.of(ahead),
        "<= 1/3",
        Spread.of(started),
        "a background Blender started for it",
        "reading, writing and drawing the model",
    )


def took(setting: Setting, glb: Path, *, is_ahead: bool) -> float:
    """Seconds from the order to the end of the process."""
    run = ScriptRun(background.command(setting.blender, models.PREPARE), SECONDS, threading.Event())
    if is_ahead:
        run.get_ready()
        time.sleep(START_SECONDS)
    began = time.perf_counter()
    said = run.run(order(setting, glb))
    seconds = time.perf_counter() - began
    run.end()
    if not said["ok"]:  # then less was done than is measured
        raise SystemExit(str(said))
    return seconds


def order(setting: Setting, glb: Path) -> Mapping[str, Any]:
    """As the worker gives it."""
    to = setting.folder / "prepared.blend"
    preview = str(to.with_suffix(".png"))
    return {"files": [str(glb)], "to": str(to), "name": "bench", "preview": preview}
