"""A model is checked, looked at, mended, put on a base and written for a slicer, by mouse."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import until
from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow, Rect

pytestmark = pytest.mark.newest

OpenWindow = Callable[..., BlenderWindow]

SETUP = """
bpy.ops.object.select_all(action="SELECT")
bpy.ops.object.delete()
bpy.context.scene.unit_settings.scale_length = 0.001
bpy.context.scene.unit_settings.length_unit = "MILLIMETERS"
bpy.ops.mesh.primitive_monkey_add(size=30.0)
bust = bpy.context.object
bust.name = "Bust"
view = area("VIEW_3D").spaces.active
view.clip_end = 10000.0
view.region_3d.view_location, view.region_3d.view_distance = (40.0, 0.0, 0.0), 220.0
bpy.ops.ed.undo_push(message="Bust")
"""
TWO_COLORS = """
bust = bpy.data.objects["Bust"]
for name, color in (("Red", (0.8, 0.05, 0.02, 1.0)), ("Blue", (0.02, 0.1, 0.8, 1.0))):
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = color
    bust.data.materials.append(material)
for face in bust.data.polygons:
    face.material_index = int(face.center.z > 0.0)
bust.data.update()
"""
MESH = "bpy.data.objects['Bust'].data"
WORK = "part('blender.runtime.print_work')"
HEIGHT = "bpy.data.objects['Bust'].dimensions.z"
VIEW = "area('VIEW_3D').spaces.active.region_3d"
DISTANCE = f"{VIEW}.view_distance"


def test_from_a_bust_with_holes_to_a_file_for_a_slicer(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    opened = slicer_that_notes_its_file(tmp_path)
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1200, 1850))
    window.execute(f"import os; os.environ['PATH'] += {f'{os.pathsep}{opened.parent}'!r}")
    artist = Artist(window)
    window.execute(SETUP)
    window.execute(f"bpy.context.scene.studio3d.printing.folder = {str(tmp_path / 'prints')!r}")
    window.open_sidebar(TAB)
    sidebar = window.widen_sidebar(120)
    window.click_text("Generate", sidebar)  # room for the findings
    window.click_text("Print", sidebar)
    window.wait_for_text("1:35, 50.0 mm", sidebar)
    window.screenshot("print-panel")

    window.click_text("Set Size", sidebar)
    window.wait_until("abs(bpy.data.objects['Bust'].dimensions.z - 50.0) < 0.01")
    window.click_text("Check", sidebar)
    window.wait_for_text("Open edges", sidebar)
    window.screenshot("print-findings")
    window.click_text("Open edges", sidebar)
    window.wait_until("bpy.context.mode == 'EDIT_MESH'")
    window.screenshot("print-edges")
    assert window.evaluate(f"{MESH}.total_edge_sel") == 42
    window.wait_until(f"{DISTANCE} < 150.0")  # it was 220: the edges have come into view

    window.click_text("Overhangs", sidebar)
    window.wait_until("bpy.context.mode == 'OBJECT'")
    window.wait_for_text("Hide Marks", sidebar)
    window.screenshot("print-heat")
    window.click_text("Hide Marks", sidebar)

    before = window.evaluate(f"len({MESH}.polygons)")
    window.click_text("Fix", sidebar)
    window.click_text("Fix Here", sidebar)
    window.wait_for_text("holes closed", sidebar)
    window.screenshot("print-fixed")
    assert window.evaluate(f"len({MESH}.polygons)") > before
    artist.in_viewport("ctrl+z")
    window.wait_until(f"len({MESH}.polygons) == {before}")
    window.wait_for_text("Changed since", sidebar)
    artist.in_viewport("ctrl+shift+z")
    window.wait_until(f"len({MESH}.polygons) > {before}")

    add_base(window, sidebar)
    window.click_text("Export", sidebar)
    show_colors(window, sidebar)
    window.click_text("Export for Slicer", sidebar)
    window.wait_for_text("Written", sidebar)
    window.screenshot("print-written")
    written = tmp_path / "prints" / "Bust.3mf"
    assert written.stat().st_size > 1000

    open_in_slicer(window, sidebar)
    until(opened.exists, usual=10, what="the slicer")
    assert Path(opened.read_text().strip()) == written


def add_base(window: BlenderWindow, sidebar: Rect) -> None:
    """Put the model on one."""
    window.click_text("Base", sidebar)
    window.screenshot("print-base-form")
    window.click_text("Add Base", sidebar)
    window.wait_until(f"bool({WORK}.told()) and not {WORK}.progress() and {HEIGHT} > 51.0")
    window.screenshot("print-base")
    window.click_text("Base", sidebar)


def open_in_slicer(window: BlenderWindow, sidebar: Rect) -> None:
    """Choose the one that was found."""
    window.click_text("Open in Slicer", sidebar)
    window.click_text("OrcaSlicer")
    window.wait_for_text("Opened in OrcaSlicer", sidebar)


def slicer_that_notes_its_file(folder: Path) -> Path:
    """Put a slicer onto the PATH; returns the file it will write the name of its own into."""
    program = folder / "programs" / "orca-slicer"
    program.parent.mkdir()
    opened = program.with_name("opened")
    program.write_text(f'#!/bin/sh\necho "$1" > {opened}.part\nmv {opened}.part {opened}\n')
    program.chmod(0o755)
    return opened


def show_colors(window: BlenderWindow, sidebar: Rect) -> None:
    """Look at the model in the colors of two filaments."""
    window.execute(TWO_COLORS)
    window.click_text("Filament Colors", sidebar)
    window.click_text("Show Filament Colors", sidebar)
    window.wait_for_text("Shares of the surface", sidebar)
    window.settle()
    window.screenshot("print-colors")
