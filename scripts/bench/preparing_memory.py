"""How much memory it takes to prepare a large result, of the worker and all that it starts."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from addon.catalog import build_request
from addon.jobs.job import Job, ResultFile
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker import background
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from scripts.bench import background as models
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread
from scripts.bench.transfers import BOOTSTRAP, MEGABYTE

TRIANGLES: Final = 1_500_000
TEXTURE: Final = 4320
GRAIN: Final = 1.0
"""Nothing can be compressed: with three textures of that side the file has 200 MB."""
PARTS: Final = 2
LARGEST: Final = 4096
"""Side of the textures of a whole run's other rows."""
PATIENCE: Final = 600.0
LOOK_EVERY: Final = 0.01


def rows(setting: Setting) -> Iterator[Row]:
    """Once: memory does not depend on what else is running. Linux tells it."""
    triangles = min(TRIANGLES, 3 * setting.triangles)
    texture = TEXTURE if setting.texture == LARGEST else setting.texture
    kept = setting.folder / "models"
    glb = models.made(setting.blender, kept, triangles, PARTS, texture, GRAIN) / "model.glb"
    size = glb.stat().st_size / MEGABYTE
    yield Row(
        f"memory to prepare {triangles // 1000}k triangles, {size:.0f} MB, worker included",
        "MB",
        Spread.of([prepared(setting, glb)]),
        "<= 2000 MB",
        Spread.of([direct(setting, glb)]),
        "importing and saving the file",
        "the importer has the file and the model in memory at a time",
    )


def prepared(setting: Setting, glb: Path) -> float:
    """Megabytes that the worker and its background Blender had at the most, added up."""
    home = setting.folder / "preparing-memory"
    home.mkdir()
    store = Store(home / "jobs.sqlite", durable=False)
    prepare = background.command(setting.blender, models.PREPARE)
    settings = WorkerSettings(
        store.path,
        "https://api.example",
        "bench",
        "studio3d-bench/1",
        home / "log",
        prepare_command=prepare,
        export_command=prepare,
        online=False,
    )
    job = fetched(store, settings.address, glb, home / "results")
    worker = WorkerProcess((sys.executable, "-I", str(BOOTSTRAP), ""), settings)
    most: dict[int, float] = {}
    try:
        worker.nudge()
        end = time.monotonic() + PATIENCE
        while (now := store.get(job.id)).state is State.PREPARING:
            if time.monotonic() > end or worker.pid is None:
                raise SystemExit(str(now))
            most |= {pid: peak for pid in family(worker.pid) if (peak := peak_of(pid))}
            time.sleep(LOOK_EVERY)
    finally:
        worker.stop()
        store.close()
    if now.state is not State.READY or now.prepared is None or now.prepared.preview is None:
        raise SystemExit(str(now))
    return sum(most.values())


def fetched(store: Store, address: str, glb: Path, folder: Path) -> Job:
    """A job whose file is there, which is to be prepared next."""
    folder.mkdir()
    job = store.add(
        build_request("tencent-rapid", {"prompt": "a ball"}),
        name="bench",
        estimate=0,
        service_address=address,
        folder=folder,
        wants_prepared=True,
    )
    for state in (State.SUBMITTING, State.PENDING, State.DOWNLOADING):
        store.change(job.id, state, task_id="bench")
    return store.change(job.id, State.PREPARING, files=(ResultFile(glb, "3D_MODEL"),))


def family(pid: int) -> set[int]:
    """The process and all that it, or one of those, has started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(stat.parent.name)] = int(said[1])
    found, more = {pid}, {pid}
    while more := {child for child, parent in parents.items() if parent in more} - found:
        found |= more
    return found


def peak_of(pid: int) -> float:
    """Megabytes it has had in memory at the most; 0 for one that has ended."""
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    lines = (line for line in told.splitlines() if line.startswith("VmHWM:"))
    return next((int(line.split()[1]) * 1024 / MEGABYTE for line in lines), 0.0)


def direct(setting: Setting, glb: Path) -> float:
    """Megabytes that a background Blender has at the most to import the file and save it."""
    blend = setting.folder / "direct.blend"
    command = background.command(setting.blender, models.HERE / "direct.py")
    process = subprocess.Popen(
        [*command, "--", str(glb), str(blend)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return used.ru_maxrss * 1024 / MEGABYTE
