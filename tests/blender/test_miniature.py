"""The Miniature panel: a size that prints, and what an order has brought, be it under way."""

import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.dialogs import dialog
from tests.blender.results import ADDRESS
from tests.blender.test_image_panel import draw, paint

ops: Any = bpy.ops  # the stubs know no operators of extensions

FILES = (
    ("me-scaled-3d-model.glb", "SCALED_3D_MODEL"),
    ("me-archive.zip", "ARCHIVE"),
    ("me-3d-model.glb", "3D_MODEL"),
    ("me-edited-image.png", "EDITED_IMAGE"),
)


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


@pytest.fixture
def icons(extension: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture has an icon, as in a window: in the background Blender makes none."""
    previews = part("blender.widgets.previews")
    monkeypatch.setattr(previews, "icon_of", lambda path: 1 if path else 0)


def ordered(store: Any, folder: Path, state: str, *names: str, **values: Any) -> Any:
    """A miniature as far as ``state``, of which those files have come."""
    states, result_file = part("jobs.states").State, part("jobs.job").ResultFile
    given = {"image": str(folder / "me.png"), "preset": "v4_miniature_general", **values}
    request = part("catalog").build_request("miniature", given)
    job = store.add(
        request, name="me", estimate=300, service_address=ADDRESS, folder=folder / "results"
    )
    kinds = dict(FILES)
    files = tuple(result_file(folder / n, kinds[n], {}, i) for i, n in enumerate(names))
    way = ("SUBMITTING", "PENDING", "RUNNING", "DOWNLOADING", "READY")
    for name in way[: way.index(state) + 1]:
        job = store.change(job.id, states(name), files=files, task_id="task")
    return job


@pytest.mark.parametrize(
    ("scale", "other", "words"),
    [
        ("custom", "", "100 mm high"),
        ("h0", "", "20.1 mm for a person of 1.75 m"),
        ("g", "", "77.8 mm for a person of 1.75 m"),
        ("OTHER", "1:150", "11.7 mm for a person of 1.75 m"),
        ("none", "", "Without a scale nothing comes in the size of a print"),
        ("OTHER", "small", ""),
    ],
)
def test_the_panel_says_how_large_it_gets(
    settings: Any, scale: str, other: str, words: str
) -> None:
    settings.miniature.scale, settings.miniature.scale_other = scale, other
    text = draw("miniature").text
    assert words in text
    assert (" mm " in text) == (" mm " in words)


def test_the_panel_begins_with_a_size_that_prints_and_costs_no_more(
    settings: Any, store: Any, tmp_path: Path
) -> None:
    settings.miniature.image = str(paint(tmp_path / "me.png"))
    ops.studio3d.make_miniature()
    (job,) = store.all()
    assert (job.values["scale"], job.values["scale_height_cm"]) == ("custom", 10.0)
    assert job.estimate == 300
    known = part("recipes.saved").Recipes()
    job = ordered(store, tmp_path, "SUBMITTING")
    part("blender.settings.loading").load_order(settings, [job], known)
    assert settings.miniature.scale == "none"


@pytest.mark.parametrize("state", ["RUNNING", "DOWNLOADING"])
@pytest.mark.usefixtures("icons")
def test_the_styled_picture_stands_beside_the_photo_before_the_model_is_there(
    store: Any, settings: Any, tmp_path: Path, state: str
) -> None:
    paint(tmp_path / "me.png")
    job = ordered(store, tmp_path, state, "me-edited-image.png")
    paint(tmp_path / "me-edited-image.png")
    layout = draw("miniature")
    assert layout.pictures == 2
    assert [word for word in layout.labels if word in {"Before", "After"}] == ["Before", "After"]
    assert "Newest Result" in layout.labels
    shown = dialog("job_details", "STUDIO3D_OT_job_details", "", job_id=job.id)
    assert {"Before", "After"} <= set(shown.labels)


def test_results_are_sorted_and_named(store: Any, settings: Any, tmp_path: Path) -> None:
    paint(tmp_path / "me-edited-image.png")
    job = ordered(store, tmp_path, "READY", *(name for name, _ in FILES), scale="h0")
    named = [
        "Styled Picture, PNG",
        "Model, GLB",
        "Model in Print Size, GLB, 20.1 mm for a person of 1.75 m",
        "OBJ in Print Size, ZIP",
    ]
    panel = draw("miniature")
    for layout in (panel, dialog("job_details", "STUDIO3D_OT_job_details", "", job_id=job.id)):
        places = [layout.text.index(words) for words in named]
        assert places == sorted(places)
        assert layout.buttons().count("studio3d.open_result") == 1
        assert layout.buttons().count("studio3d.save_result") == len(FILES)


def test_an_archive_is_saved_elsewhere(store: Any, tmp_path: Path) -> None:
    archive = tmp_path / "me-archive.zip"
    archive.write_bytes(b"PK\x03\x04")
    kept = tmp_path / "kept"
    kept.mkdir()
    save = ops.studio3d.save_result
    assert save(source=str(archive), filepath=str(kept / "figure")) == {"FINISHED"}
    assert (kept / "figure.zip").read_bytes() == archive.read_bytes()
    shutil.rmtree(kept)
    assert save(source=str(archive), filepath=str(kept / "figure.zip")) == {"CANCELLED"}
    assert ops.studio3d.open_result(source=str(tmp_path / "gone.zip")) == {"CANCELLED"}


def test_the_paid_stl_says_its_unit_after_the_way_that_costs_nothing(settings: Any) -> None:
    bpy.ops.mesh.primitive_cube_add()
    settings.tool, settings.convert.output_format = "convert", "stl"
    text = draw("tools").text
    assert text.index("export with Print instead") < text.index("This STL is in meters")
    settings.convert.output_format = "obj"
    assert "This STL" not in draw("tools").text
