"""The Print panel: selected objects are checked, sized, mended and written, on this machine."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bmesh
import bpy
import numpy as np
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ops, own_home
from tests.patience import until


@pytest.fixture
def settings(extension: ModuleType, tmp_path: Path) -> Iterator[Any]:
    """What the panel is set to; no key is needed."""
    with own_home(tmp_path):
        chosen = part("blender.settings.properties").settings_of(bpy.context).printing
        chosen.folder = str(tmp_path / "prints")
        yield chosen
        part("blender.runtime.print_marks").hide()


def work() -> Any:
    return part("blender.runtime.print_work")


def add_box(size: float = 20.0, *, units: float = 0.001, open_at: int | None = None) -> Any:
    """A cube of so many millimetres, selected, in a scene of ``units`` metres; with a face gone."""
    bpy.context.scene.unit_settings.scale_length = units
    side = size / 1000.0 / units
    bpy.ops.mesh.primitive_cube_add(size=side, location=(3 * side, -side, side / 2))
    box: Any = bpy.context.object
    if open_at is not None:
        shape = bmesh.new()
        shape.from_mesh(box.data)
        shape.faces.ensure_lookup_table()
        bmesh.ops.delete(shape, geom=[shape.faces[open_at]], context="FACES_ONLY")
        shape.to_mesh(box.data)
        shape.free()
    bpy.context.view_layer.update()
    return box


def wait() -> None:
    watch = part("blender.runtime.job_monitor")
    until(
        lambda: not watch.poll_once(bpy.context).expects_more, usual=60, what="the background work"
    )


def press(operator: str, **options: Any) -> None:
    assert getattr(ops.studio3d, operator)(**options) == {"FINISHED"}
    wait()
    assert work().trouble() == ""


def found_of(obj: Any) -> Any:
    selection = part("blender.scene.export_selection").whole(bpy.context)
    assert selection.main == obj
    return work().checked(selection)


def kinds(found: Any) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in found.findings}


def draw() -> RecordingLayout:
    layout = RecordingLayout()
    drawn: Any = bpy.types.STUDIO3D_PT_print
    drawn.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def height_of(obj: Any) -> float:
    """Millimetres of an object as it stands, from its vertices alone."""
    bpy.context.view_layer.update()
    shown = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    heights: list[float] = [(shown.matrix_world @ vertex.co).z for vertex in shown.data.vertices]
    metres: float = bpy.context.scene.unit_settings.scale_length
    return (max(heights) - min(heights)) * metres * 1000.0


def test_a_hole_is_found_selected_and_mended(settings: Any) -> None:
    box = add_box(open_at=3)
    box.data.materials.append(bpy.data.materials.new("Brass"))
    sent, place = box.data, box.matrix_world.copy()
    press("print_check")
    found = found_of(box)
    assert kinds(found)["open_edges"] == 4
    assert found.figures["sides"] == pytest.approx([20.0, 20.0, 20.0], abs=1e-3)
    layout = draw()
    assert any("4" in text for text in layout.texts)

    assert ops.studio3d.print_finding(kind="open_edges") == {"FINISHED"}
    assert box.mode == "EDIT"
    assert tuple(bpy.context.scene.tool_settings.mesh_select_mode) == (False, True, False)
    shape = bmesh.from_edit_mesh(box.data)
    assert {e.index for e in shape.edges if e.select} == {
        e.index for e in shape.edges if e.is_boundary
    }

    press("print_fix")
    assert box.mode == "OBJECT"
    assert bpy.context.object == box
    assert box.data.name == "Cube"
    assert box.data is not sent
    assert [m.name for m in box.data.materials] == ["Brass"]
    assert len(bpy.data.materials) == 1
    assert box.matrix_world == place
    assert height_of(box) == pytest.approx(20.0, abs=1e-3)
    assert "1 holes closed" in work().told()
    assert not kinds(found_of(box)).get("open_edges")
    selection = part("blender.scene.export_selection").whole(bpy.context)
    assert not work().is_stale(selection, found_of(box))


def test_what_was_found_grows_stale_and_ends_with_the_file(settings: Any) -> None:
    box = add_box()
    press("print_check")
    assert draw().text.count("Changed since") == 0
    box.scale.x = 2.0
    bpy.context.view_layer.update()
    assert "Changed since" in draw().text
    box.scale.x = 1.0
    bpy.context.view_layer.update()
    assert "Changed since" not in draw().text
    box.data.vertices[0].co.x += 1.0
    box.data.update()
    bpy.context.view_layer.update()
    assert "Changed since" in draw().text
    found = found_of(box)
    assert found.marks.exists()
    bpy.ops.wm.read_homefile(use_empty=True)
    assert not found.marks.exists()


def test_what_no_printer_is_large_enough_for_does_not_print_as_it_is(settings: Any) -> None:
    for size, words in ((20.0, "it prints as it is"), (2000.0, "It fits on no known printer")):
        add_box(size)
        press("print_check")
        assert words in draw().text


def test_walls_are_shown_by_how_thin_they_are(settings: Any) -> None:
    box = add_box()
    box.scale.z = 0.02
    bpy.context.view_layer.update()
    press("print_check")
    assert kinds(found_of(box))["thin_walls"] == 2
    assert ops.studio3d.print_finding(kind="thin_walls") == {"FINISHED"}
    marks = part("blender.runtime.print_marks").shown()
    assert box.mode == "OBJECT"
    assert marks.places.shape == (4, 3, 3)
    assert np.abs(marks.places).max() == pytest.approx(10.0, abs=1e-3)  # in its own coordinates
    assert marks.heat == pytest.approx(np.full(4, 1.0 - 0.4 / 0.8), abs=0.01)
    assert draw().buttons().count("studio3d.print_hide_marks") == 1
    box.select_set(False)
    assert draw().buttons().count("studio3d.print_hide_marks") == 1
    box.select_set(True)
    assert ops.studio3d.print_finding(kind="thin_walls") == {"FINISHED"}
    assert part("blender.runtime.print_marks").shown() is None


def test_what_modifiers_make_becomes_a_version(settings: Any) -> None:
    box = add_box(open_at=3)
    box.modifiers.new("Smooth", "SUBSURF").levels = 1
    bpy.context.view_layer.update()
    before = height_of(box)
    press("print_check")
    assert ops.studio3d.print_finding(kind="open_edges") == {"FINISHED"}
    assert box.mode == "OBJECT"  # its own mesh has other edges: they are drawn over it
    assert part("blender.runtime.print_marks").shown().places.shape == (8, 2, 3)
    press("print_fix")
    made = bpy.context.object
    assert made != box
    assert made.name == "Cube"
    assert not made.modifiers
    assert box.hide_viewport
    assert height_of(made) == pytest.approx(before, abs=1e-3)
    assert not kinds(found_of(made)).get("open_edges")


def test_two_objects_are_one_model(settings: Any) -> None:
    first = add_box()
    second = add_box()
    second.location.x += 10.0
    first.select_set(True)
    bpy.context.view_layer.objects.active = first
    bpy.context.view_layer.update()
    press("print_check")
    found = found_of(first)
    assert found.figures["sides"] == pytest.approx([30.0, 20.0, 20.0], abs=1e-3)
    assert "self_intersections" in kinds(found)
    second.select_set(False)
    assert found_of(first) is None  # of this one alone nothing is known


def test_what_a_length_of_0_stands_for_is_said(settings: Any) -> None:
    add_box()
    assert draw().labels.count("Lengths in millimeters; 0 is automatic") == 1  # of a base


def test_a_base_is_joined_below(settings: Any) -> None:
    box = add_box()
    settings.base.bevel = 4.0
    mesh = box.data
    assert ops.studio3d.print_base() == {"FINISHED"}
    wait()
    assert "The bevel is too large for the base." in work().trouble()
    assert box.data is mesh
    settings.base.text = "Anna"
    settings.base.bevel = 0.5
    settings.base.height = 5.0
    press("print_base")
    assert height_of(box) == pytest.approx(24.8, abs=0.01)
    lowest = min((box.matrix_world @ vertex.co).z for vertex in box.data.vertices)
    assert lowest == pytest.approx(0.0, abs=1e-3)
    assert found_of(box).figures["watertight"]


def test_a_base_is_joined_to_parts_that_cut_through_each_other(settings: Any) -> None:
    bpy.context.scene.unit_settings.scale_length = 0.001
    bpy.ops.mesh.primitive_monkey_add(size=40.0)
    head: Any = bpy.context.object
    before = height_of(head)
    press("print_base")
    assert height_of(head) == pytest.approx(before + 2.8, abs=0.01)


def test_a_body_becomes_hollow(settings: Any) -> None:
    box = add_box()
    settings.hollow.wall = 2.0
    press("print_hollow")
    assert "g saved" in work().told()
    assert found_of(box).figures["watertight"]
    assert found_of(box).figures["volume"] < 20.0**3 * 0.7
    assert height_of(box) == pytest.approx(20.0, abs=1e-3)


def test_what_is_larger_than_the_printer_becomes_parts(settings: Any) -> None:
    box = add_box(130.0)
    box.scale = (1.0, 0.2, 0.2)
    box.location.z = 0.0
    bpy.context.view_layer.update()
    foot = min((box.matrix_world @ vertex.co).z for vertex in box.data.vertices)
    assert ops.studio3d.print_split() == {"CANCELLED"}
    settings.limits.printer = "voron-0"
    press("print_split")
    assert box.hide_viewport
    holder = bpy.context.object
    assert holder.name == "Cube"
    assert len(holder.children) == 2
    bpy.context.view_layer.update()
    for piece in holder.children:
        places = np.array([(piece.matrix_world @ v.co)[:] for v in piece.data.vertices])
        assert places[:, 2].min() == pytest.approx(foot, abs=1e-3)
        assert np.ptp(places, axis=0).max() < 120.0
    versions = part("blender.scene.versions")
    assert len(versions.of(bpy.context.scene, holder)) == 2
    assert sorted(piece.name for piece in holder.children) == ["Cube 1", "Cube 2"]
    assert "2 parts" in work().told()
    for settings.arrange in (False, True):  # each part is a model of its own, on a bed or not
        settings.formats = {"3mf"}
        press("print_export")
        with zipfile.ZipFile(work().written()[0]) as package:
            model = package.read("3D/3dmodel.model").decode()
        assert model.count("<item ") == model.count("<mesh>") == 2
        assert all(f'"Cube {number}"' in model for number in (1, 2))
        holder.select_set(False)  # the parts alone do as well
    bpy.data.objects.remove(holder)
    assert work().told() == ""


def test_several_models_and_copies_are_written_side_by_side(settings: Any) -> None:
    first = add_box()
    first.name = "Anna"
    add_box(10.0)
    first.select_set(True)
    settings.formats, settings.arrange, settings.plate.copies = {"stl"}, True, 2
    settings.limits.printer = "prusa-mini"
    press("print_export")
    (file,) = work().written()
    assert len(file.read_bytes()) == 84 + 50 * 12 * 4


def test_voxels_too_small_for_the_size_are_refused(settings: Any) -> None:
    add_box(2000.0)
    settings.mending.voxel = 0.1
    assert ops.studio3d.print_fix() == {"CANCELLED"}
    assert work().progress() == ""


def test_what_was_edited_meanwhile_is_kept(settings: Any) -> None:
    box = add_box(open_at=3)
    assert ops.studio3d.print_fix() == {"FINISHED"}
    box.data.vertices[0].co.x += 1.0
    mesh = box.data
    wait()
    assert "changed meanwhile" in work().trouble()
    assert box.data is mesh
    assert len(bpy.data.meshes) == 1


@pytest.mark.parametrize("units", [1.0, 0.01, 0.001])
def test_sizes_are_exact_in_every_scene(settings: Any, units: float) -> None:
    box = add_box(137.3, units=units)
    box.rotation_euler = (0.3, -0.7, 1.1)
    box.scale = (1.0, 0.4, 1.7)
    for scale in part("printing.scales").SCALES:
        settings.scale = scale.key
        for real in (1.75, 0.31):
            settings.real = real
            assert ops.studio3d.print_size() == {"FINISHED"}
            assert height_of(box) == pytest.approx(real * 1000.0 / scale.ratio, abs=0.1)
    settings.scale, settings.height = "custom", 54.0
    assert ops.studio3d.print_size() == {"FINISHED"}
    assert height_of(box) == pytest.approx(54.0, abs=0.01)
    assert tuple(box.scale) == pytest.approx(tuple(box.scale[0] * s for s in (1.0, 0.4, 1.7)))


def test_a_size_is_said_with_its_scale(settings: Any) -> None:
    settings.scale = "h0"
    assert "H0 1:87, 20.1 mm for 1.75 m" in draw().text
    settings.scale, settings.height = "custom", 20.114
    assert "H0 1:87, 20.1 mm" in draw().text
    settings.height = 54.0
    assert "1:32.41, 54.0 mm" in draw().text


def test_the_foot_stays_where_it_stands(settings: Any) -> None:
    box = add_box(100.0, units=1.0)
    settings.scale, settings.height = "custom", 50.0
    assert ops.studio3d.print_size() == {"FINISHED"}
    bpy.context.view_layer.update()
    corners = [box.matrix_world @ vertex.co for vertex in box.data.vertices]
    assert min(corner.z for corner in corners) == pytest.approx(0.0, abs=1e-6)
    assert sum(corner.x for corner in corners) / 8 == pytest.approx(0.3, abs=1e-5)


def test_what_keys_say_stays_and_an_empty_has_the_size(settings: Any) -> None:
    carrier = bpy.data.objects.new("Carrier", None)
    bpy.context.scene.collection.objects.link(carrier)
    carrier.rotation_euler, carrier.scale = (0.4, 0.2, 0.1), (2.0, 2.0, 2.0)
    box = add_box(100.0, units=1.0)
    box.parent = carrier
    box.keyframe_insert("scale", frame=1)
    before = (tuple(box.location), tuple(box.scale))
    settings.scale = "custom"
    for height in (50.0, 25.0):
        settings.height = height
        assert ops.studio3d.print_size() == {"FINISHED"}
        assert height_of(box) == pytest.approx(height, abs=0.01)
    assert (tuple(box.location), tuple(box.scale)) == before
    assert box.parent.type == "EMPTY"
    assert box.parent.parent == carrier
    assert len(bpy.data.objects) == 3
    bpy.context.scene.frame_set(5)
    assert height_of(box) == pytest.approx(25.0, abs=0.01)


def test_a_rig_is_scaled_with_what_it_bends(settings: Any) -> None:
    rig = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(rig)
    box = add_box(100.0, units=1.0)
    box.modifiers.new("Rig", "ARMATURE").object = rig
    settings.scale, settings.height = "custom", 50.0
    assert ops.studio3d.print_size() == {"FINISHED"}
    assert height_of(box) == pytest.approx(50.0, abs=0.01)
    assert tuple(rig.scale) == pytest.approx((0.5, 0.5, 0.5))


def test_what_is_held_by_a_constraint_is_told(settings: Any) -> None:
    box = add_box(100.0, units=1.0)
    limit = box.constraints.new("LIMIT_SCALE")
    limit.use_min_x = limit.use_min_y = limit.use_min_z = True
    limit.min_x = limit.min_y = limit.min_z = 1.0
    settings.scale, settings.height = "custom", 50.0
    assert ops.studio3d.print_size() == {"CANCELLED"}
    assert tuple(box.scale) == (1.0, 1.0, 1.0)


def test_files_are_in_millimetres(settings: Any) -> None:
    box = add_box(units=1.0)
    box.name = "Anna / Otto"
    settings.formats = {"stl", "3mf", "obj"}
    press("print_export")
    files = work().written()
    assert sorted(file.suffix for file in files) == [".3mf", ".obj", ".stl"]
    assert {file.parent for file in files} == {Path(settings.folder)}
    stl = next(file for file in files if file.suffix == ".stl")
    triangles = np.frombuffer(stl.read_bytes()[84:], dtype=np.uint8).reshape(-1, 50)
    corners = triangles[:, 12:48].copy().view("<f4").reshape(-1, 3)
    assert np.ptp(corners, axis=0) == pytest.approx([20.0, 20.0, 20.0], abs=1e-3)
    assert "Written" in draw().text
    assert not any(work().is_strange(file) for file in files)
    stl.write_bytes(b"a project that was saved over it")
    assert [file for file in files if work().is_strange(file)] == [stl]


@pytest.mark.posix("its slicers are shell scripts, in places where Linux has them")
def test_slicers_are_found_and_started_with_the_file(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    slicers = part("blender.runtime.slicers")
    assert slicers.find() == {}
    add_box()
    assert ops.studio3d.print_slicers() == {"CANCELLED"}
    for place in ("bin/orca-slicer", "Applications/PrusaSlicer-2.9.AppImage"):
        program = tmp_path / place
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            f'#!/bin/sh\necho "$1" > {tmp_path}/opened.part\n'
            f"/bin/mv {tmp_path}/opened.part {tmp_path}/opened\n"
        )
        program.chmod(0o755)
    assert set(slicers.find()) == {"orca", "prusa"}
    press("print_slice", slicer="orca")
    opened = tmp_path / "opened"
    until(opened.exists, usual=10, what="the slicer")
    assert Path(opened.read_text().strip()).suffix == ".3mf"
    assert "OrcaSlicer" in work().told()


def test_nothing_selected_says_why(settings: Any) -> None:
    assert not ops.studio3d.print_check.poll()
    assert "Select an object" in draw().text


def two_colored(box: Any) -> None:
    """Red on one side of its middle, blue on the other."""
    for name, color in (("Red", (0.8, 0.0, 0.0, 1.0)), ("Blue", (0.0, 0.0, 0.8, 1.0))):
        material = bpy.data.materials.new(name)
        material.use_nodes = True
        material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = color
        box.data.materials.append(material)
    for face in box.data.polygons:
        face.material_index = int(face.center.x > 0.0)


def test_the_colors_of_filaments_are_shown_and_written(settings: Any) -> None:
    box = add_box(units=1.0)
    two_colored(box)
    settings.paint, settings.filaments = True, 2
    press("print_colors")
    marks = part("blender.runtime.print_marks").shown()
    assert marks.obj == box.session_uid
    colors = {tuple(color) for color in np.round(marks.colors, 2).tolist()}
    assert len(colors) == 2
    assert marks.places.reshape(-1, 3).max() == pytest.approx(0.01, abs=1e-5)
    drawn = part("blender.panels.print_marks").colors_of(marks)
    assert drawn.shape == (3 * len(marks.places), 4)
    assert "%" in work().told()
    assert "Shares of the surface" in work().told()
    settings.formats = {"3mf"}
    press("print_export")
    (file,) = work().written()
    with zipfile.ZipFile(file) as package:
        models = [name for name in package.namelist() if name.endswith(".model")]
        text = "".join(package.read(name).decode() for name in models)
    assert "paint_color" in text
    settings.palette = "#ffffff, nonsense"
    assert ops.studio3d.print_colors() == {"CANCELLED"}
    settings.palette = "#ffffff, #000000"
    press("print_colors")
    assert "#ffffff" in work().told()
