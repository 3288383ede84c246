"""What must not grow: a look at a long job list, a row of a long batch, a worker with large files.

Each number is of a process of its own. Nothing is judged.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts import build
from scripts.bench import history, service
from scripts.bench.inside import answer_of
from scripts.bench.rows import Spread
from scripts.bench.transfers import MEGABYTE

INSIDE: Final = Path(__file__).with_name("inside_growth.py")
CLIENT: Final = build.ROOT / "scripts" / "3d_api_client.py"

UNDER_WAY: Final = 5
"""Jobs that are under way in every list."""
BUSY: Final = 100
"""Jobs under way in the list whose ticks are measured."""
LOOKS: Final = 25
TICKS: Final = 300


@dataclass(frozen=True, slots=True)
class TickCost:
    """Milliseconds that a tick of the watch takes, with nothing under way and with much."""

    idle: Spread
    busy: Spread
    idle_p99: float
    busy_p99: float
    """All but one in a hundred take less."""


@dataclass(frozen=True, slots=True)
class BatchCost:
    """What a batch took of this machine, the start of Python and the reading of its list too."""

    cpu_ms_a_row: float
    memory_mb: float
    """The most it had at a time."""


def refresh(blender: str, jobs: int, looks: int = LOOKS) -> Spread:
    """Milliseconds that bringing the sidebar up to date takes after a change of one job.

    ``jobs`` are in the list, ``UNDER_WAY`` of them under way. Needs a Blender, or a Python with
    bpy.
    """
    return Spread.of(_inside(blender, "refresh", jobs, UNDER_WAY, looks)["changed"])


def tick(blender: str, ticks: int = TICKS) -> TickCost:
    """What a tick of the watch takes with 100 jobs under way, five of which are downloads."""
    found = _inside(blender, "tick", BUSY + 1_000, BUSY, ticks)
    idle, busy = found["idle"], found["busy"]
    return TickCost(Spread.of(idle), Spread.of(busy), _last_percent(idle), _last_percent(busy))


def _last_percent(found: Sequence[float]) -> float:
    return statistics.quantiles(found, n=100)[-1]


def _inside(blender: str, what: str, jobs: int, active: int, runs: int) -> dict[str, list[float]]:
    """What ``inside_growth`` answers, of a list of that many jobs."""
    with tempfile.TemporaryDirectory(prefix="studio3d-bench-") as name:
        home = Path(name)
        own = home / "own"
        own.mkdir()
        history.fill(
            own / "jobs.sqlite",
            jobs - active,
            active=active,
            address="https://api.3daistudio.com",
            now=time.time(),
        )
        archive = str(build.build(home / "dist"))
        request = {"archive": archive, "home": str(own), "what": what, "runs": runs}
        found: dict[str, list[float]] = answer_of(blender, INSIDE, home, request)
    return found


def batch(rows: int) -> BatchCost:
    """What a batch of that many rows takes, without Blender and as fast as it can be sent."""
    with (
        tempfile.TemporaryDirectory(prefix="studio3d-bench-") as name,
        service.running() as address,
    ):
        folder = Path(name)
        lines = ["operation,prompt,name"]
        lines += [f"tencent-rapid,a chair number {n},Chair {n}" for n in range(rows)]
        (folder / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        environment = os.environ | {
            "STUDIO3D_HOME": str(folder / "home"),
            "STUDIO3D_API_URL": address,
            "STUDIO3D_API_KEY": "bench",
        }
        made = ["batch", str(folder / "list.csv"), "--out", str(folder / "out")]
        how = ["--poll-interval", "0.1", "--no-process", "--yes"]
        used = _run([sys.executable, str(CLIENT), *made, *how], environment)
        report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
        if report["totals"]["finished"] != rows:  # then less was done than is measured
            raise SystemExit(str(report["totals"]))
    cpu = used.ru_utime + used.ru_stime
    return BatchCost(cpu * 1000 / rows, used.ru_maxrss * 1024 / MEGABYTE)


def _run(command: Sequence[str], environment: dict[str, str]) -> resource.struct_rusage:
    """Run a process to its end; what it used."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace"))
            raise SystemExit(process.returncode)
    return used
