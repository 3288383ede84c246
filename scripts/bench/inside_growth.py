"""Inside Blender: what one look at a changed job list takes.

``inside_growth.py -- request.json``; the request names ``archive``, ``home``, ``runs``, ``answer``
and ``what`` is measured: ``refresh`` or ``tick``. The job list lies in ``home``, and has jobs that
are under way.
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
DOWNLOADS = 5
POLLS = 2
"""Answers of the service between two ticks: four ticks a second, and the service is asked about
each of a hundred jobs every five to twenty seconds."""
BYTES = 200_000_000


def part(name: str) -> Any:
    """A module of the extension."""
    return importlib.import_module(f"{MODULE}.{name}")


def took(act: Callable[[Any], Any]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    act(context)
    return (time.perf_counter() - start) * 1000


def under_way(shown: Any) -> int:
    """How many of the jobs that are shown the worker has to go on with."""
    return sum(row.job.state in part("jobs.states").ACTIVE for row in shown.rows)


def refreshes(worker: Any, runs: int) -> dict[str, list[float]]:
    """How long it takes to show one change of a job, which another process has written."""
    refresh = part("blender.runtime.build_snapshot").refresh
    running = part("jobs.states").State.RUNNING
    jobs = worker.active()
    times = []
    for number in range(WARM_UP + runs):
        job = jobs[number % len(jobs)]
        worker.change(job.id, running, progress=number % 100)
        times.append(took(refresh))
        shown = refresh(context)
        (row,) = (row for row in shown.rows if row.job.id == job.id)
        if row.job.progress != number % 100 or under_way(shown) != len(jobs):  # less was done
            raise SystemExit("the change is not seen")
    return {"changed": times[WARM_UP:]}


def ticks(worker: Any, runs: int) -> dict[str, list[float]]:
    """How long the watch's ticks take, with nothing under way and with all that is.

    Five of the jobs are downloads, each of which writes down how far it is.
    """
    poll_once = part("blender.runtime.job_monitor").poll_once
    states = part("jobs.states")
    jobs = worker.active()
    ops.wm.save_as_mainfile(filepath=str(worker.path.with_name("scene.blend")))
    for job in jobs:
        worker.change(job.id, states.State.ABANDONED)
    idle = [took(poll_once) for _ in range(WARM_UP + runs)]
    for job in jobs:
        worker.change(job.id, states.State.PENDING)
    for job in jobs[:DOWNLOADS]:
        worker.change(job.id, states.State.DOWNLOADING, bytes_total=BYTES)
    busy = []
    for number in range(WARM_UP + runs):
        coming = jobs[number % DOWNLOADS]
        worker.change(coming.id, states.State.DOWNLOADING, bytes_done=BYTES * number // runs // 2)
        for more in range(POLLS):
            polled = jobs[DOWNLOADS + (number * POLLS + more) % (len(jobs) - DOWNLOADS)]
            worker.change(polled.id, states.State.RUNNING, progress=number % 100)
        busy.append(took(poll_once))
    shown = part("blender.snapshot.snapshot").current()
    if under_way(shown) != len(jobs) or not shown.boxes:  # then less was done than is measured
        raise SystemExit(f"{under_way(shown)} jobs and {len(shown.boxes)} boxes are shown")
    return {"idle": idle[WARM_UP:], "busy": busy[WARM_UP:]}


def main(request: dict[str, Any]) -> None:
    """Measure, and write the answer: milliseconds."""
    ops.extensions.package_install_files(
        filepath=request["archive"], repo="user_default", enable_on_install=True
    )
    worker = part("jobs.store").Store(Path(request["home"]) / "jobs.sqlite", durable=False)
    answer = {"refresh": refreshes, "tick": ticks}[request["what"]](worker, request["runs"])
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
