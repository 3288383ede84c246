"""A placed result is one step of the undo history, and undo never touches the job."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import Artist, environment
from tests.window.harness import BlenderWindow


def data(window: BlenderWindow) -> dict[str, list[str]]:
    kinds = ("objects", "meshes", "materials", "images", "collections", "libraries")
    return {kind: window.evaluate(f"[i.name for i in bpy.data.{kind}]") for kind in kinds}


@pytest.mark.fault(
    "Undo and redo of a placed result in a window", "One step; the job is left alone"
)
def test_one_undo_takes_the_result_away_and_redo_brings_it_back(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    artist.in_viewport("shift+d")  # the user's own step before
    window.key("Return")
    before = data(window)
    assert "Cube.001" in before["objects"]

    job_id = artist.submit("a red chair")
    artist.wait_for(job_id, "PLACED")
    after = data(window)
    assert "a red chair" in after["objects"]

    artist.in_viewport("ctrl+z")
    assert data(window) == before
    assert artist.job(job_id)["state"] == "PLACED"
    artist.in_viewport("ctrl+shift+z")
    assert data(window) == after
    assert artist.job(job_id)["state"] == "PLACED"


@pytest.mark.fault("Undo of other things while a job runs", "The result is placed all the same")
def test_undoing_other_things_while_a_job_runs_does_not_disturb_it(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    artist.in_viewport("shift+d")
    window.key("Return")
    job_id = artist.submit("a red chair")
    artist.wait_until_watching()
    artist.in_viewport("ctrl+z")
    window.wait_until("'Cube.001' not in bpy.data.objects")
    artist.wait_for(job_id, "PLACED")
    assert "a red chair" in artist.scene_objects()
