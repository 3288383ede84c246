"""Several results of one wish by mouse: ordered with one click, one of them kept with another."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox, Sandboxes
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import Point, Rect

pytestmark = pytest.mark.newest

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
    window.wait_for_text("results to choose", within=sidebar)
    window.screenshot("variations-undone")
    *_, last = window.find_text("Keep Only This", within=sidebar)
    window.click(last.center)
    window.wait_until("len([o for o in bpy.context.scene.objects if 'chair' in o.name]) == 1")
    assert set(artist.scene_objects()) - set(before) == {"a red chair 2"}


WIDTH_OF_SWITCH = 250
"""From the middle of an engine's button to that of its switch Compare, in pixels."""

IN_VIEW = """
from bpy_extras.view3d_utils import location_3d_to_region_2d
from mathutils import Vector
def in_view():
    place = region("VIEW_3D", "WINDOW")
    view = area("VIEW_3D").spaces.active.region_3d
    corners = [o.matrix_world @ Vector(corner) for o in bpy.context.scene.objects
               if o.get("studio3d_job") for corner in o.bound_box]
    seen = [location_3d_to_region_2d(place, view, corner) for corner in corners]
    return all(p and 0 < p.x < place.width and 0 < p.y < place.height for p in seen)
def names_shown():
    shown = [a.spaces.active.image for w in bpy.context.window_manager.windows
             for a in w.screen.areas if a.type == "IMAGE_EDITOR"]
    return [image.name for image in shown if image]
def browsers():
    return [a.spaces.active.params for w in bpy.context.window_manager.windows
            for a in w.screen.areas if a.type == "FILE_BROWSER" and a.spaces.active.params]
"""


@pytest.mark.newest
@pytest.mark.fault(
    "One of three engines that are compared fails, in a window",
    "A box in its place in the row has the reason; the others have labels, and one can be kept",
)
def test_engines_are_compared_and_rendered(
    open_window: OpenWindow, tmp_path: Path, sandboxes: Sandboxes
) -> None:
    """Three engines; the service fails one of them."""
    sandbox = sandboxes.start(fault="task-failed*1")
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1600, 1300))
    artist = Artist(window)
    window.execute(IN_VIEW)
    window.execute("bpy.context.scene.studio3d.prompt = 'a red chair'")
    window.execute("bpy.context.scene.studio3d.engine_text = 'tencent-rapid'")
    sidebar = window.open_sidebar(TAB)
    window.click(window.wait_for_text("Hunyuan Rapid", within=sidebar).center)
    window.settle()
    window.screenshot("comparison-engines")
    for engine in ("Hunyuan Pro", "Tripo"):
        button = window.find_text(engine)[0]
        window.click(Point(button.center.x + WIDTH_OF_SWITCH, button.center.y))
        window.settle()
    window.screenshot("comparison-chosen")
    artist.in_viewport("Escape")
    window.settle()
    compared = "part('blender.settings.properties').compared_engines(bpy.context.scene.studio3d)"
    assert window.evaluate(f"len({compared})") == 3
    window.screenshot("comparison-price")
    _, button = window.find_text("Generate", within=sidebar)
    window.click(button.center)
    window.settle()
    window.key("Return")  # it asks once more: that is much for one click
    window.wait_until("len(rows()) == 3")
    ended = "sorted(r.job.state for r in rows()) == ['FAILED', 'PLACED', 'PLACED']"
    window.wait_until(ended, 180)
    window.settle()
    assert window.evaluate("in_view()")
    viewport = window.region("VIEW_3D", "WINDOW")
    window.screenshot("comparison-labels")
    free = Rect(viewport.left, viewport.top, sidebar.left - viewport.left, viewport.height)
    assert len(window.find_text("triangles", within=free)) == 2
    window.wait_for_text("Failed", within=free)

    window.click_text("Render Comparison", sidebar)
    window.wait_until("len(browsers()) == 1")
    window.execute(f"browsers()[0].directory = {str(tmp_path)!r}.encode()")
    window.execute("browsers()[0].filename = 'chairs.png'")
    window.settle()
    window.key("Return")
    window.wait_until("part('blender.runtime.comparison_picture').wish_rendered()")
    window.wait_until("names_shown() == ['chairs.png']", 180)
    assert (tmp_path / "chairs.png").stat().st_size > 10_000
    window.settle()
    window.screenshot("comparison-picture")
