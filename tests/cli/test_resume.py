"""What resume goes on with, and what it leaves to Blender."""

from pathlib import Path

from addon.catalog import build_request
from addon.jobs.job import Export
from addon.jobs.store import Store
from tests.cli.conftest import CommandLine


def test_a_job_whose_model_only_blender_can_export_is_left_alone(cli: CommandLine) -> None:
    store = Store(Path(cli.environ["STUDIO3D_HOME"]) / "jobs.sqlite")
    model = cli.folder / "selection.glb"
    store.add(
        build_request("repair", {"model_file": str(model)}),
        name="from the Tools panel",
        estimate=60,
        service_address=cli.sandbox.address,
        folder=cli.folder,
        export=Export(cli.folder / "selection.blend", model),
    )
    store.close()
    done = cli.run("resume", "--wait-timeout", "0.05")
    assert (done.code, done.document) == (0, {"jobs": []})
    assert cli.submissions() == 0
