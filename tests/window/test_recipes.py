"""What is done with results, chosen by mouse before ordering: a recipe, its price, its files."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.till import Till
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import Point

pytestmark = pytest.mark.newest

THEN = "bpy.context.scene.studio3d.then"


def test_a_recipe_is_chosen_priced_and_done(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1300))
    artist = Artist(window)
    before = artist.scene_objects()
    window.execute("bpy.context.scene.studio3d.prompt = 'a red barrel'")
    window.open_sidebar(TAB)
    sidebar = window.widen_sidebar(160)
    window.click(window.open_panel("Then", sidebar, shows="Choose Recipe").center)
    window.wait_for_text("Game Prop")
    window.screenshot("recipes-menu")
    window.click_text("Game Prop")
    window.wait_until(f"{THEN}.recipe == 'game-prop'")
    window.wait_for_text("Limit Triangles", within=sidebar)
    window.screenshot("recipes-chosen")
    window.click(window.wait_for_text("Add Paid Step", within=sidebar).center)
    window.click_text("Optimize")
    window.wait_until(f"[one.operation for one in {THEN}.orders] == ['optimize']")
    window.wait_for_text("Optimize", within=sidebar)
    window.wait_for_text("credits Optimize", within=sidebar)
    window.screenshot("recipes-price")
    artist.in_viewport("ctrl+z")  # what comes of paid steps is tried without a window
    window.wait_until(f"not {THEN}.orders and {THEN}.recipe == 'game-prop'")
    _, button = window.find_text("Generate", within=sidebar)
    window.click(button.center)
    window.wait_until("len(rows()) == 1")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "PLACED", usual=180.0)
    window.settle()
    window.screenshot("recipes-placed")
    assert window.evaluate("bpy.context.active_object.name") == "a red barrel"
    made = set(artist.scene_objects()) - set(before)
    assert {name for name in made if "LOD" in name or name.startswith("UCX_")} == {
        "a red barrel_LOD1",
        "a red barrel_LOD2",
        "UCX_a red barrel_00",
    }
    files = window.evaluate("[str(path) for path in rows()[0].job.prepared.made]")
    names = {Path(file).name for file in files}
    assert names >= {"a-red-barrel.glb", "a-red-barrel.fbx", "a-red-barrel-lod1.fbx"}
    assert all(Path(file).is_file() for file in files)


FROM_RIGHT = 52
"""From the sidebar's right edge to the arrow in the line that says how a job ended, in pixels."""

STEPS = f"part('blender.settings.recipe_settings').steps_of({THEN})"


@pytest.mark.fault(
    "The paid step of a recipe fails at the service, in a window",
    "A button ends the order with the model before it; its settings, recipe and steps come back",
)
def test_an_order_whose_paid_step_failed_ends_without_it(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1300))
    Artist(window)
    Till(sandbox).trouble("task-failed", times=1, skip=1)
    window.execute(
        "bpy.context.scene.studio3d.prompt = 'a blue crate'\n"
        "bpy.ops.studio3d.use_recipe(name='game-prop')\n"
        "bpy.ops.studio3d.add_then_order(operation='optimize')"
    )
    sidebar = window.open_sidebar(TAB)
    window.click(window.find_text("Generate", within=sidebar)[-1].center)
    window.wait_until("len(rows()) == 2")
    window.wait_until("'FAILED' in [row.job.state for row in rows()]", 180)
    window.click(window.find_text("Generate", within=sidebar)[0].center)  # room for the list
    window.wait_for_text("Finish Without This Step", within=sidebar)
    window.screenshot("recipes-step-failed")
    window.click(window.wait_for_text("Finish Without This Step", within=sidebar).center)
    window.wait_until("'PLACED' in [row.job.state for row in rows()]", 180)
    window.settle()
    window.screenshot("recipes-finished-without")
    assert window.evaluate("bpy.context.active_object.name") == "a blue crate"
    placed = "next(row.job for row in rows() if row.job.state == 'PLACED')"
    files = window.evaluate(f"[str(path) for path in {placed}.prepared.made]")
    assert {Path(file).name for file in files} >= {"a-blue-crate.glb", "a-blue-crate.fbx"}

    before = window.evaluate(STEPS)
    window.execute("bpy.ops.studio3d.use_recipe(name='draft')")
    words = window.wait_for_text("Failed", within=sidebar)
    window.click(Point(sidebar.left + sidebar.width - FROM_RIGHT, words.center.y))
    window.click_text("Use These")  # a tooltip covers the rest
    window.wait_until(f"{STEPS} == {before!r}")
    window.screenshot("recipes-settings-back")
