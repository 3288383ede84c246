"""Inside Blender: what one look at a changed job list takes.

``inside_growth.py -- request.json``; the request names ``archive``, ``home``, ``runs`` and
``answer``. The job list lies in ``home``, and has jobs that are under way.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

context: Any = bpy.context
ops: Any = bpy.ops
MODULE = "bl_ext.user_default.studio3d"
WARM_UP = 5


def took(refresh: Callable[[Any], Any]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    refresh(context)
    return (time.perf_counter() - start) * 1000


def main(request: dict[str, Any]) -> None:
    """Measure, and write the answer: milliseconds after a change, and where nothing changed."""
    ops.extensions.package_install_files(
        filepath=request["archive"], repo="user_default", enable_on_install=True
    )
    refresh = importlib.import_module(f"{MODULE}.blender.runtime.build_snapshot").refresh
    states = importlib.import_module(f"{MODULE}.jobs.states")
    stores = importlib.import_module(f"{MODULE}.jobs.store")
    worker = stores.Store(Path(request["home"]) / "jobs.sqlite", durable=False)
    jobs = worker.active()
    after_change: list[float] = []
    unchanged: list[float] = []
    for number in range(WARM_UP + request["runs"]):
        job = jobs[number % len(jobs)]
        worker.change(job.id, states.State.RUNNING, progress=number % 100)
        after_change.append(took(refresh))
        unchanged.append(took(refresh))
        shown = refresh(context)
        (row,) = (row for row in shown.rows if row.job.id == job.id)
        if row.job.progress != number % 100 or shown.active != len(jobs):  # less was done
            raise SystemExit("the change is not seen")
    answer = {"after_change": after_change[WARM_UP:], "unchanged": unchanged[WARM_UP:]}
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
