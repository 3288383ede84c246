"""After an update: the line in the sidebar, About behind it, and what a report needs copied."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness.geometry import Rect

KEPT = Path("extensions", ".user", "user_default", "studio3d", "version")
"""Where the extension keeps which version it was, in a user's folder."""


@pytest.mark.newest
def test_an_update_is_said_once_and_about_copies_diagnostics(
    start_window: OpenWindow, tmp_path: Path, sandbox: Sandbox, request: pytest.FixtureRequest
) -> None:
    kept = tmp_path / str(request.node.name) / KEPT
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("0.0.1")
    own = environment(tmp_path / "home", sandbox)
    window = start_window(environment=own, size=(1400, 1000))
    artist = Artist(window)
    window.open_sidebar(TAB)
    sidebar = window.widen_sidebar(160)
    window.click_text("What Is New", within=sidebar)
    window.screenshot("about-after-an-update")
    window.click_text("Copy Diagnostics")
    window.wait_until("'Blender ' in bpy.context.window_manager.clipboard")
    copied = str(window.evaluate("bpy.context.window_manager.clipboard"))
    version = window.evaluate("part('service.version').version()")
    assert copied.startswith(f"3D AI Studio {version} (development)\nBlender 5.")
    assert "Key: found in the environment" in copied
    assert "Address: on this machine" in copied
    assert sandbox.key not in copied
    window.key("Escape")
    assert window.find_text("What Is New", sidebar) == []
    assert kept.read_text() == version

    window.click_text("Help", within=Rect(0, 0, 500, 30))
    window.click_text("About 3D AI Studio")
    window.wait_for_text("Made from the sources")
    window.screenshot("about-from-help")
    window.key("Escape")
    artist.in_viewport("Escape")
    assert "Traceback" not in window.log.read_text()
