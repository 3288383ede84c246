"""A worker process as Blender starts it, against the sandbox."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import build_request
from addon.jobs.job import Job
from addon.jobs.store import Store
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from tests.patience import seconds, until
from tests.sandboxes import Sandbox

BOOTSTRAP = Path(__file__).parents[2] / "addon" / "worker" / "bootstrap.py"
COMMAND = (sys.executable, "-I", str(BOOTSTRAP), "")
BARE_COMMAND = (sys.executable, "-I", "-S", str(BOOTSTRAP), "")
"""In a Python without a single library."""
PROGRAM = Path(__file__).parent / "background_program.py"


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> WorkerSettings:
    return WorkerSettings(
        store=tmp_path / "home" / "jobs.sqlite",
        address=sandbox.address,
        key=sandbox.key,
        user_agent="studio3d-test/1",
        log_file=tmp_path / "home" / "logs" / "worker.log",
        prepare_command=[sys.executable, "-I", str(PROGRAM)],
        export_command=[sys.executable, "-I", str(PROGRAM)],
        connect_timeout=seconds(10),
        read_timeout=seconds(30),
        min_poll=0.1,
        max_poll=0.5,
    )


@pytest.fixture
def store(settings: WorkerSettings) -> Iterator[Store]:
    opened = Store(settings.store, durable=False)
    yield opened
    opened.close()


@pytest.fixture
def start() -> Iterator[Callable[..., WorkerProcess]]:
    """Makes worker processes and ends them after the test."""
    made: list[WorkerProcess] = []

    def make(
        settings: WorkerSettings, command: tuple[str, ...] = COMMAND, **how: Any
    ) -> WorkerProcess:
        made.append(WorkerProcess(command, settings, **how))
        return made[-1]

    yield make
    for process in made:
        process.stop(timeout=seconds(2))
    until(lambda: not any(p.leaving for p in made), usual=100, what="the end of the workers")


@pytest.fixture
def add(store: Store, settings: WorkerSettings, tmp_path: Path) -> Callable[..., Job]:
    """Queues a job as Blender does."""

    def queue(*, prepared: bool = False, **values: object) -> Job:
        return store.add(
            build_request("tencent-rapid", {"prompt": "a vase", **values}),
            name="a vase",
            estimate=35,
            service_address=settings.address,
            folder=tmp_path / "results",
            wants_prepared=prepared,
        )

    return queue
