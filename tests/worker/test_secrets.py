"""The key reaches the service and nothing else."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from addon.jobs.job import Job
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from tests import processes
from tests.patience import seconds, until
from tests.sandboxes import Sandboxes

KEY = "sk-very-secret-0123456789"
SIGNATURE = re.compile(rb"(?i)signature=[0-9a-f]{8}")


@pytest.mark.attack(
    "The worker's files and process are searched for the key", "Neither key nor signature is found"
)
def test_no_key_and_no_signature_is_left_behind(
    sandboxes: Sandboxes,
    settings: WorkerSettings,
    start: Callable[..., WorkerProcess],
    tmp_path: Path,
    add: Callable[..., Job],
    store: Store,
) -> None:
    sandbox = sandboxes.start(key=[KEY])
    settings = replace(settings, key=KEY, address=sandbox.address)
    job = add(prepared=True)
    store._db.execute("UPDATE jobs SET service_address = ?", (sandbox.address,))
    worker = start(settings)
    worker.check()
    worker.nudge()
    until(lambda: store.get(job.id).state in {State.READY, State.FAILED})
    assert store.get(job.id).state is State.READY
    pid = worker.pid
    for what in () if processes.ON_WINDOWS else ("cmdline", "environ"):
        assert KEY.encode() not in Path(f"/proc/{pid}/{what}").read_bytes()
    assert worker.stop(timeout=seconds(10))  # all is written
    store.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"jobs.sqlite", "worker.log"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert KEY.encode() not in content, path
        assert not SIGNATURE.search(content), path
    assert KEY not in repr(settings)


@pytest.mark.attack("A traceback with the key in it", "Masked in the log")
def test_a_traceback_with_the_key_in_it_is_masked_in_the_log(
    settings: WorkerSettings, start: Callable[..., WorkerProcess]
) -> None:
    worker = start(settings)
    worker.ensure()
    worker.update(replace(settings, key=KEY))
    # Not an address: the attempt ends in a logged traceback.
    worker.update(replace(settings, key=KEY, address=f"http://example.org/{KEY}"))
    log = settings.log_file
    until(lambda: log.exists() and "could not be followed" in log.read_text())
    text = settings.log_file.read_text()
    assert "Traceback" in text
    assert KEY not in text


def test_settings_survive_the_pipe(settings: WorkerSettings) -> None:
    message = json.loads(json.dumps(settings.to_json() | {"of_a_newer_version": 1}))
    assert WorkerSettings.from_json(message) == replace(
        settings,
        prepare_command=tuple(settings.prepare_command),
        export_command=tuple(settings.export_command),
    )
