"""Jobs and results by mouse at the sidebar's default width; each step leaves a picture."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow, Point, Rect
from tests.window.test_sidebar import sidebar_picture

pytestmark = pytest.mark.newest

OpenWindow = Callable[..., BlenderWindow]

REFUSED_JOB = """
state = part("jobs.states").State
store = part("blender.core.session").store()
refused = add_elsewhere("a green vase", part("blender.core.account").current().address)
store.change(refused, state.SUBMITTING, submitted_at=__import__("time").time())
store.change(refused, state.PENDING, task_id="t")
store.change(refused, state.FAILED, failure=part("jobs.job").Failure(
    "task_failed", "The service could not do it: no luck.",
    "Change the input or the settings and submit again.", part("service.errors").Charged.REFUNDED))
part("blender.runtime.build_snapshot").refresh(bpy.context)
"""
"""An order that failed at the service."""

ROW = 20
"""From the field for a search to the choices below it, in pixels."""

FROM_RIGHT = 72
"""From the sidebar's right edge to the first small button of a job that failed, in pixels."""


def retry_button(window: BlenderWindow, sidebar: Rect) -> Point:
    """The first small button in the line that says how the job ended."""
    words = window.wait_for_text("Failed", within=sidebar)
    return Point(sidebar.left + sidebar.width - FROM_RIGHT, words.center.y)


def test_a_failure_is_tried_again_and_results_stay_at_hand(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1400))
    artist = Artist(window)
    window.execute(REFUSED_JOB)
    sidebar = window.open_sidebar(TAB)
    # A click on its name closes the panel above, so that this one has room.
    window.click(window.wait_for_text("Generate", within=sidebar).center)
    window.wait_for_text("no luck", within=sidebar)
    window.wait_for_text("refunded", within=sidebar)
    sidebar_picture(window, "jobs-failed")
    window.click(retry_button(window, sidebar))
    artist.wait_for(window.evaluate("refused"), "PLACED")
    window.wait_until("bool(rows()[0].thumbnail)")
    window.settle()
    sidebar_picture(window, "jobs-placed")
    # Off the list, it is still among the results, from where it comes in once more.
    window.execute("bpy.ops.studio3d.clear_ended()")
    window.wait_for_text("Nothing under way", within=sidebar)
    button = window.open_panel("Results", sidebar, shows="Import")
    sidebar_picture(window, "results")
    window.click(button.center)
    window.wait_until("len([o for o in bpy.data.objects if 'green' in o.name]) == 2")
    window.execute("bpy.ops.studio3d.save_asset('EXEC_DEFAULT')")
    window.wait_until("any(part('blender.core.paths').asset_library().glob('*.blend'))", 120)
    window.wait_until("not watching()")
    window.click(window.wait_for_text("Clean Up", within=sidebar).center)
    window.wait_for_text("Frees")  # of the one result, which was placed
    window.screenshot("clean-up")
    window.key("Return")
    window.wait_for_text("No results yet", within=sidebar)
    assert window.evaluate("part('blender.core.session').store().get(refused).files") == []
    kinds = window.wait_for_text("All Kinds", within=sidebar).center
    window.enter_text(Point(kinds.x, kinds.y - ROW), "chair")  # what stands in it is faint
    window.wait_for_text("Nothing found", within=sidebar)
