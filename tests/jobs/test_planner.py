"""Every order as a plan: what jobs it takes, what they cost together, how they are kept."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import Field, InvalidRequest, Kind, UnknownOperation, get, operations
from addon.catalog.encoders import AddressOnly, job_of, result_of
from addon.jobs.dependencies import needs_export, stands_still
from addon.jobs.inputs import MissingFile, check_inputs
from addon.jobs.job import Export
from addon.jobs.origin import ChainPlace, OpenFile, Origin
from addon.jobs.planner import (
    PREVIOUS,
    Enters,
    HandOver,
    Plan,
    PlannedJob,
    Step,
    make_plan,
    placeholder,
    plan_one,
    store_plan,
)
from addon.jobs.states import State
from addon.jobs.store import Store
from tests.jobs.world import PENDING, World, glb
from tests.service.scripted_server import json_answer

CONVERT, TOPOLOGY = "/v1/tools/convert/", "/v1/3d-models/tencent/topology/"
ADDRESS = "https://example.com/a.glb"


def planned(operation: str, **values: Any) -> Plan:
    return plan_one(operation, values)


def after(first: Step, operation: str, field: str, **values: Any) -> list[PlannedJob]:
    return list(make_plan([first, Step(operation, {field: PREVIOUS, **values})]).jobs)


def names(plan: Plan) -> list[str]:
    return [job.request.operation for job in plan.jobs]


def test_an_order_of_one_job_is_that_job(tmp_path: Path) -> None:
    plan = planned("tencent-rapid", prompt="a chair", enable_pbr=True)
    assert (names(plan), plan.credits, plan.upload_proxies) == (["tencent-rapid"], 55, ())


def test_a_file_goes_ahead_where_an_address_is_taken() -> None:
    plan = planned("topology", file_url="a.glb")
    helper, own = plan.jobs
    assert (names(plan), plan.credits) == (["convert", "topology"], 110)
    assert plan.estimate.words() == "10 credits Convert + 100 credits Smart Topology"
    assert helper.request.values["model_file"] == "a.glb"
    assert helper.request.values["output_format"] == "glb"
    assert own.request.values["file_url"] == result_of(helper.id)
    assert (plan.upload_proxies, plan.last) == ((helper,), own)


@pytest.mark.parametrize("name", ["file_url", "model_url", "model_file"])
def test_a_field_may_be_called_by_its_other_names(name: str) -> None:
    assert names(planned("topology", **{name: "a.glb"})) == ["convert", "topology"]
    assert names(planned("topology", **{name: ADDRESS})) == ["topology"]


@pytest.mark.parametrize(
    ("low", "ahead"), [("b.glb", ["a.glb", "b.glb"]), ("a.glb", ["a.glb"]), (ADDRESS, ["a.glb"])]
)
def test_each_file_goes_ahead_once(low: str, ahead: list[str]) -> None:
    plan = planned("bake-texture", original_url="a.glb", retopo_url=low)
    assert [job.request.values["model_file"] for job in plan.upload_proxies] == ahead
    assert plan.credits == 10 * len(ahead) + 5


@pytest.mark.parametrize("field", ["original_url", "retopo_url"])
def test_a_blank_value_is_not_sent_ahead(field: str) -> None:
    values = {"original_url": "a.glb", "retopo_url": "b.glb", field: " "}
    with pytest.raises(InvalidRequest):
        planned("bake-texture", **values)


@pytest.mark.parametrize(
    ("made", "file_type"), [("glb", "GLB"), ("obj", "OBJ"), ("stl", None), ("fbx", None)]
)
def test_a_result_is_handed_on_as_it_is_in_a_format_that_is_taken(
    made: str, file_type: str | None
) -> None:
    repair = Step("repair", {"model_file": "a.glb", "output_format": made})
    first, *helpers, last = after(repair, "topology", "file_url", file_type="OBJ")
    assert [job.request.operation for job in helpers] == ([] if file_type else ["convert"])
    before = helpers[0] if helpers else first
    assert job_of(last.request.values["file_url"]) == before.id
    assert last.request.values["file_type"] == (file_type or "GLB")
    if helpers:
        assert job_of(helpers[0].request.values["model_file"]) == first.id


@pytest.mark.parametrize(
    ("operation", "field", "ends", "ahead"),
    [
        ("topology", "file_url", ".glb?X-Amz-Expires=1", False),
        ("topology", "file_url", ".obj", False),
        ("topology", "file_url", ".FBX?a=.glb", True),
        ("topology", "file_url", "", False),
        ("topology", "file_url", ".blend", False),
        ("texture-edit", "file_url", ".fbx", False),
        ("texture-edit", "file_url", ".glb", True),
        ("bake-texture", "original_url", ".obj", True),
        ("bake-texture", "retopo_url", ".obj", False),
        ("bake-texture", "retopo_url", ".zip", True),
    ],
)
def test_an_address_of_another_format_goes_ahead(
    operation: str, field: str, ends: str, ahead: bool
) -> None:
    more = {
        "topology": {},
        "texture-edit": {"prompt": "oak"},
        "bake-texture": {"original_url": ADDRESS, "retopo_url": ADDRESS},
    }[operation]
    address = f"https://files.example.org/model{ends}"
    plan = planned(operation, **{**more, field: address})
    assert [job.request.values["model_file"] for job in plan.upload_proxies] == [address] * ahead


@pytest.mark.parametrize(
    ("ends", "told", "file_type"),
    [
        ("glb", {}, "GLB"),
        ("OBJ", {}, "OBJ"),
        ("stl", {}, "GLB"),
        ("obj", {"file_type": "GLB"}, "GLB"),
    ],
)
def test_an_address_says_its_format(ends: str, told: dict[str, str], file_type: str) -> None:
    plan = planned("topology", file_url=f"https://files.example.org/model.{ends}", **told)
    assert plan.last.request.values["file_type"] == file_type


def test_results_that_are_handed_on_as_files_get_their_address_of_the_cheap_tool() -> None:
    steps = [
        Step("repair", {"model_file": "a.glb"}),
        Step("optimize", {"model_file": PREVIOUS}),
        Step("topology", {"file_url": PREVIOUS}),
    ]
    plan = make_plan(steps, hand_over=HandOver.FILE)
    assert names(plan) == ["repair", "optimize", "convert", "topology"]
    by_address = [link.by_address for job in plan.jobs for link in job.links.values()]
    assert by_address == [False, False, True]
    assert names(make_plan(steps)) == ["repair", "optimize", "topology"]


def test_an_exported_model_is_uploaded_once() -> None:
    steps = [
        Step("repair", {"model_file": "main"}),
        Step("bake-texture", {"original_url": "main", "retopo_url": PREVIOUS}),
    ]
    sent, repair, bake = make_plan(steps, {"main": placeholder(Path("/m.glb"))}).jobs
    assert [job.export is not None for job in (sent, repair, bake)] == [True, False, False]
    assert job_of(repair.request.values["model_file"]) == sent.id
    assert job_of(bake.request.values["original_url"]) == sent.id


def test_problems_of_all_steps_are_told_at_once() -> None:
    steps = [
        Step("topology", {"file_url": "a.glb", "face_level": "none"}),
        Step("render", {"model_file": PREVIOUS}),
        Step("texture-edit", {"file_url": PREVIOUS}),
    ]
    with pytest.raises(InvalidRequest) as told:
        make_plan(steps)
    assert [problem.field for problem in told.value.problems] == [
        "face_level",
        "file_url",
        "prompt",
    ]
    with pytest.raises(UnknownOperation):
        planned("topologie", file_url="a.glb")


def test_files_are_looked_for_and_an_export_is_not(tmp_path: Path) -> None:
    picture = str(tmp_path / "gone.png")
    plan = planned("topology", file_url=str(tmp_path / "gone.glb"))
    with pytest.raises(MissingFile, match=r"gone\.glb"):
        check_inputs(plan)
    steps = [Step("texture-edit", {"file_url": "main", "image": picture})]
    exported = make_plan(steps, {"main": placeholder(tmp_path / "main.glb")})
    with pytest.raises(MissingFile) as missing:
        check_inputs(exported)
    assert [problem.field for problem in missing.value.problems] == ["image"]


def address_fields() -> list[tuple[str, Field, AddressOnly]]:
    return [
        (operation.name, field, field.encoder)
        for operation in operations()
        for field in operation.fields
        if isinstance(field.encoder, AddressOnly)
    ]


@pytest.mark.parametrize(
    ("operation", "field", "way"),
    address_fields(),
    ids=[f"{name}-{field.name}" for name, field, _ in address_fields()],
)
def test_what_the_catalogue_says_of_addresses_holds(
    operation: str, field: Field, way: AddressOnly
) -> None:
    assert field.kind is Kind.MODEL
    assert get(way.via).result_format(way.via_values) in way.takes
    if way.format_field:
        told = get(operation).field(way.format_field)
        assert {choice.value.lower() for choice in told.choices} == set(way.takes)


def kept(store: Store, tmp_path: Path, plan: Plan, **more: Any) -> list[Any]:
    return store_plan(store, plan, name="a", service_address="http://s", folder=tmp_path, **more)


def test_all_jobs_are_kept_and_know_their_place(world: World, tmp_path: Path) -> None:
    plan = planned("bake-texture", original_url="a.glb", retopo_url="b.glb")
    jobs = kept(world.store, tmp_path, plan, origin=Origin(OpenFile("x")), enters=Enters.MODELS)
    assert [job.id for job in jobs] == [job.id for job in plan.jobs]
    assert [job.origin for job in jobs] == [
        Origin(OpenFile("x"), chain=ChainPlace(plan.last.id, 1, 1, last, helper=not last))
        for last in (False, False, True)
    ]
    assert [job.wants_prepared for job in jobs] == [False, False, True]
    assert sum(job.estimate for job in jobs) == plan.credits


def test_all_or_none_are_kept(world: World, tmp_path: Path) -> None:
    world.store._db.execute(
        "CREATE TRIGGER full BEFORE INSERT ON jobs WHEN NEW.operation = 'topology'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        kept(world.store, tmp_path, planned("topology", file_url="a.glb"))
    assert world.store.everything() == []


def test_another_runner_goes_on_where_the_first_ended(world: World, tmp_path: Path) -> None:
    model = tmp_path / "a.glb"
    model.write_bytes(glb())
    world.server.on("POST", CONVERT, json_answer({"task_id": "t-1"}, 201))
    world.server.on("POST", TOPOLOGY, json_answer({"task_id": "t-2"}, 201))
    world.status(PENDING)
    world.status(PENDING, task_id="t-2")
    plan = planned("topology", file_url=str(model))
    helper, own = store_plan(
        world.store, plan, name="a", service_address=world.server.address, folder=tmp_path / "out"
    )
    world.until(helper, State.PENDING)
    world.runner = world.new_runner()
    world.status(world.finished(("there.glb", "3D_MODEL")))
    world.serve("there.glb", glb())
    world.until(own, State.PENDING)
    posts = [asked for asked in world.server.asked if asked.method == "POST"]
    assert [asked.path for asked in posts] == [CONVERT, TOPOLOGY]
    assert f"{world.server.address}/there.glb".encode() in posts[1].body


def test_what_nobody_but_a_person_or_blender_can_go_on_with(world: World, tmp_path: Path) -> None:
    helper, own = kept(world.store, tmp_path, planned("topology", file_url="a.glb"))
    assert not stands_still(world.store, own)
    world.store.change(helper.id, State.SUBMITTING)
    world.store.change(helper.id, State.UNKNOWN)
    assert stands_still(world.store, own)
    export = Export(tmp_path / "m.blend", tmp_path / "m.glb")
    steps = [Step("topology", {"file_url": "main"})]
    exporting, last = kept(world.store, tmp_path, make_plan(steps, {"main": export}))
    assert needs_export(world.store, exporting)
    assert needs_export(world.store, last)
    assert not needs_export(world.store, own)
