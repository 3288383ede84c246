"""The sidebar in other languages; each leaves a picture of it at its default width."""

from collections.abc import Callable
from pathlib import Path

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow, Rect

LANGUAGE = "bpy.context.preferences.view.language"
ROOM = "region('VIEW_3D', 'UI').width"


def speak(window: BlenderWindow, language: str) -> None:
    window.execute(f"{LANGUAGE} = {language!r}")
    window.wait_until(f"part('blender.words').say('Jobs') != 'Jobs' or {language!r} == 'en_US'")
    window.settle()


def test_the_sidebar_follows_the_language_of_blender(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    sidebar = window.open_sidebar(TAB)
    job = artist.add_idle_job("a red chair")
    assert artist.job(job)["state"] == "QUEUED"
    said = {}
    for language in ("de_DE", "zh_HANS", "ja_JP"):
        speak(window, language)
        window.screenshot(f"sidebar-{language}")
        said[language] = window.evaluate("part('blender.words').told(row(%r).text)" % job)
    assert said["de_DE"] == "Wartet auf das Senden"
    speak(window, "de_DE")
    assert window.wait_for_text("Erzeugen", within=sidebar)
    assert window.wait_for_text("Wartet auf das Senden", within=sidebar)
    speak(window, "en_US")
    assert window.wait_for_text("Waiting to be sent", within=sidebar)
