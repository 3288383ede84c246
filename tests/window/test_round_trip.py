"""Sending the selected object back, by hand: repair and bake it, swap, undo and redo."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow

SETUP = """
settings = bpy.context.scene.studio3d
settings.repair.quality = "low"
settings.repair.texture_resolution = 256
settings.bake_texture.texture_resolution = 256
bpy.ops.object.select_all(action="SELECT")
bpy.ops.object.delete()
bpy.ops.mesh.primitive_monkey_add(location=(1, 2, 3))
bpy.ops.ed.undo_push(message="Monkey")
"""

PLACED = "any(o.get('studio3d_job') for o in bpy.context.scene.objects)"
SHOWN = "sorted(o.name for o in bpy.context.scene.objects if o.visible_get())"
POLYGONS = "len(bpy.data.objects['Suzanne'].data.polygons)"
MONKEY = 500


@pytest.fixture
def artist(open_window: OpenWindow, sandbox: Sandbox, tmp_path: Path) -> Artist:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1300))
    artist = Artist(window)
    window.execute(SETUP)
    window.open_sidebar(TAB)
    window.widen_sidebar(160)
    window.click_text("Tools", window.region())
    window.settle()
    window.wait_for_text("Check First", window.region())
    return artist


def test_repair_swap_undo_and_redo(artist: Artist) -> None:
    window = artist.window
    window.screenshot("tools-before")
    window.click_text("Check First", window.region())
    window.wait_for_text("Not watertight", window.region())
    press_send(artist, "repair")
    window.wait_until(PLACED, 120)
    window.settle()
    assert window.evaluate(SHOWN) == ["Suzanne"]
    assert window.evaluate(POLYGONS) > MONKEY
    window.screenshot("tools-after-repair")

    window.click_text("Swap Original", window.region())
    window.wait_until(f"{POLYGONS} == {MONKEY}")
    assert window.evaluate(SHOWN) == ["Suzanne"]
    window.screenshot("tools-after-swap")

    artist.in_viewport("ctrl+z")  # the swap
    window.wait_until(f"{POLYGONS} > {MONKEY}")
    artist.in_viewport("ctrl+z")  # the result: one step takes all of it back
    window.wait_until(f"not {PLACED}")
    assert window.evaluate(SHOWN) == ["Suzanne"]
    assert window.evaluate(POLYGONS) == MONKEY
    assert artist.scene_objects() == ["Suzanne"]
    artist.in_viewport("ctrl+shift+z")
    window.wait_until(PLACED)
    assert window.evaluate(POLYGONS) > MONKEY
    assert artist.scene_objects() == ["Suzanne", "Suzanne Original"]
    assert window.evaluate("row(rows()[0].job.id).job.state") == "PLACED"


def test_bake_and_undo(artist: Artist) -> None:
    window = artist.window
    window.execute(
        "bpy.context.object.data.materials.append(bpy.data.materials.new('Fur'))\n"
        "bpy.ops.mesh.primitive_uv_sphere_add(segments=16, ring_count=8, location=(1, 2, 3))\n"
        "bpy.data.objects['Suzanne'].select_set(True)\n"
        "bpy.context.scene.studio3d.tool = 'bake-texture'\n"
        "bpy.ops.ed.undo_push(message='Sphere')"
    )
    window.wait_for_text("Low Poly", window.region())
    window.wait_for_text("High Poly", window.region())
    press_send(artist, "bake-texture")
    window.wait_until(PLACED, 180)
    window.settle()
    window.screenshot("tools-after-bake")
    assert window.evaluate("bpy.data.objects['Sphere'].material_slots[0].material is not None")
    assert window.evaluate(SHOWN) == ["Sphere", "Suzanne"]
    artist.in_viewport("ctrl+z")
    window.wait_until(f"not {PLACED}")
    assert artist.scene_objects() == ["Sphere", "Suzanne"]


def press_send(artist: Artist, operation: str) -> None:
    """Click the panel's large button, the lowest place its words are at."""
    window = artist.window
    label = window.evaluate(f"part('catalog').get({operation!r}).label")
    window.wait_for_text(label, window.region())
    window.click(window.find_text(label, window.region())[-1].center)
    window.wait_until(f"any(r.job.operation == {operation!r} for r in rows())")
