"""Without a key and without a network, one click shows the whole way of a job."""

from pathlib import Path
from types import ModuleType

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import ops, own_home
from tests.blender.round_trips import wait_for


@pytest.mark.parametrize(
    "key", [{}, {"STUDIO3D_API_KEY": "refused-by-nobody"}], ids=["no key", "a key"]
)
def test_a_sample_is_placed_as_a_job_and_called_one(
    extension: ModuleType, tmp_path: Path, key: dict[str, str]
) -> None:
    with own_home(tmp_path, **key) as store:
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        assert ops.studio3d.place_sample(sample="chair") == {"FINISHED"}
        (job,) = store.all()
        job = wait_for(job)
        part("blender.runtime.worker_host").stop()
        assert job.state == "PLACED", job.failure
        (placed,) = [obj for obj in bpy.data.objects if obj.type == "MESH"]
        assert "Sample" in placed.name
        assert placed["studio3d_service"] == "recorded-samples"
        assert len(placed.data.polygons) > 1000
        (row,) = part("blender.snapshot.snapshot").current().rows
        assert row.label == "Recorded sample"
        assert part("blender.widgets.money").charge_words(row.job) == "nothing charged"


def test_a_sample_that_is_none_is_refused(extension: ModuleType, tmp_path: Path) -> None:
    with own_home(tmp_path) as store:
        with pytest.raises(RuntimeError, match="no such sample"):
            ops.studio3d.place_sample(sample="horse")
        assert store.all() == []


def test_without_a_key_nothing_starts_the_worker_but_a_sample(
    extension: ModuleType, tmp_path: Path
) -> None:
    with own_home(tmp_path):
        host = part("blender.runtime.worker_host")
        host.nudge()
        assert not host.is_running()
