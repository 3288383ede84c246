"""The whole way by hand: write a prompt, press Generate, go on working, find the model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow


def test_a_prompt_becomes_a_model_in_the_scene(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    before = artist.scene_objects()
    window.open_sidebar(TAB)
    sidebar = window.widen_sidebar(200)
    window.enter_text(window.wait_for_text("What to make", within=sidebar).center, "a brass lamp")
    button = window.find_text("Generate", within=sidebar)[-1]  # the first is the panel's name
    window.click(button.center)
    window.wait_until("len(rows()) == 1")
    artist.wait_until_watching()
    job_id = window.evaluate("rows()[0].job.id")

    window.execute("bpy.context.scene.cursor.location = (3, 0, 0)")
    artist.in_viewport("shift+d")  # goes on working: a copy of the cube, dropped where it is
    window.key("Escape")
    artist.wait_for(job_id, "PLACED")

    (name,) = set(artist.scene_objects()) - set(before) - {"Cube.001"}
    assert name == "a brass lamp"
    placed = f"bpy.data.objects[{name!r}]"
    # Beside the cube that is on the cursor of when it was ordered.
    assert window.evaluate(f"list({placed}.location)") == pytest.approx([1.7, 0.0, 0.0])
    assert window.evaluate(f"{placed}['studio3d_job']") == job_id
    assert window.evaluate("bpy.context.view_layer.objects.active.name") == name
    window.wait_until("not watching()")
    window.wait_for_text("Nothing under way", within=window.region())
    window.screenshot("main-job")


@pytest.mark.fault(
    "Blender is killed while a job runs, and started again with the file", "The result is placed"
)
def test_a_job_survives_a_crash_of_blender(
    start_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    variables = environment(tmp_path / "home", sandbox)
    file = tmp_path / "lamp.blend"
    window = start_window(environment=variables)
    window.execute(f"bpy.ops.wm.save_as_mainfile(filepath={str(file)!r})")
    job_id = Artist(window).submit("a red chair")
    window.wait_until(f"row({job_id!r}).job.task_id is not None")
    window.close()

    window = start_window(environment=variables, arguments=[str(file)])
    artist = Artist(window)
    artist.wait_for(job_id, "PLACED", 90)
    assert "a red chair" in artist.scene_objects()


@pytest.mark.fault(
    "Blender is closed while a job runs, and the last session is recovered",
    "The worker ends cleanly; the result is placed",
)
def test_the_worker_ends_with_blender_and_its_session_comes_back(
    start_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    variables = environment(tmp_path / "home", sandbox)
    window = start_window(environment=variables)
    artist = Artist(window)
    alone = f"bpy.context.preferences.filepaths.temporary_directory = {str(tmp_path)!r}"
    window.execute(alone)
    file = str(tmp_path / "chair.blend")
    window.execute(f"bpy.ops.wm.save_as_mainfile(filepath={file!r})")
    job_id = artist.submit("a red chair")
    window.wait_until("part('blender.snapshot.snapshot').current().worker == 'RUNNING'")
    window.quit()
    log = (tmp_path / "home" / "logs" / "worker.log").read_text()
    assert log.rstrip().endswith("worker ended")

    window = start_window(environment=variables)
    artist = Artist(window)
    window.execute(alone)
    window.execute("with override(): bpy.ops.wm.recover_last_session()")
    assert window.evaluate("bpy.data.filepath") == file
    artist.wait_for(job_id, "PLACED", 90)
    assert "a red chair" in artist.scene_objects()
