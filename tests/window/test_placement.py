"""A result that is to stand on the ground at a given height: ordered, placed, undone, redone."""

from collections.abc import Callable
from pathlib import Path

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow

OpenWindow = Callable[..., BlenderWindow]

SETUP = """
bpy.ops.object.select_all(action="SELECT")
bpy.ops.object.delete()
bpy.ops.mesh.primitive_grid_add(x_subdivisions=40, y_subdivisions=40, size=6.0)
ground = bpy.context.object
for vertex in ground.data.vertices:
    vertex.co.z = 0.15 * vertex.co.x
ground.name = "Ground"
bpy.context.scene.cursor.location = (2.0, 0.0, 3.0)
bpy.context.scene.unit_settings.length_unit = "CENTIMETERS"
choices = bpy.context.scene.studio3d.placement
choices.where, choices.size_by, choices.length = "SURFACE", "HEIGHT", 1.2
bpy.ops.ed.undo_push(message="Ground")
"""

PLACED = "[o for o in bpy.context.scene.objects if o.get('studio3d_job')]"
HEIGHTS = f"[(o.matrix_world @ v.co).z for o in {PLACED} for v in o.data.vertices]"
SHOW_TEXTURES = "area('VIEW_3D').spaces.active.shading.color_type = 'TEXTURE'"


def test_on_the_ground_at_a_given_height_in_one_step(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    variables = environment(tmp_path / "home", sandbox)
    window = open_window(environment=variables, size=(1100, 900))
    artist = Artist(window)
    window.execute(SETUP)
    window.open_sidebar(TAB)
    window.widen_sidebar(120)
    window.click_text("Placement", window.region())
    window.wait_for_text("Surface at Cursor", window.region())
    window.wait_for_text("120 cm", window.region())
    window.screenshot("placement-choices")

    job_id = artist.submit("a red chair")
    window.execute("bpy.context.scene.studio3d.placement.size_by = 'FILE'")
    artist.wait_for(job_id, "PLACED")
    low, high = (window.evaluate(f"{side}({HEIGHTS})") for side in ("min", "max"))
    assert abs(low - 0.3) < 1e-3  # the slope below the cursor
    assert abs(high - low - 1.2) < 1e-3
    window.execute(SHOW_TEXTURES)
    window.settle()
    window.screenshot("placement-on-ground")

    artist.in_viewport("ctrl+z")
    window.wait_until(f"not {PLACED}")
    assert artist.scene_objects() == ["Ground"]
    artist.in_viewport("ctrl+shift+z")
    window.wait_until(f"bool({PLACED})")
    assert abs(window.evaluate(f"min({HEIGHTS})") - low) < 1e-6
    assert artist.job(job_id)["state"] == "PLACED"

    window.execute("bpy.context.scene.cursor.location = (-2.0, 0.0, 3.0)")
    sidebar = window.region()
    window.click(window.wait_for_text("Generate", within=sidebar).center)  # room for the results
    window.click(window.open_panel("Results", sidebar, shows="Import").center)
    window.wait_until(f"len({PLACED}) == 2")
    assert abs(window.evaluate(f"min({HEIGHTS})") + 0.3) < 1e-3
    hud = window.region("VIEW_3D", "HUD")
    window.click_text("Place Generated Model", hud)
    window.settle()
    hud = window.region("VIEW_3D", "HUD")
    window.enter_text(window.wait_for_text("120 cm", hud).center, "240")
    window.wait_until(f"abs(max({HEIGHTS}) - 2.1) < 1e-3")  # adjusted: 2.4 m from -0.3 m
    window.screenshot("placement-adjusted")
    artist.in_viewport("ctrl+z")
    window.wait_until(f"len({PLACED}) == 1")
