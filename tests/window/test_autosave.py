"""Blender's autosave goes on while jobs run: it is off as long as a modal operator runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.window.artist import Artist, environment
from tests.window.harness import BlenderWindow

pytestmark = pytest.mark.newest


@pytest.mark.fault("Blender wants to save by itself while jobs run", "It does")
def test_an_autosave_is_written_while_a_job_runs(
    open_window: Callable[..., BlenderWindow], tmp_path: Path
) -> None:
    window = open_window(environment=environment(tmp_path / "home"))
    artist = Artist(window)
    folder = tmp_path / "autosave"
    folder.mkdir()
    window.execute(
        f"files = bpy.context.preferences.filepaths\n"
        f"files.temporary_directory = {str(folder)!r}\n"
        f"files.auto_save_time = 1\n"
        f"files.use_auto_save_temporary_files = True"
    )
    artist.add_idle_job("a job that takes long")
    artist.wait_until_watching()
    artist.in_viewport("shift+d")  # something to save
    window.key("Return")
    found = f"__import__('glob').glob({str(folder / '**' / '*autosave*')!r}, recursive=True)"
    (saved, *_) = window.wait_until(found, usual=120)
    assert Path(saved).stat().st_size > 0
    window.wait_until("watching()")  # and it is back on duty
