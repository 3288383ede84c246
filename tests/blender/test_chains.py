"""Steps that run one after the other on one object."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import own_home
from tests.blender.round_trips import at_service, open_edges, select, send, settings, wait_for
from tests.blender.test_tools import has_texture, textured
from tests.sandboxes import Sandboxes


def chain(*tools: str) -> None:
    chosen = settings("repair", quality="low", texture_resolution=256)
    chosen.bake_texture.texture_resolution = 256
    chosen.chain.clear()
    for tool in tools:
        chosen.tool = tool
        bpy.ops.studio3d.add_step()


@pytest.fixture
def monkey(extension: ModuleType) -> bpy.types.Object:
    bpy.ops.mesh.primitive_monkey_add()
    obj = bpy.context.object
    obj.data.materials.append(textured("Fur"))
    select(obj)
    return obj


@pytest.fixture
def alone(extension: ModuleType, tmp_path: Path) -> Iterator[Any]:
    with own_home(tmp_path) as store:
        yield store


def test_the_price_is_that_of_all_steps(alone: Any, monkey: bpy.types.Object) -> None:
    chain("repair", "topology", "bake-texture")
    plan = part("blender.runtime.tool_orders").order_of(bpy.context).plan()
    # The original is needed by its address for the bake: it is sent once, and used twice.
    assert plan.estimate.words() == "10 Convert + 60 Repair + 100 Smart Topology + 5 Bake Texture"
    assert plan.credits == 175


def test_nothing_is_uploaded_twice(alone: Any, monkey: bpy.types.Object) -> None:
    chain("repair", "topology", "bake-texture")
    orders = part("blender.runtime.tool_orders")
    send = part("blender.runtime.tool_submission").send
    jobs = send(bpy.context, orders.order_of(bpy.context))
    assert [job.operation for job in jobs] == ["convert", "repair", "topology", "bake-texture"]
    assert [job.export is not None for job in jobs] == [True, False, False, False]
    sent, repair, topology, bake = jobs
    assert repair.values["model_file"] == f"result-of:{sent.id}"
    assert topology.values["file_url"] == f"result-of:{repair.id}"
    assert bake.values["original_url"] == f"result-of:{sent.id}"
    assert bake.values["retopo_url"] == f"result-of:{topology.id}"


def test_what_is_wrong_with_a_later_step_keeps_the_first_from_being_sent(
    alone: Any, monkey: bpy.types.Object, tmp_path: Path
) -> None:
    orders, inputs = part("blender.runtime.tool_orders"), part("jobs.inputs")
    send = part("blender.runtime.tool_submission").send
    chain("repair", "texture-edit")
    settings("repair").texture_edit.image = str(tmp_path / "gone.png")
    with pytest.raises(inputs.MissingFile, match=r"gone\.png"):
        send(bpy.context, orders.order_of(bpy.context))
    chain("render", "repair")
    with pytest.raises(part("catalog").InvalidRequest, match="Render, which is no model"):
        orders.order_of(bpy.context).plan()
    assert alone.all() == []


@pytest.mark.round_trip
def test_a_step_on_the_result_of_the_one_before(
    extension: ModuleType, tmp_path: Path, sandbox: Any, monkey: bpy.types.Object
) -> None:
    chain("repair", "bake-texture")
    with at_service(tmp_path, sandbox) as store:
        before = open_edges(monkey)
        jobs = send()
        done = wait_for(jobs[-1])
        assert done.state == "PLACED", done.failure
        result = bpy.data.objects["Suzanne"]
        assert before > 0
        assert open_edges(result) == 0
        assert has_texture(result)
        assert not monkey.visible_get()
        # The steps in between are finished and kept, and wait for nobody.
        assert [store.get(job.id).state for job in jobs[:-1]] == ["READY", "READY"]
        assert store.get(jobs[1].id).files[0].path.is_file()


@pytest.mark.round_trip
def test_a_failed_step_stops_the_chain_and_keeps_the_rest(
    extension: ModuleType, tmp_path: Path, sandboxes: Sandboxes, monkey: bpy.types.Object
) -> None:
    sandbox = sandboxes.start(balance=75)
    chain("repair", "topology")
    with at_service(tmp_path, sandbox) as store:
        jobs = send()
        last = wait_for(jobs[-1])
        repair = store.get(jobs[0].id)
        assert repair.state == "READY"
        assert repair.files[0].path.is_file()
        assert last.state == "FAILED"
        assert last.failure.code == "insufficient_credits"
        assert monkey.visible_get()
        assert bpy.ops.studio3d.place("EXEC_DEFAULT", True, job_id=repair.id) == {"FINISHED"}
        assert open_edges(bpy.data.objects["Suzanne"]) == 0


@pytest.mark.round_trip
def test_what_follows_a_failed_step_is_never_sent(
    extension: ModuleType, tmp_path: Path, sandboxes: Sandboxes, monkey: bpy.types.Object
) -> None:
    sandbox = sandboxes.start(balance=20)
    chain("repair", "optimize")
    with at_service(tmp_path, sandbox) as store:
        jobs = send()
        last = wait_for(jobs[-1])
        assert store.get(jobs[0].id).failure.code == "insufficient_credits"
        assert last.failure.code == "step_failed"
        assert last.task_id is None
        assert "Nothing was charged" in last.failure.credits
