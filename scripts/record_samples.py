"""Record the samples of ``addon/samples`` by the sandbox, with their small pictures.

python -m scripts.record_samples --blender PATH
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from addon.jobs.factory import make_runner
from addon.jobs.planner import Enters, plan_one, store_plan
from addon.jobs.scheduler import Scheduler
from addon.jobs.states import ACTIVE, State
from addon.jobs.store import Store
from addon.samples.declared import SAMPLES, Sample
from addon.service.stopping import Stop
from addon.worker import background
from addon.worker.prepare import BlenderPreparer
from scripts.build import PACKAGE
from scripts.sandbox.processes import Sandbox, SandboxProcesses

SCRIPT = PACKAGE / "blender" / "background" / "prepare_blend.py"
PREPARE_SECONDS = 120.0


def main() -> int:
    """Record all of them; returns the exit code."""
    parser = argparse.ArgumentParser(description="Record the samples by the sandbox")
    parser.add_argument("--blender", required=True, help="a Blender, or a Python with bpy")
    blender = parser.parse_args().blender
    with tempfile.TemporaryDirectory() as folder, SandboxProcesses(Path(folder)) as sandboxes:
        sandbox = sandboxes.start(time_scale=0.01, rate_limit=1000)
        failed = [s for s in SAMPLES if not record(s, sandbox, blender, Path(folder) / s.name)]
    return 1 if failed else 0


def record(sample: Sample, sandbox: Sandbox, blender: str, folder: Path) -> bool:
    """Order it, and keep what came; tells whether anything did."""
    store = Store(folder / "jobs.sqlite")
    (ordered,) = store_plan(
        store,
        plan_one(sample.operation, sample.values),
        name=sample.label,
        service_address=sandbox.address,
        folder=folder,
        enters=Enters.MODELS,
    )
    stop = Stop()
    command = background.command(blender, SCRIPT)
    runner = make_runner(
        store,
        address=sandbox.address,
        key=sandbox.key,
        user_agent="studio3d",
        preparer=BlenderPreparer(command, PREPARE_SECONDS, stop),
        stop=stop,
    )
    Scheduler(runner).run(lambda: store.get(ordered.id).state not in ACTIVE)
    job = store.get(ordered.id)
    if job.state is not State.READY or job.prepared is None or job.prepared.preview is None:
        return False
    shutil.copyfile(job.files[0].path, sample.model)
    shutil.copyfile(job.prepared.preview, sample.picture)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
