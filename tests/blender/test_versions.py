"""All versions of an object: shown one at a time, each at its place in the strip, one kept."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home
from tests.blender.round_trips import select
from tests.blender.test_replace_original import answered, exported, sent

ops: Any = bpy.ops  # the stubs know no operators of extensions

Object = bpy.types.Object


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path) -> Iterator[Any]:
    """A job list whose service nobody asks: the tests play its part."""
    with own_home(tmp_path) as opened:
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        yield opened


def cube(name: str, x: float = 0.0) -> Object:
    bpy.ops.mesh.primitive_cube_add(location=(x, 0, 0))
    made = bpy.context.object
    assert made is not None
    made.name = name
    return made


def answer(store: Any, folder: Path, tool: str, *objects: Object, size: float = 1.0) -> Object:
    """Send the objects to the tool, and have its answer placed; gives what took the place."""
    select(*objects)
    job = answered(store, sent(tool), folder, size)
    assert job.state == "PLACED", job.failure
    found: list[Object] = [o for o in bpy.context.scene.objects if o.get("studio3d_job") == job.id]
    return found[0]


def versions(obj: Object | None = None) -> list[tuple[str, str, bool]]:
    """Name, label and whether it is shown, as the strip has them."""
    bpy.context.view_layer.update()
    active = bpy.context.view_layer.objects.active if obj is None else obj
    found = part("blender.scene.versions").of(bpy.context.scene, active)
    return [(one.object.name, one.label, one.is_shown) for one in found]


def seen() -> set[str]:
    bpy.context.view_layer.update()
    return {obj.name for obj in bpy.context.scene.objects if obj.visible_get()}


def chain(store: Any, folder: Path) -> list[Object]:
    """A crate that was repaired, and of what came back the polygons reduced."""
    crate = cube("Crate")
    repaired = answer(store, folder, "repair", crate)
    reduced = answer(store, folder, "optimize", repaired)
    return [crate, repaired, reduced]


def test_every_version_of_a_chain_is_reached_and_stays_at_its_place(
    store: Any, tmp_path: Path
) -> None:
    crate, repaired, reduced = chain(store, tmp_path)
    assert versions() == [
        ("Crate Original", "Original", False),
        ("Crate Repair", "Repair", False),
        ("Crate", "Optimize", True),
    ]
    reduced.location.x = 7.0
    assert ops.studio3d.show_version(version="Crate Original") == {"FINISHED"}
    assert versions() == [
        ("Crate", "Original", True),
        ("Crate Repair", "Repair", False),
        ("Crate Optimize", "Optimize", False),
    ]
    assert bpy.context.object == crate
    assert crate.location.x == 7.0
    assert ops.studio3d.show_version(version="Crate Repair") == {"FINISHED"}
    assert seen() == {"Crate"}
    assert [shown for *_, shown in versions()] == [False, True, False]
    assert repaired.location.x == 7.0
    assert ops.studio3d.show_version(version="Gone") == {"CANCELLED"}


def test_swap_goes_between_the_shown_version_and_its_latest_result(
    store: Any, tmp_path: Path
) -> None:
    chain(store, tmp_path)
    told = []
    for _ in range(3):
        assert ops.studio3d.swap() == {"FINISHED"}
        told.append(next(label for _, label, shown in versions() if shown))
    assert told == ["Repair", "Optimize", "Repair"]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_keep_removes_all_others_and_nothing_else(store: Any, tmp_path: Path, kept: int) -> None:
    objects = chain(store, tmp_path)
    other = cube("Other", 9.0)
    select(objects[2])
    assert ops.studio3d.keep(version=objects[kept].name) == {"FINISHED"}
    assert set(bpy.data.objects) == {objects[kept], other}
    assert seen() == {"Crate", "Other"}
    assert versions(objects[kept]) == []
    assert objects[kept].get("studio3d_replaced") is None
    assert not ops.studio3d.keep.poll()


def test_two_answers_to_one_object_are_both_its_versions(store: Any, tmp_path: Path) -> None:
    """Ordered one after the other, before the first is there: the second has its place as well."""
    crate = cube("Crate")
    label = bpy.data.objects.new("Label", None)
    bpy.context.scene.collection.objects.link(label)
    label.parent = crate
    select(crate)
    first, second = sent("repair"), sent("optimize")
    answered(store, first, tmp_path, 1.0)
    bpy.data.objects["Crate"].location.x = 5.0
    assert answered(store, second, tmp_path, 2.0).state == "PLACED"
    assert versions() == [
        ("Crate Original", "Original", False),
        ("Crate Repair", "Repair", False),
        ("Crate", "Optimize", True),
    ]
    assert seen() >= {"Crate"}
    assert not seen() & {"Crate Original", "Crate Repair"}
    assert bpy.data.objects["Crate"].location.x == 5.0
    assert label.parent == bpy.data.objects["Crate"]
    assert ops.studio3d.keep() == {"FINISHED"}
    assert set(bpy.data.objects) == {bpy.data.objects["Crate"], label}


def test_an_answer_to_an_older_version_takes_the_place_of_the_shown_one(
    store: Any, tmp_path: Path
) -> None:
    crate, *_ = chain(store, tmp_path)
    ops.studio3d.show_version(version="Crate Original")
    answer(store, tmp_path, "repair", crate)
    assert [label for _, label, _ in versions()] == ["Original", "Repair", "Optimize", "Repair"]
    assert [shown for *_, shown in versions()] == [False, False, False, True]
    assert len(seen()) == 1


def test_renamed_saved_and_opened_again(store: Any, tmp_path: Path) -> None:
    *_, reduced = chain(store, tmp_path)
    reduced.name = "Chest"
    path = str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    select(bpy.data.objects["Chest"])
    assert [(label, shown) for _, label, shown in versions()] == [
        ("Original", False), ("Repair", False), ("Optimize", True),
    ]  # fmt: skip
    assert ops.studio3d.show_version(version="Crate Original") == {"FINISHED"}
    assert seen() == {"Chest"}  # it has the name that the artist gave
    assert ops.studio3d.keep() == {"FINISHED"}
    assert [obj.name for obj in bpy.data.objects] == ["Chest"]


@pytest.mark.parametrize("gone", [0, 1])
def test_a_version_deleted_by_hand_leaves_the_others_in_reach(
    store: Any, tmp_path: Path, gone: int
) -> None:
    objects = chain(store, tmp_path)
    bpy.context.scene.collection.objects.unlink(objects[gone])  # as X does: links keep it
    labels = ["Original", "Repair", "Optimize"]
    del labels[gone]
    assert [label for _, label, _ in versions()] == labels
    assert ops.studio3d.swap() == {"FINISHED"}
    assert ops.studio3d.swap() == {"FINISHED"}
    assert ops.studio3d.keep() == {"FINISHED"}
    assert set(bpy.data.objects) == {objects[2]}


def test_the_shown_version_deleted_by_hand(store: Any, tmp_path: Path) -> None:
    crate, repaired, reduced = chain(store, tmp_path)
    bpy.data.objects.remove(reduced)
    bpy.context.view_layer.objects.active = repaired
    assert [(label, shown) for _, label, shown in versions()] == [
        ("Original", False), ("Repair", False),
    ]  # fmt: skip
    assert ops.studio3d.show_version(version=crate.name) == {"FINISHED"}
    assert seen() == {crate.name}


def test_a_copy_keeps_what_it_was_made_from(store: Any, tmp_path: Path) -> None:
    crate = cube("Crate")
    repaired = answer(store, tmp_path, "repair", crate)
    select(repaired)
    bpy.ops.object.duplicate()
    copy = bpy.context.object
    copy.location.x = 6.0
    assert copy != repaired
    assert seen() == {repaired.name, copy.name}
    assert ops.studio3d.show_version(version=crate.name) == {"FINISHED"}
    assert repaired.visible_get()
    assert crate.location.x == 6.0
    select(repaired)
    assert ops.studio3d.keep() == {"FINISHED"}
    assert repaired.name in bpy.data.objects
    assert crate.visible_get()  # it stands for the copy now, and is nobody's leftover
    assert versions(repaired) == []


def test_what_was_sent_together_goes_and_comes_together(store: Any, tmp_path: Path) -> None:
    lid, box = cube("Lid", 3.0), cube("Box")
    whole = answer(store, tmp_path, "repair", lid, box)
    assert seen() == {"Box"}
    assert ops.studio3d.show_version(version="Box Original") == {"FINISHED"}
    assert seen() == {"Box", "Lid"}
    select(lid)
    assert [shown for *_, shown in versions()] == [True, False]  # from what went along as well
    assert ops.studio3d.show_version(version=whole.name) == {"FINISHED"}
    assert seen() == {"Box"}
    reduced = answer(store, tmp_path, "optimize", whole)
    assert ops.studio3d.show_version(version="Box Original") == {"FINISHED"}
    assert seen() == {"Box", "Lid"}
    select(box)
    assert ops.studio3d.show_version(version=reduced.name) == {"FINISHED"}
    assert ops.studio3d.keep() == {"FINISHED"}
    assert set(bpy.data.objects) == {reduced}


def test_keeping_the_original_keeps_what_was_sent_with_it(store: Any, tmp_path: Path) -> None:
    lid, box = cube("Lid", 3.0), cube("Box")
    answer(store, tmp_path, "repair", lid, box)
    assert ops.studio3d.keep(version=box.name) == {"FINISHED"}
    assert set(bpy.data.objects) == {lid, box}
    assert seen() == {"Lid", "Box"}
    assert versions(lid) == []


def test_parts_are_a_version_like_others(store: Any, tmp_path: Path) -> None:
    crate = cube("Crate")
    select(crate)
    answered(store, sent("segment"), tmp_path, 2.0, 1.0)
    whole = bpy.data.objects["Crate"]
    assert versions(whole)[0] == ("Crate Original", "Original", False)
    select(whole)
    ops.studio3d.show_version(version=crate.name)
    assert seen() == {"Crate"}
    assert ops.studio3d.keep() == {"FINISHED"}
    assert set(bpy.data.objects) == {crate}


def test_what_is_linked_has_none(store: Any, tmp_path: Path) -> None:
    chain(store, tmp_path)
    path = str(tmp_path / "kit.blend")
    bpy.data.libraries.write(path, set(bpy.data.objects))
    bpy.ops.wm.read_homefile(use_empty=True)
    load: Any = bpy.data.libraries.load  # the stubs do not know what it returns
    with load(path, link=True) as (_, wanted):
        wanted.objects = ["Crate"]
    bpy.context.scene.collection.objects.link(wanted.objects[0])
    bpy.context.view_layer.objects.active = wanted.objects[0]
    assert versions() == []
    assert not ops.studio3d.swap.poll()


# -- what is drawn -------------------------------------------------------------------------


def draw_tools() -> RecordingLayout:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    panel: Any = bpy.types.STUDIO3D_PT_tools
    panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def test_the_strip_has_a_button_for_each_and_marks_the_shown(store: Any, tmp_path: Path) -> None:
    objects = chain(store, tmp_path)
    for index in (2, 0):
        select(objects[index])
        ops.studio3d.show_version(version=objects[index].name)
        bpy.context.view_layer.update()
        layout = draw_tools()
        shown = [
            (given.version, given.depress)
            for name, given in layout.operators
            if name == "studio3d.show_version"
        ]
        assert [name for name, _ in shown] == [obj.name for obj in objects]
        assert [marked for _, marked in shown] == [number == index for number in range(3)]
        assert "studio3d.keep" in layout.buttons()
        assert "studio3d.swap" not in layout.buttons()


def test_the_question_says_what_goes_and_what_can_come_back(store: Any, tmp_path: Path) -> None:
    chain(store, tmp_path)
    bpy.context.view_layer.update()
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    keep = part("blender.operators.versions").STUDIO3D_OT_keep
    itself = SimpleNamespace(layout=layout, version="")
    itself.find = keep.find.__get__(itself)
    keep.draw(itself, bpy.context)
    assert "Removed from this file: Crate Original, Crate Repair" in layout.text
    assert "Undo brings them back" in layout.text
    assert "import again: Crate Repair." in layout.text
    assert "gone for good then: Crate Original." in layout.text


def test_what_is_sent_has_a_picture_and_so_has_the_original(store: Any, tmp_path: Path) -> None:
    crate = cube("Crate")
    select(crate)
    job = sent("repair")
    exported(job, tmp_path)
    picture = Path(job.export.blend).with_suffix(".png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    answered(store, job, tmp_path, 1.0)
    current = part("blender.runtime.build_snapshot").refresh(bpy.context)
    found = part("blender.scene.versions").of(bpy.context.scene, bpy.context.object)
    of = part("blender.widgets.versions")._picture
    assert of(found, found[0]) == str(picture)
    assert current.sent_pictures[job.id] == str(picture)


def test_jobs_of_the_file_are_known_when_they_are_off_the_list(store: Any, tmp_path: Path) -> None:
    repaired = answer(store, tmp_path, "repair", cube("Crate"))
    job_id = repaired["studio3d_job"]
    store.take_off_list(job_id)
    current = part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert job_id not in {row.job.id for row in current.rows}
    assert current.row(job_id).job.id == job_id
