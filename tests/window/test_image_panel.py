"""From words to a picture to a model in the sidebar, by mouse and keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow

pytestmark = pytest.mark.newest

OpenWindow = Callable[..., BlenderWindow]


def test_a_picture_from_words_becomes_the_start_of_a_model(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1400))
    artist = Artist(window)
    sidebar = window.open_sidebar(TAB)
    # A click on its name closes the panel above, so that this one has room.
    window.click(window.wait_for_text("Generate", within=sidebar).center)
    prompt = window.open_panel("Image", sidebar, shows="What to show")
    window.enter_text(prompt.center, "a red chair")
    window.wait_until("bpy.ops.studio3d.generate_picture.poll()")
    window.screenshot("image-panel")
    window.click(window.wait_for_text("Generate Image", within=sidebar).center)
    window.wait_until("len(rows()) == 1")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "READY")
    window.click(window.wait_for_text("Use for 3D", within=sidebar).center)
    window.wait_until("bpy.context.scene.studio3d.mode == 'IMAGE'")
    assert Path(window.evaluate("bpy.context.scene.studio3d.image")).is_file()
    window.screenshot("image-panel-result")


def test_a_photo_is_judged_and_becomes_a_miniature(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    """What it lacks stands below it; what is made of it beside it, when that is there."""
    light, dark = tmp_path / "me.png", tmp_path / "night.png"
    photo = Image.new("RGB", (400, 600), (205, 210, 220))
    ImageDraw.Draw(photo).polygon([(200, 60), (290, 560), (110, 560)], fill=(170, 40, 45))
    photo.save(light)
    photo.point(lambda value: value // 8).save(dark)
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1400))
    artist = Artist(window)
    sidebar = window.open_sidebar(TAB)
    window.click(window.wait_for_text("Generate", within=sidebar).center)
    window.open_panel("Miniature", sidebar, shows="Make Miniature")
    for words in ("Preset", "Edition", "Scale", "100 mm", "300", "Make Miniature"):
        window.wait_for_text(words, within=sidebar)
    own = "bpy.context.scene.studio3d.miniature"
    window.execute(f"{own}.edition = 'fast'; {own}.scale = 'h0'")
    field = window.wait_for_text("Photo File", within=sidebar).center
    window.enter_text(field, str(dark))
    window.wait_for_text("dark all over", within=sidebar)
    window.wait_for_text("20.1 mm", within=sidebar)
    window.screenshot("miniature-panel")
    window.enter_text(field, str(light))
    window.wait_until(f"{own}.image == {str(light)!r}")
    window.click_text("Make Miniature", sidebar)
    window.wait_for_text("Cancel")  # it says what it costs, and has the button under the mouse
    window.key("Return")
    window.wait_until("len(rows()) == 1")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "PLACED")
    for words in ("After", "Styled Picture", "Model, GLB", "OBJ in Print Size"):
        window.wait_for_text(words, within=sidebar)
    window.screenshot("miniature-results")
