"""Views of the selected object, tools without the sidebar, and the status bar, by mouse."""

from pathlib import Path

import pytest
from PIL import Image

from tests.sandboxes import Sandbox, Sandboxes
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import BlenderWindow, Rect

pytestmark = pytest.mark.newest

VIEWS = "[getattr(bpy.context.scene.studio3d.views, s) for s in ('front','left','back','right')]"
STATUS_HEIGHT = 30


def status_bar(window: BlenderWindow) -> Rect:
    """The lowest line of the screen."""
    return Rect(0, window.display.height - STATUS_HEIGHT, window.display.width, STATUS_HEIGHT)


GLOW = """
nodes = bpy.data.objects["Cube"].data.materials[0].node_tree.nodes
nodes.clear()
output, light = nodes.new("ShaderNodeOutputMaterial"), nodes.new("ShaderNodeEmission")
nodes.id_data.links.new(light.outputs[0], output.inputs["Surface"])
"""
"""A surface that a few samples tell all of: what is rendered well is not asked here."""


def test_views_of_the_selected_object(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute(GLOW)
    window.execute("bpy.context.scene.studio3d.mode = 'MULTI_VIEW'")
    window.execute("bpy.ops.ed.undo_push(message='Multi-View')")
    sidebar = window.open_sidebar(TAB)
    window.click_text("From Selected", within=sidebar)
    window.wait_for_text("Rendering View", within=sidebar)
    window.wait_for_text("Rendering View", within=status_bar(window))
    window.screenshot("views-rendering")
    window.wait_until(f"all({VIEWS})", 240)
    window.wait_for_text("From Selected", within=sidebar)
    window.screenshot("views-rendered")
    for path in window.evaluate(VIEWS):
        with Image.open(path) as picture:
            assert picture.size == (1024, 1024)
    artist.in_viewport("ctrl+z")
    window.wait_until(f"not any({VIEWS})")


def test_without_the_sidebar_and_with_two_windows(
    open_window: OpenWindow, tmp_path: Path, sandboxes: Sandboxes
) -> None:
    sandbox = sandboxes.start(time_scale=0.2)  # long enough to read the status bar meanwhile
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute("bpy.ops.wm.window_new()")
    window.wait_until("len(bpy.context.window_manager.windows) == 2")
    job = artist.submit("a red chair")
    window.wait_for_text("a red chair", within=status_bar(window))
    artist.wait_for(job, "PLACED", 120)
    # Blender's own line about it is gone after some seconds; this stays until it is looked at.
    window.wait_for_text("1 result ready", within=status_bar(window))
    window.screenshot("status-bar-told")
    # It lies over the first: this screen has no window manager.
    window.execute(
        "with bpy.context.temp_override(window=bpy.context.window_manager.windows[1]):\n"
        "    bpy.ops.wm.window_close()"
    )
    window.click_text("1 result ready", within=status_bar(window))
    window.wait_for_text("Placed")
    window.screenshot("status-bar-list")
    window.wait_until("not part('blender.runtime.notifications').unread()")
    window.key("Escape")

    window.click(window.region("VIEW_3D", "WINDOW").center, button=3)
    window.wait_for_text("Shade Smooth")
    window.click_text("3D AI Studio")
    window.click_text("Repair")
    window.wait_for_text("credits")
    window.screenshot("tool-dialog")
    window.click_text("Send")
    window.wait_until("any(r.job.operation == 'repair' for r in rows())")
