"""Steps of tools by mouse: what is seen is what runs, and what was ordered is not bought again."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import BlenderWindow, Point, Rect

pytestmark = pytest.mark.newest

SETTINGS = "part('blender.settings.properties').settings_of(bpy.context)"
STEPS = f"part('blender.settings.steps').tools({SETTINGS})"
TO_ARROW_UP = 88
"""From the sidebar's right edge to the middle of a step's button that moves it up, in pixels."""
BELOW_PRICE = 40
"""From the line that says the price to the middle of the button, in pixels."""


def move_up(window: BlenderWindow, sidebar: Rect, step: str) -> None:
    """Click the arrow in the step's line."""
    row = window.wait_for_text(step, within=sidebar).center
    window.click(Point(sidebar.left + sidebar.width - TO_ARROW_UP, row.y))


def test_steps_are_chosen_moved_and_ordered_by_mouse(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.open_sidebar(TAB)
    window.execute(
        f"{SETTINGS}.tool = 'repair'\n"
        "part('blender.settings.preferences').preferences_of(bpy.context).confirm_above = 1000"
    )
    sidebar = window.widen_sidebar(200)
    window.click_text("Generate", within=sidebar)
    window.click_text("Tools", within=sidebar)
    window.click_text("Add Step", within=sidebar)
    window.click_text("Optimize")
    window.wait_until(f"{STEPS} == ['repair', 'optimize']")
    window.click_text("1. Repair", within=sidebar)
    window.wait_until(f"{SETTINGS}.tool == 'repair'")
    window.screenshot("steps-first-shown")
    move_up(window, sidebar, "2. Optimize")
    window.wait_until(f"{STEPS} == ['optimize', 'repair']")
    window.wait_until(f"{SETTINGS}.tool == 'optimize'")
    window.screenshot("steps-moved")
    price = window.wait_for_text("10 credits Optimize", within=sidebar).center
    window.click(Point(price.x, price.y + BELOW_PRICE))
    window.wait_until("len(rows()) == 2")
    window.wait_until(f"{STEPS} == ['optimize']")
    window.screenshot("steps-ordered")
