"""Several results of one wish by mouse: ordered with one click, one of them kept with another."""

from pathlib import Path

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import Point

LABEL_TO_VALUE = 120
"""From the middle of a label to that of the field beside it, in pixels."""


def test_two_variations_are_ordered_and_one_is_kept(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1300))
    artist = Artist(window)
    before = artist.scene_objects()
    window.execute("bpy.context.scene.studio3d.prompt = 'a red chair'")
    sidebar = window.open_sidebar(TAB)
    label = window.wait_for_text("Variations", within=sidebar).center
    window.enter_text(Point(label.x + LABEL_TO_VALUE, label.y), "2")
    window.wait_until("bpy.context.scene.studio3d.variations == 2")
    window.screenshot("variations-price")
    _, button = window.find_text("Generate", within=sidebar)
    window.click(button.center)
    window.wait_until("len(rows()) == 2")
    for job_id in window.evaluate("[row.job.id for row in rows()]"):
        artist.wait_for(job_id, "PLACED")
    assert set(artist.scene_objects()) - set(before) == {"a red chair 1", "a red chair 2"}
    window.wait_for_text("results to choose", within=sidebar)
    window.screenshot("variations-placed")
    first, _ = window.find_text("Keep Only This", within=sidebar)
    window.click(first.center)
    window.wait_until("len([o for o in bpy.context.scene.objects if 'chair' in o.name]) == 1")
    assert set(artist.scene_objects()) - set(before) == {"a red chair 1"}
    artist.in_viewport("ctrl+z")
    assert set(artist.scene_objects()) - set(before) == {"a red chair 1", "a red chair 2"}
