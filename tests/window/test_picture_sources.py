"""A picture of the viewport becomes what the Generate panel starts from, by mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow, Point

pytestmark = pytest.mark.newest

OpenWindow = Callable[..., BlenderWindow]

FROM_RIGHT = 45
"""From the sidebar's right edge to the arrow that opens the menu, in pixels."""


def test_what_the_viewport_shows_fills_the_image_field(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.execute("bpy.context.scene.studio3d.mode = 'IMAGE'")
    sidebar = window.open_sidebar(TAB)
    field = window.wait_for_text("Image File", within=sidebar)
    window.click(Point(sidebar.left + sidebar.width - FROM_RIGHT, field.center.y))
    window.wait_for_text("Take Picture From")
    window.screenshot("picture-sources")
    window.key("v")
    path = Path(window.wait_until("bpy.context.scene.studio3d.image"))
    with Image.open(path) as picture:
        assert picture.size[0] > 300
        colors = picture.convert("RGB").getcolors(picture.size[0] * picture.size[1])
    assert colors is not None
    assert len(colors) > 3  # the cube and its background, not one flat color
    assert window.evaluate("area('VIEW_3D').spaces.active.overlay.show_overlays")
    window.screenshot("picture-from-viewport")
    window.key("ctrl+z")


def test_a_dropped_picture_is_offered_to_generate(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    Image.new("RGB", (64, 64), "red").save(tmp_path / "chair.png")
    window.open_sidebar(TAB)
    window.execute(
        "with override('VIEW_3D', 'WINDOW'):\n"
        f"    bpy.ops.wm.drop_import_file('INVOKE_DEFAULT', directory={str(tmp_path)!r},"
        " files=[{'name': 'chair.png'}])"
    )
    # Blender's own drop of a picture stays in reach.
    window.wait_for_text("Image to Empty")
    window.screenshot("drop-picture")
    window.click(window.wait_for_text("3D from Image").center)
    window.wait_until("bpy.context.scene.studio3d.image.endswith('chair.png')")
    assert window.evaluate("bpy.context.scene.studio3d.mode") == "IMAGE"
