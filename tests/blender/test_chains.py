"""Steps that run one after the other on one object."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import ops, own_home
from tests.blender.round_trips import at_service, open_edges, select, send, settings, wait_for
from tests.blender.test_tools import has_texture, textured
from tests.sandboxes import Sandboxes


def chain(*tools: str) -> None:
    chosen = settings("repair", quality="low", texture_resolution=256)
    chosen.bake_texture.texture_resolution = 256
    chosen.chain.clear()
    chosen.tool, *others = tools
    for tool in others:
        ops.studio3d.add_step(tool=tool)


def steps() -> list[str]:
    """What would run, as the panel lists it and as it is ordered."""
    chosen = part("blender.settings.properties").settings_of(bpy.context)
    listed = part("blender.settings.steps").tools(chosen)
    ordered = part("blender.runtime.tool_orders").order_of(bpy.context).steps
    assert [step.operation for step in ordered] == listed
    return list(listed)


def shown() -> str:
    """The tool whose settings are seen; it is one of those that run."""
    tool = part("blender.settings.properties").settings_of(bpy.context).tool
    assert tool in steps()
    return str(tool)


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
    assert plan.estimate.words() == (
        "10 credits Convert + 60 credits Repair + 100 credits Smart Topology"
        " + 5 credits Bake Texture"
    )
    assert plan.credits == 175


def test_what_is_seen_is_what_runs(alone: Any) -> None:
    chain("repair", "topology", "bake-texture")
    assert (steps(), shown()) == (["repair", "topology", "bake-texture"], "bake-texture")
    ops.studio3d.show_step(index=0)
    assert shown() == "repair"
    part("blender.settings.properties").settings_of(bpy.context).tool = "optimize"
    assert (steps(), shown()) == (["optimize", "topology", "bake-texture"], "optimize")
    ops.studio3d.show_step(index=1)
    assert (steps(), shown()) == (["optimize", "topology", "bake-texture"], "topology")


@pytest.mark.parametrize(
    ("index", "by", "order"),
    [
        (0, 1, ["topology", "repair", "bake-texture"]),
        (2, -1, ["repair", "bake-texture", "topology"]),
        (0, -1, ["repair", "topology", "bake-texture"]),
        (2, 1, ["repair", "topology", "bake-texture"]),
    ],
)
def test_steps_are_moved(alone: Any, index: int, by: int, order: list[str]) -> None:
    chain("repair", "topology", "bake-texture")
    moved = steps()[index]
    ops.studio3d.move_step(index=index, by=by)
    assert (steps(), shown()) == (order, moved)


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("looked_at", [0, 1, 2])
def test_taking_a_step_out_leaves_the_others(alone: Any, index: int, looked_at: int) -> None:
    chain("repair", "topology", "bake-texture")
    ops.studio3d.show_step(index=looked_at)
    before, left = shown(), steps()
    del left[index]
    ops.studio3d.remove_step(index=index)
    assert steps() == left
    if index != looked_at:
        assert shown() == before


def test_one_step_is_a_tool(alone: Any) -> None:
    chain("repair", "topology")
    ops.studio3d.remove_step(index=0)
    assert (steps(), shown()) == (["topology"], "topology")
    assert part("blender.settings.properties").settings_of(bpy.context).tool == "topology"
    assert ops.studio3d.remove_step(index=0) == {"CANCELLED"}


def test_a_file_whose_steps_were_never_shown_runs_what_is_seen(alone: Any) -> None:
    chosen = settings("convert")
    chosen.chain.add().tool = "repair"  # as an earlier version left it, out of sight
    assert steps() == ["convert"]
    chosen.chain.add().tool = "topology"
    assert (steps(), shown()) == (["convert", "topology"], "convert")


def test_steps_that_were_ordered_are_cleared(store: Any, monkey: bpy.types.Object) -> None:
    chain("repair", "topology")
    send()
    assert steps() == ["topology"]


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
    settings("texture-edit").texture_edit.image = str(tmp_path / "gone.png")
    with pytest.raises(inputs.MissingFile, match=r"gone\.png"):
        send(bpy.context, orders.order_of(bpy.context))
    chain("render", "repair")
    with pytest.raises(part("catalog").InvalidRequest, match="Render, which is no model"):
        orders.order_of(bpy.context).plan()
    assert alone.all() == []


@pytest.mark.oldest_and_newest
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


@pytest.mark.fault(
    "Credits run out in the middle of several steps", "What was made is kept and can be imported"
)
@pytest.mark.oldest_and_newest
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


@pytest.mark.fault(
    "The first of several steps fails", "The others are never sent; nothing was charged for them"
)
@pytest.mark.oldest_and_newest
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
