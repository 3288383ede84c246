"""From words over cheap pictures to a model, and back to what was asked, by mouse and keyboard."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import BlenderWindow, Point, Rect

pytestmark = pytest.mark.newest

SETTINGS = "bpy.context.scene.studio3d"
TO_MORE_LIKE_THIS = 38
"""From the middle of a switch that picks a picture to the button beside it, in pixels."""

TO_NEW_SEED = 243
"""From the left edge of the sidebar to the button that sets a seed, in pixels."""


def test_words_become_pictures_and_the_picked_one_a_model(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1500, 1400))
    artist = Artist(window)
    window.execute(
        f"{SETTINGS}.candidate_engine = 'image-seedream'\n{SETTINGS}.engine_image = 'tencent-rapid'"
    )
    sidebar = open_panel(window, "Candidates")
    prompt = window.wait_for_text("What to show", within=sidebar)
    window.enter_text(prompt.center, "a red chair")
    window.wait_for_text("4 pictures 40, then", within=sidebar)
    window.click(window.wait_for_text("Remove Background", within=sidebar).center)
    window.wait_until(f"{SETTINGS}.cut_out")
    window.screenshot("candidates-price")
    window.click(window.wait_for_text("Make Candidates", within=sidebar).center)
    window.wait_until("len(rows()) == 1")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "READY")
    window.wait_for_text("Show Large", within=sidebar)
    window.screenshot("candidates-gallery", sidebar)

    window.click(window.wait_for_text("Show Large", within=sidebar).center)
    window.screenshot("candidates-large")
    *_, last, _ = window.find_text("Pick")  # below them stands what picking is for
    window.click(last.center)
    window.wait_for_text("Picked")
    window.wait_for_text("39 credits")
    window.screenshot("candidates-large-picked")
    window.key("Escape")

    pick, _ = window.find_text("Pick", within=sidebar)[:2]
    window.execute(f"{SETTINGS}.candidates = 2")
    window.click(Point(pick.center.x + TO_MORE_LIKE_THIS, pick.center.y))
    window.wait_for_text("20 of 9")
    window.screenshot("candidates-more-like-this")
    window.key("Return")
    window.wait_until("len(rows()) == 2")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "READY")
    assert window.evaluate("len(rows()[0].job.values['images'])") == 1
    window.screenshot("candidates-second-round", sidebar)

    window.click(window.wait_for_text("Make Model", within=sidebar).center)
    window.wait_for_text("39 of 9")
    window.screenshot("candidates-to-3d")
    window.key("Return")
    window.wait_until("len(rows()) == 4")
    model = window.evaluate(
        "next(row.job.id for row in rows() if row.job.operation == 'tencent-rapid')"
    )
    artist.wait_for(model, "PLACED")
    window.screenshot("candidates-model")

    look_back(window, sidebar)


def look_back(window: BlenderWindow, sidebar: Rect) -> None:
    """The chair is the active object: the strip has all that led to it."""
    window.execute(f"{SETTINGS}.prompt = 'something else'; {SETTINGS}.candidates = 3")
    window.click(window.wait_for_text("Candidates", within=sidebar).center)
    window.open_panel("Asked Before", sidebar, shows="Hunyuan Rapid takes no seed")
    window.screenshot("asked-before", sidebar)
    engine = window.find_text("Seedream", within=sidebar)[-1]
    window.click(Point(sidebar.left + TO_NEW_SEED, engine.center.y))
    window.wait_until(f"{SETTINGS}.image_seedream.use_seed")
    window.screenshot("asked-before-seed", sidebar)
    *_, oldest = window.find_text("Use Again", within=sidebar)
    window.click(oldest.center)
    window.wait_until(f"{SETTINGS}.prompt == 'a red chair'")
    assert not window.evaluate(f"{SETTINGS}.image_seedream.use_seed")  # none was sent then


def open_panel(window: BlenderWindow, panel: str) -> Rect:
    """Open that panel in place of the first one; where the sidebar is."""
    sidebar = window.open_sidebar(TAB)
    window.click(window.wait_for_text("Generate", within=sidebar).center)
    window.click(window.wait_for_text(panel, within=sidebar).center)
    return sidebar
