"""An earlier prompt and a preset, chosen by mouse in the sidebar."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow, Point

pytestmark = pytest.mark.newest

OpenWindow = Callable[..., BlenderWindow]

ARROW = 45
"""From the sidebar's right edge to the arrow beside the prompt, in pixels."""
PRESETS = 85
"""The same to the icon of the presets in the panel's header."""


def test_an_earlier_prompt_and_a_saved_preset(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "prompts.json").write_text(json.dumps(["a brass lamp", "an oak chair"]))
    window = open_window(environment=environment(home, sandbox))
    Artist(window)
    sidebar = window.open_sidebar(TAB)
    right = sidebar.left + sidebar.width
    field = window.wait_for_text("What to make", within=sidebar)
    window.click(Point(right - ARROW, field.center.y))
    window.wait_for_text("Write in Text Editor")
    window.screenshot("prompt-sources")
    for key in ("Down", "Down", "Return"):  # past the first entry, which the mouse is on
        window.key(key)
    window.wait_until("bpy.context.scene.studio3d.prompt == 'an oak chair'")
    header = window.wait_for_text("Generate", within=sidebar)
    window.click(Point(right - PRESETS, header.center.y))
    name = window.wait_for_text("New Preset")
    window.screenshot("presets")
    window.enter_text(name.center, "Everyday")
    window.wait_until("bpy.context.window_manager.preset_name == 'Everyday'")
    window.screenshot("presets-named")
