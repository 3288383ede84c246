"""The sidebar in other languages; each leaves a picture of it at its default width."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.package.imports import PACKAGE
from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow

pytestmark = pytest.mark.newest

TABLES: Final = PACKAGE / "blender" / "languages"
STATUS: Final = "Waiting to be sent"


def speak(window: BlenderWindow, language: str, status: str) -> None:
    """Change Blender's language and wait until the extension has followed."""
    window.execute(f"bpy.context.preferences.view.language = {language!r}")
    window.wait_until(f"part('blender.core.translation').translate({STATUS!r}) == {status!r}")
    window.settle()


def test_the_sidebar_follows_the_language_of_blender(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute("bpy.ops.wm.read_homefile()")  # which ends what was subscribed to before
    sidebar = window.open_sidebar(TAB)
    job = artist.add_idle_job("a red chair")
    artist.wait_for(job, "QUEUED")
    assert window.wait_for_text(STATUS, within=sidebar)
    for language, name in (("zh_HANS", "zh_HANS"), ("ja_JP", "ja"), ("de_DE", "de")):
        table = json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))
        speak(window, language, table[STATUS])
        window.screenshot(f"sidebar-{language}")
    assert window.wait_for_text("Wartet auf das Senden", within=sidebar)
    assert window.find_text("Erzeugen", within=sidebar)
    speak(window, "en_US", STATUS)
    assert window.wait_for_text(STATUS, within=sidebar)
