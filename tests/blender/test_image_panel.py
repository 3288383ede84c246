"""The Image and Miniature panels: every field drawn, ordered as shown, pictures on to 3D."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ADDRESS

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return paint(tmp_path / "chair.png")


def paint(path: Path) -> Path:
    """A small picture file."""
    image = bpy.data.images.new(path.stem, 8, 8)
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return path


def draw(panel: str) -> RecordingLayout:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    drawn: Any = getattr(bpy.types, f"STUDIO3D_PT_{panel}")
    drawn.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def finished(store: Any, *pictures: Path, operation: str = "image-gemini3pro") -> Any:
    """A picture job that has ended well."""
    state, result_file = part("jobs.states").State, part("jobs.job").ResultFile
    request = part("catalog").build_request(operation, {"prompt": "a brass lamp"})
    job = store.add(
        request, name="a brass lamp", estimate=50, service_address=ADDRESS, folder=Path("/results")
    )
    for step in (state.SUBMITTING, state.PENDING, state.DOWNLOADING):
        store.change(job.id, step)
    files = tuple(result_file(path, "IMAGE") for path in pictures)
    return store.change(job.id, state.READY, files=files, task_id="task")


def test_every_field_of_every_picture_operation_is_drawn(settings: Any) -> None:
    names, drafts = part("blender.settings.field_properties"), part("blender.settings.panel_drafts")
    offered = part("blender.settings.properties").picture_operations()
    assert {operation.name for operation in offered} >= {"image-gemini3pro", "remove-bg"}
    for operation in offered:
        settings.picture_operation = operation.name
        drawn = {name for _, name in draw("image").properties}
        for field in drafts.picture_form(settings).visible_fields():
            assert drawn & set(names.define(field)), f"{operation.name} {field.name}"


def test_every_field_of_the_miniature_is_drawn(settings: Any) -> None:
    names, drafts = part("blender.settings.field_properties"), part("blender.settings.panel_drafts")
    settings.miniature.scale = "custom"
    drawn = {name for _, name in draw("miniature").properties}
    fields = drafts.group_draft(settings, part("catalog").Group.FLOW).visible_fields()
    assert "scale_height_cm" in {field.name for field in fields}
    for field in fields:
        assert drawn & set(names.define(field)), field.name


def test_a_picture_is_made_from_words(store: Any, settings: Any) -> None:
    with pytest.raises(RuntimeError, match="Write a prompt first"):
        ops.studio3d.generate_picture()
    settings.pictures.prompt = "a brass lamp"
    settings.image_gemini3pro.num_images = 2
    assert "100 credits" in draw("image").text
    assert ops.studio3d.generate_picture() == {"FINISHED"}
    (job,) = store.all()
    assert (job.operation, job.mode, job.name) == ("image-gemini3pro", "TEXT", "a brass lamp")
    assert (job.estimate, job.wants_prepared, job.values["num_images"]) == (100, False, 2)
    assert "images" not in job.values


def test_the_price_of_the_whole_way_stands_before_the_first_click(settings: Any) -> None:
    settings.picture_operation, settings.engine_image = "image-seedream", "trellis"
    trellis = part("catalog").get("trellis")
    price = part("blender.settings.properties").draft_of(settings, trellis, "IMAGE").estimate()
    words = f"Then a model from one picture: {price.total} credits with {trellis.label}"
    assert words in draw("image").text
    settings.picture_operation = "image-enhance"
    assert "Then a model" not in draw("image").text


def test_given_pictures_are_changed(store: Any, settings: Any, picture: Path) -> None:
    settings.pictures.images_1 = str(picture)
    with pytest.raises(RuntimeError, match="Write a prompt first"):
        ops.studio3d.generate_picture()
    settings.pictures.prompt = "make it blue"
    ops.studio3d.generate_picture()
    (job,) = store.all()
    assert (job.mode, job.values["images"]) == ("IMAGE", (str(picture),))


def test_prompt_and_pictures_stay_when_the_engine_changes(settings: Any, picture: Path) -> None:
    drafts = part("blender.settings.panel_drafts")
    settings.pictures.prompt, settings.pictures.images_1 = "make it blue", str(picture)
    for name in ("image-gemini3pro", "image-seedream"):
        settings.picture_operation = name
        draft = drafts.picture_draft(settings)
        assert draft.operation.name == name
        assert (draft.values["prompt"], draft.values["images"]) == ("make it blue", (str(picture),))
    settings.pictures.image = str(picture)
    for name in ("remove-bg", "image-enhance"):
        settings.picture_operation = name
        assert drafts.picture_draft(settings).values["image"] == str(picture)


def test_a_tool_for_pictures_names_its_button(store: Any, settings: Any, picture: Path) -> None:
    settings.picture_operation = "remove-bg"
    with pytest.raises(RuntimeError, match="Choose an image first"):
        ops.studio3d.generate_picture()
    settings.pictures.image = str(picture)
    assert "studio3d.generate_picture" in draw("image").buttons()
    ops.studio3d.generate_picture()
    assert store.all()[0].operation == "remove-bg"


def test_a_miniature_is_made_from_a_photo(store: Any, settings: Any, picture: Path) -> None:
    with pytest.raises(RuntimeError, match="Choose an image first"):
        ops.studio3d.make_miniature()
    settings.miniature.image = str(picture)
    settings.miniature.preset = "realistic_animal"
    settings.miniature.scale = "h0"
    ops.studio3d.make_miniature()
    (job,) = store.all()
    assert (job.operation, job.estimate, job.wants_prepared) == ("miniature", 300, True)
    assert (job.values["preset"], job.values["scale"]) == ("realistic_animal", "h0")


def test_a_made_picture_goes_on_to_3d(store: Any, settings: Any, tmp_path: Path) -> None:
    first, second = paint(tmp_path / "one.png"), paint(tmp_path / "two.png")
    assert "Pictures" not in draw("image").labels
    job = finished(store, first, second)
    layout = draw("image")
    assert "studio3d.show_pictures" in layout.buttons(job.id)
    uses = [given.filepath for name, given in layout.operators if name == "studio3d.use_picture"]
    assert uses == [str(first), str(second)]
    ops.studio3d.use_picture(filepath=uses[1])
    assert (settings.mode, settings.image) == ("IMAGE", str(second))
    draft = part("blender.settings.properties").generate_draft(settings)
    assert draft.values["image"] == str(second)


def test_made_pictures_are_opened_in_this_file(store: Any, tmp_path: Path) -> None:
    job = finished(store, paint(tmp_path / "one.png"), paint(tmp_path / "two.png"))
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert ops.studio3d.show_pictures(job_id=job.id) == {"FINISHED"}
    assert sorted(Path(image.filepath).name for image in bpy.data.images) == ["one.png", "two.png"]


def test_a_picture_that_is_gone_changes_nothing(settings: Any, tmp_path: Path) -> None:
    settings.mode = "TEXT"
    assert ops.studio3d.use_picture(filepath=str(tmp_path / "gone.png")) == {"CANCELLED"}
    assert (settings.mode, settings.image) == ("TEXT", "")
