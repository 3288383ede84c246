"""Details of a job, and its settings back in the form they came from."""

from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.field_samples import choose_unit, samples
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ADDRESS, add_job
from tests.blender.round_trips import select

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "old chair.png"
    image = bpy.data.images.new("Chair", 130, 130)
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    return str(path)


def starting(operation: Any, mode: Any, picture: str) -> dict[str, Any]:
    """The least there has to be to start from."""
    values: dict[str, Any] = {}
    for field in operation.fields:
        if field.source == mode or field.required:
            values[field.name] = sample(field, samples(field)[0], picture)
    return values


def sample(field: Any, value: Any, picture: str) -> Any:
    """The value, with a picture that exists for one that does not."""
    if field.kind == "IMAGE":
        return picture
    if isinstance(value, dict):
        return dict.fromkeys(value, picture)
    return (picture,) * len(value) if field.kind == "IMAGES" else value


def draft_now(settings: Any, operation: Any, mode: Any) -> Any:
    """What the panel of the operation asks for now."""
    properties, drafts = part("blender.settings.properties"), part("blender.settings.panel_drafts")
    if operation.group.name == "GENERATE":
        return properties.generate_draft(settings)
    if operation.group in properties.PICTURE_GROUPS:
        return drafts.picture_draft(settings)
    if operation.group.name == "MESH_TOOL":
        return part("blender.runtime.tool_orders").tool_draft(
            settings, part("catalog").get(settings.tool)
        )
    return drafts.group_draft(settings, operation.group)


@pytest.mark.parametrize("unit", ["cm", "in"])
def test_every_setting_of_every_operation_comes_back(
    settings: Any, picture: str, unit: str
) -> None:
    """Each value of each field, ordered, something else entered, and taken over again."""
    catalog, loading = part("catalog"), part("blender.settings.loading")
    choose_unit(bpy.context.scene, unit)
    tried = 0
    for operation in catalog.operations():
        for mode in operation.modes or (None,):
            given = starting(operation, mode, picture)
            for field in operation.fields:
                for value in samples(field):
                    values = {**given, field.name: sample(field, value, picture)}
                    try:
                        request = catalog.build_request(operation.name, values, mode)
                    except catalog.InvalidRequest:
                        continue  # not with the rest as it is
                    assert loading.load_request(settings, request) == []
                    draft = draft_now(settings, operation, request.mode)
                    models = {one.name for one in operation.model_fields()} | operation.units()
                    shown = {one.name for one in draft.visible_fields()} - models
                    for name in shown:
                        asked = in_metres(draft.settings.values, operation.field(name))
                        wanted = in_metres(
                            {**operation.defaults(), **request.values}, operation.field(name)
                        )
                        assert alike(asked, wanted), f"{operation.name} {mode} {name}: {values}"
                    assert draft.operation.name == operation.name
                    tried += 1
    assert tried > 300


def in_metres(values: Any, field: Any) -> Any:
    """The field's value; a length in whatever unit it is given, in metres."""
    value = values.get(field.name)
    if not field.length_in or value is None:
        return value
    metres = part("blender.core.units").METRES[values[field.length_in]]
    if isinstance(value, tuple):
        return tuple(float(one) * metres for one in value)
    return value * metres


def alike(one: Any, other: Any) -> bool:
    """The same, or the same length as single precision keeps it."""
    if isinstance(one, float) and isinstance(other, float | int):
        return one == pytest.approx(other, rel=1e-5)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def test_a_failed_job_gives_its_settings_and_placement_back(
    store: Any, settings: Any, picture: str
) -> None:
    settings.placement.size_by, settings.placement.metres = "HEIGHT", 0.3
    values = {"image": picture, "seed": 7, "resolution": "512"}
    ordered = part("jobs.planner").plan_one("trellis", values).last
    request = ordered.request
    origin = part("jobs.origin").Origin(
        placement=part("blender.runtime.submission").placement_of(bpy.context, ordered)
    )
    job = store.add(
        request,
        name="Throne",
        estimate=1,
        service_address=ADDRESS,
        folder=Path("/r"),
        origin=origin,
    )
    store.change(job.id, part("jobs.states").State.FAILED)
    settings.mode, settings.engine_image = "TEXT", "tripo"
    settings.placement.size_by, settings.image = "FILE", ""
    assert ops.studio3d.use_settings(job_id=job.id) == {"FINISHED"}
    assert (settings.mode, settings.engine_image, settings.image) == ("IMAGE", "trellis", picture)
    assert (settings.trellis.use_seed, settings.trellis.seed) == (True, 7)
    assert settings.trellis.resolution == "512"
    assert settings.placement.size_by == "HEIGHT"
    assert settings.placement.metres == pytest.approx(0.3)
    names = part("blender.settings.interface_state").interface_state_of(bpy.context).order_names
    assert names.generate == "Throne"
    Path(picture).unlink()
    assert ops.studio3d.use_settings(job_id=job.id) == {"FINISHED"}
    assert settings.image == ""


def test_the_steps_of_a_chain_come_back(store: Any, settings: Any) -> None:
    bpy.ops.mesh.primitive_cube_add()
    select(bpy.context.object)
    settings.chain.clear()
    settings.texture_model.prompt, settings.repair.quality = "rust", "low"
    for tool in ("repair", "texture-model"):
        settings.chain.add().tool = tool
    settings.apply_modifiers = False
    orders, sending = part("blender.runtime.tool_orders"), part("blender.runtime.tool_submission")
    jobs = sending.send(bpy.context, orders.order_of(bpy.context))
    settings.chain.clear()
    settings.texture_model.prompt, settings.repair.quality = "", "max"
    settings.apply_modifiers = True
    assert ops.studio3d.use_settings(job_id=jobs[0].id) == {"FINISHED"}
    assert [step.tool for step in settings.chain] == ["repair", "texture-model"]
    assert (settings.texture_model.prompt, settings.repair.quality) == ("rust", "low")
    assert not settings.apply_modifiers


def test_a_recipe_comes_back_with_its_paid_steps_and_budget(store: Any, settings: Any) -> None:
    settings.mode, settings.engine_text, settings.prompt = "TEXT", "tencent-rapid", "a crate"
    settings.tool = "repair"
    ops.studio3d.use_recipe(name="hero")
    settings.then.budget = 200
    assert ops.studio3d.generate() == {"FINISHED"}
    jobs = [one for one in store.all() if one.operation != "convert"]
    assert {one.operation for one in jobs} == {"tencent-rapid", "topology"}
    in_use = part("blender.settings.recipe_settings").steps_of
    ordered = in_use(settings.then)
    for job in jobs:  # whichever step is asked
        ops.studio3d.use_recipe(name="draft")
        settings.then.budget, settings.prompt = 0, ""
        assert ops.studio3d.use_settings(job_id=job.id) == {"FINISHED"}
        assert (settings.mode, settings.engine_text) == ("TEXT", "tencent-rapid")
        assert settings.prompt == "a crate"
        assert in_use(settings.then) == ordered
        assert (settings.then.recipe, settings.then.budget) == ("hero", 200)
        # What the recipe ordered is no tool that was chosen.
        assert (settings.tool, len(settings.chain)) == ("repair", 0)
    plain = add_job(store, Path("/r"), prompt="a lamp")
    ops.studio3d.use_settings(job_id=plain.id)
    assert (in_use(settings.then), settings.then.recipe, settings.then.budget) == ("", "", 0)


def test_a_prompt_of_several_lines_becomes_a_text(store: Any, settings: Any) -> None:
    job = add_job(store, Path("/r"), prompt="a lamp\nof brass")
    ops.studio3d.use_settings(job_id=job.id)
    assert settings.prompt_text.as_string() == "a lamp\nof brass"
    assert part("blender.settings.properties").generate_draft(settings).values["prompt"] == (
        "a lamp\nof brass"
    )


def details(store: Any, job: Any) -> str:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    row = part("blender.snapshot.snapshot").current().row(job.id)
    layout = RecordingLayout()
    part("blender.widgets.job_details").draw_details(layout, bpy.context, row)
    return layout.text


def test_details_say_everything(store: Any, picture: str) -> None:
    request = part("catalog").build_request(
        "trellis", {"image": picture, "seed": 7, "textures": False}
    )
    job = store.add(request, name="Throne", estimate=20, service_address=ADDRESS, folder=Path("/r"))
    state = part("jobs.states").State
    store.change(job.id, state.SUBMITTING)
    store.change(job.id, state.PENDING, task_id="task-1", charged=22)
    text = details(store, job)
    for words in ("TRELLIS.2", "Seed 7", "Textures Off", "old chair.png", "22 credits", "task-1"):
        assert words in text, words
    long = "an ornate chest " * 30
    assert " ".join(long.split()) in details(store, add_job(store, Path("/r"), prompt=long))


def test_details_of_every_operation(extension: ModuleType, store: Any, picture: str) -> None:
    catalog = part("catalog")
    for operation in catalog.operations():
        mode = next(iter(operation.modes), None)
        given = {
            field.name: sample(field, samples(field)[0], picture) for field in operation.fields
        }
        words = part("blender.widgets.job_details").value_words
        for field in operation.fields:
            if field.name in given:
                assert words(field, given[field.name], "cm").strip(), field.name
        request = catalog.Request(operation.name, given, mode)
        job = store.add(request, name="a", estimate=1, service_address=ADDRESS, folder=Path("/r"))
        lines = part("blender.widgets.job_details").settings_lines(job)
        assert all(name and value for name, value in lines)


def test_each_form_gets_its_own_placement_back(store: Any, settings: Any, picture: str) -> None:
    values = {"image": picture, "preset": "v4_miniature_general"}
    ordered = part("jobs.planner").plan_one("miniature", values).last
    own = settings.miniature_placement
    own.size_by, own.metres = "LONGEST", 0.2
    placement = part("blender.runtime.submission").placement_of(bpy.context, ordered)
    job = store.add(
        ordered.request,
        name="me",
        estimate=300,
        service_address="http://127.0.0.1:9",
        folder=Path(picture).parent,
        origin=part("jobs.origin").Origin(placement=placement),
    )
    own.size_by, settings.placement.size_by = "FILE", "HEIGHT"
    part("blender.settings.loading").load_order(settings, [job], part("recipes.saved").Recipes())
    assert (own.size_by, settings.placement.size_by) == ("LONGEST", "HEIGHT")
