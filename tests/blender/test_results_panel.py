"""The results of the past, their pictures, and bringing them in again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import add_job, finish, make_blend

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def store(store: Any) -> Iterator[Any]:
    state = interface()
    state.results_filter, state.results_page = "", 1
    yield store
    state.results_filter, state.results_page = "", 1


def interface() -> Any:
    return part("blender.settings.interface_state").interface_state_of(bpy.context)


def draw(panel: str = "results") -> RecordingLayout:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    drawn: Any = getattr(bpy.types, f"STUDIO3D_PT_{panel}")
    drawn.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def shown() -> Any:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return part("blender.snapshot.snapshot").current().results


def picture_file(path: Path) -> Path:
    image = bpy.data.images.new("p", 8, 8)
    image.file_format = "PNG"
    image.save(filepath=str(path))
    bpy.data.images.remove(image)
    return path


def model(store: Any, folder: Path, name: str, *, preview: bool = True) -> Any:
    """A job with a prepared result, and a small picture of it."""
    job = add_job(store, folder, name=name)
    prepared = make_blend(folder / f"{job.id}.blend", name)
    if preview:
        drawn = picture_file(folder / f"{job.id}-preview.png")
        prepared = replace(prepared, preview=drawn)
    glb = folder / f"{job.id}.glb"
    glb.write_bytes(b"glTF")
    file = part("jobs.job").ResultFile(glb, "3D_MODEL")
    job = finish(store, job, prepared)
    return store.change(job.id, job.state, files=(file,))


def test_it_says_that_there_is_nothing(store: Any) -> None:
    assert draw().labels == ["No results yet"]
    interface().results_filter = "chair"
    assert draw().labels == ["Nothing found"]


def test_each_result_has_a_picture_a_name_and_import(store: Any, tmp_path: Path) -> None:
    lamp = model(store, tmp_path, "Lamp")
    layout = draw()
    assert layout.labels == ["Lamp"]
    assert layout.buttons(lamp.id) == [
        "studio3d.place",
        "studio3d.place_by_click",
        "studio3d.job_menu",
    ]
    (row,) = shown().rows
    assert row.thumbnail == str(lamp.prepared.preview)
    assert row.thumbnail in loaded()


def test_a_result_taken_off_the_list_is_imported_days_later(store: Any, tmp_path: Path) -> None:
    lamp = model(store, tmp_path, "Lamp")
    ops.studio3d.remove(job_id=lamp.id)
    assert part("blender.snapshot.snapshot").current().rows == ()
    assert ops.studio3d.place(job_id=lamp.id) == {"FINISHED"}
    assert [obj.name for obj in bpy.context.scene.objects] == ["Lamp"]
    assert store.get(lamp.id).state == "PLACED"
    assert ops.studio3d.run_again(job_id=lamp.id) == {"FINISHED"}
    assert store.all()[0].id != lamp.id


def test_a_picture_whose_file_is_gone_is_not_asked_for(store: Any, tmp_path: Path) -> None:
    lamp = model(store, tmp_path, "Lamp")
    lamp.prepared.preview.unlink()
    assert [row.thumbnail for row in shown().rows] == [""]


def test_a_model_without_preview_shows_the_services_picture(store: Any, tmp_path: Path) -> None:
    lamp = model(store, tmp_path, "Lamp", preview=False)
    picture = part("jobs.job").ResultFile(picture_file(tmp_path / "view.png"), "IMAGE")
    store.change(lamp.id, lamp.state, files=(*lamp.files, picture))
    assert [row.thumbnail for row in shown().rows] == [str(picture.path)]


def test_pictures_are_opened(store: Any, tmp_path: Path) -> None:
    job = add_job(store, tmp_path, name="Chair")
    file = part("jobs.job").ResultFile(picture_file(tmp_path / "chair.png"), "IMAGE")
    job = finish(store, job, None)
    store.change(job.id, job.state, files=(file,))
    assert draw().buttons(job.id) == ["studio3d.show_pictures", "studio3d.job_menu"]
    assert shown().rows[0].thumbnail == str(file.path)


def test_the_jobs_show_the_picture_as_well(store: Any, tmp_path: Path) -> None:
    lamp = model(store, tmp_path, "Lamp")
    draw("jobs")
    assert str(lamp.prepared.preview) in loaded()


def loaded() -> Any:
    """The pictures that were asked for; without a window Blender gives none an icon."""
    return part("blender.widgets.previews")._Cache.collection


def test_filter_and_pages(store: Any, tmp_path: Path) -> None:
    prepared = make_blend(tmp_path / "one.blend", "One")
    file = part("jobs.job").ResultFile(tmp_path / "one.glb", "3D_MODEL")
    for number in range(10):
        job = finish(store, add_job(store, tmp_path, name=f"Lamp {number}"), prepared)
        store.change(job.id, job.state, files=(file,))
    first = shown()
    assert (len(first.rows), first.page, first.pages, first.total) == (8, 1, 2, 10)
    assert "1 of 2" in draw().labels
    ops.studio3d.results_page(step=-1)
    assert shown().page == 1
    ops.studio3d.results_page(step=1)
    assert [row.job.name for row in shown().rows] == ["Lamp 1", "Lamp 0"]
    ops.studio3d.results_page(step=1)
    assert shown().page == 2
    interface().results_filter = "lamp 7"
    found = shown()
    assert ([row.job.name for row in found.rows], found.page, found.pages) == (["Lamp 7"], 1, 1)
    assert interface().results_page == 1
