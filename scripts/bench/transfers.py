"""How much memory a worker takes that sends and fetches large files."""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from addon.catalog import build_request
from addon.jobs.job import Job
from addon.jobs.states import ACTIVE, State
from addon.jobs.store import Store
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from scripts.bench import service

BOOTSTRAP: Final = service.ROOT / "addon" / "worker" / "bootstrap.py"
PATIENCE: Final = 300.0
"""Seconds for a transfer."""
MEGABYTE: Final = 1e6


@dataclass(frozen=True, slots=True)
class TransferMemory:
    """By how many megabytes a worker's memory rose above that of an idle one, at the most."""

    upload_mb: float
    download_mb: float


def transfer_memory(size: int = service.LARGE) -> TransferMemory:
    """What a worker takes that sends ``size`` bytes, and then fetches as many. Linux tells it."""
    with (
        tempfile.TemporaryDirectory(prefix="studio3d-bench-") as name,
        service.running(size) as address,
    ):
        folder = Path(name)
        model = folder / "large.glb"
        with model.open("wb") as file:
            file.write(b"glTF")
            file.truncate(size)
        small = folder / "small.glb"
        small.write_bytes(b"glTF" + bytes(service.SMALL))
        store = Store(folder / "jobs.sqlite", durable=False)
        settings = WorkerSettings(
            store.path,
            address,
            "bench",
            "studio3d-bench/1",
            folder / "log",
            min_poll=0.1,
            max_poll=0.1,
        )
        worker = WorkerProcess((sys.executable, "-I", str(BOOTSTRAP), ""), settings)

        def send(path: Path) -> Job:
            request = build_request("convert", {"model_file": str(path), "output_format": "glb"})
            return store.add(
                request, name="", estimate=0, service_address=address, folder=folder / "results"
            )

        try:
            worker.ensure()
            _wait(store, send(small), worker, lambda job: job.state not in ACTIVE)
            idle = _memory(worker, "VmRSS")
            _forget_peak(worker)
            job = send(model)
            _wait(store, job, worker, lambda job: job.task_id is not None)
            upload = _memory(worker, "VmHWM")
            _forget_peak(worker)
            job = _wait(store, job, worker, lambda job: job.state not in ACTIVE)
            download = _memory(worker, "VmHWM")
            (result,) = job.files
            if job.state is not State.READY or result.path.stat().st_size != size:
                raise SystemExit(str(job))
        finally:
            worker.stop()
            store.close()
    return TransferMemory(upload - idle, download - idle)


def _wait(store: Store, job: Job, worker: WorkerProcess, is_so: Callable[[Job], bool]) -> Job:
    worker.nudge()
    end = time.monotonic() + PATIENCE
    while not is_so(now := store.get(job.id)):
        if time.monotonic() > end or not worker.alive:
            raise SystemExit(str(now))
        time.sleep(0.005)
    return now


def _memory(worker: WorkerProcess, what: str) -> float:
    """Megabytes: ``VmRSS`` now, ``VmHWM`` the most since the peak was forgotten."""
    told = Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in told.splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) * 1024 / MEGABYTE


def _forget_peak(worker: WorkerProcess) -> None:
    Path(f"/proc/{worker.pid}/clear_refs").write_text("5", encoding="ascii")
