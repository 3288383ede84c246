"""Orders job after job, lets things go wrong, places what comes, and looks at the worker."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import requests

from addon.catalog import build_request, estimate
from addon.jobs.charges import Sum
from addon.jobs.errors import IllegalTransition
from addon.jobs.job import Job
from addon.jobs.schema import StoreBusy
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from scripts.sandbox.processes import Sandbox
from tests.patience import seconds, until
from tests.soak.measures import Sample, sample

ROOT: Final = Path(__file__).parents[2]
COMMAND: Final = (sys.executable, "-I", str(ROOT / "addon" / "worker" / "bootstrap.py"), "")
PROGRAM: Final = ROOT / "tests" / "worker" / "background_program.py"
"""Does the work of a background Blender at once, or crashes where the job's name says so."""

SEEN: Final = ".seen.json"
"""How a file ends in which that program writes what it was asked for."""

ORDERS: Final = (
    ("tencent-rapid", {"prompt": "a vase"}),
    ("tripo", {"prompt": "a chair"}),
    ("image-gemini25flash", {"prompt": "a lamp"}),
)
CRASH: Final = "crash"

WAITED_OUT: Final = (
    "status-dropped", "status-lost", "status-500", "status-500-html", "status-502", "status-503",
    "status-504", "status-not-json", "status-429", "wallet-dropped", "wallet-500",
    "wallet-not-json",
    "download-dropped", "download-403", "download-500", "download-503", "download-cut",
    "download-corrupt", "download-wrong-magic", "download-slow", "submit-429",
)  # fmt: skip
"""Trouble after which the job goes on by itself."""
OPEN: Final = (
    "submit-dropped", "submit-lost", "submit-500", "submit-502", "submit-504", "submit-not-json",
)  # fmt: skip
"""Trouble after which nobody knows whether the order was taken."""
FINAL: Final = ("submit-402", "task-failed", "task-reason")
"""Trouble that ends the job."""
SLOW: Final = ("status-hang", "download-hang", "wallet-hang", "submit-hang", "task-asset-null")
"""Trouble of all kinds that takes its time."""

SAMPLE_EVERY: Final = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run is, and what happens in it."""

    jobs: int
    at_once: int = 24
    """Orders that are under way."""
    troubled: float = 0.4
    """Share of the orders with which a fault is armed."""
    slow: bool = True
    kills: Collection[int] = ()
    """The worker is killed when so many jobs have ended."""
    read_timeout: float = 3.0
    crashes: int = 40
    """One in so many results crashes what prepares it."""


@dataclass
class Outcome:
    """All there is to judge a run by."""

    plan: Plan
    jobs: list[Job]
    charges: list[dict[str, Any]]
    credits: Sum
    samples: list[Sample]
    armed: Counter[str]
    left: list[str]
    """Files that should have gone."""

    def count(self, *states: State) -> int:
        return sum(job.state in states for job in self.jobs)


@contextmanager
def service(log: Path) -> Iterator[Sandbox]:
    """The sandbox with the quick engine, as long as the block takes."""
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.service"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        assert process.stdout is not None
        yield Sandbox(**json.loads(process.stdout.readline()))
    finally:
        process.communicate(timeout=seconds(30))


@dataclass
class Soak:
    """One run below ``home``, whose temporary folder is ``home / "tmp"``."""

    home: Path
    plan: Plan
    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - the same each time
    ordered: int = 0
    samples: list[Sample] = field(default_factory=list)
    armed: Counter[str] = field(default_factory=Counter)

    def run(self) -> Outcome:
        """Go through all of it; ``TMPDIR`` has to be set to the run's own for what it starts."""
        with service(self.home / "service.log") as running:
            self.running = running
            self.store = Store(self.home / "jobs.sqlite", durable=False)
            self.worker = WorkerProcess(COMMAND, self._settings(running))
            self.to_kill = sorted(self.plan.kills)
            try:
                self.worker.ensure()
                usual = 120.0 + self.plan.jobs * 2.0
                until(self._pass, usual=usual, what="the end of all jobs")
            finally:
                self.worker.stop(timeout=seconds(10))
            log = requests.get(f"{running.address}/_sandbox/log", timeout=seconds(20)).json()
            return self._outcome(log["transactions"])

    def _settings(self, running: Sandbox) -> WorkerSettings:
        return WorkerSettings(
            store=self.home / "jobs.sqlite",
            address=running.address,
            key=running.key,
            user_agent="studio3d-soak/1",
            log_file=self.home / "logs" / "worker.log",
            prepare_command=[sys.executable, "-I", str(PROGRAM)],
            export_command=[sys.executable, "-I", str(PROGRAM)],
            connect_timeout=seconds(5),
            read_timeout=seconds(self.plan.read_timeout),
            min_poll=0.1,
            max_poll=0.5,
        )

    def _pass(self) -> bool:
        """Order, place and look once; whether all has ended. A list that is busy is left alone."""
        try:
            return self._go_on()
        except StoreBusy:
            return False

    def _go_on(self) -> bool:
        under_way = len(self.store.active())
        while under_way < self.plan.at_once and self.ordered < self.plan.jobs:
            self._order()
            under_way += 1
        self._place()
        ended = self.ordered - under_way
        self._look(ended)
        if self.to_kill and ended >= self.to_kill[0] and self.worker.pid is not None:
            del self.to_kill[0]
            os.kill(self.worker.pid, signal.SIGKILL)
            self.worker.reset()
        self.worker.nudge()
        return ended == self.plan.jobs

    def _order(self) -> None:
        number = self.ordered + 1
        if self.chance.random() < self.plan.troubled:
            self._arm()
        operation, values = ORDERS[number % len(ORDERS)]
        request = build_request(operation, values)
        self.store.add(
            request,
            name=CRASH if number % self.plan.crashes == 0 else f"job {number}",
            estimate=estimate(request).total,
            service_address=self.running.address,
            folder=self.home / "results",
            wants_prepared=operation != "image-gemini25flash",
        )
        self.ordered = number

    def _arm(self) -> None:
        kinds = [*WAITED_OUT * 3, *OPEN, *FINAL, *(SLOW if self.plan.slow else ())]
        name = self.chance.choice(kinds)
        self.armed[name] += 1
        fault = {"name": name, "times": 1, "skip": self.chance.randrange(4)}
        if name.endswith("-429"):
            fault["value"] = 1
        requests.post(
            f"{self.running.address}/_sandbox/faults", json=fault, timeout=seconds(20)
        ).raise_for_status()

    def _place(self) -> None:
        """As Blender does, and as people do who clear their list."""
        for job in self.store.all():
            if job.state is State.READY:
                try:
                    self.store.change(job.id, State.PLACED, expected=State.READY)
                except IllegalTransition:
                    continue
                if self.chance.random() < 0.5:
                    self.store.take_off_list(job.id)

    def _look(self, ended: int) -> None:
        last = self.samples[-1].ended if self.samples else -SAMPLE_EVERY
        if self.worker.pid is None or ended < last + SAMPLE_EVERY:
            return
        found = sample(self.worker.pid, ended, self.store.path, self.home / "logs")
        if found is not None:
            self.samples.append(found)

    def _outcome(self, charges: list[dict[str, Any]]) -> Outcome:
        jobs = self.store.everything()
        credits_ = self.store.charges_since(self.running.address, 0.0)
        self.store.close()
        left = [
            str(path.relative_to(self.home))
            for pattern in ("receipts/*", "results/**/*.part*", "tmp/studio3d-work-*")
            for path in self.home.glob(pattern)
            if not path.name.endswith(SEEN) and (path.is_dir() or path.read_bytes().strip())
        ]
        return Outcome(self.plan, jobs, charges, credits_, self.samples, self.armed, left)
