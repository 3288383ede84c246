"""The whole way by hand: write a prompt, press Generate, go on working, find the model."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.patience import until
from tests.sandboxes import Sandbox, Sandboxes
from tests.till import Till
from tests.window.artist import TAB, Artist, environment
from tests.window.film import Film
from tests.window.harness import BlenderWindow
from tests.window.shown_colors import channels

LOOK_AT_COLORS = "area('VIEW_3D').spaces.active.shading.type = 'MATERIAL'"


def test_a_prompt_becomes_a_model_in_the_scene(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandboxes: Sandboxes
) -> None:
    sandbox = sandboxes.start(time_scale=0.2)  # so slow that there is time to go on working
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    before = artist.scene_objects()
    window.open_sidebar(TAB)
    sidebar = window.widen_sidebar(200)
    film = Film(window, "first-model")  # for the documents, see pictures.py
    field = window.wait_for_text("What to make", within=sidebar).center
    film.shoot(field)
    window.enter_text(field, "a brass lamp")
    button = window.find_text("Generate", within=sidebar)[-1]  # the first is the panel's name
    film.shoot(button.center)
    window.click(button.center)
    window.wait_until("len(rows()) == 1")
    film.shoot(button.center)
    artist.wait_until_watching()
    job_id = window.evaluate("rows()[0].job.id")

    window.execute("bpy.context.scene.cursor.location = (3, 0, 0)")
    artist.in_viewport("shift+d")  # goes on working: a copy of the cube, dropped where it is
    window.key("Escape")
    film.shoot()
    window.wait_until("rows()[0].job.task_id is not None")
    film.shoot()
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
    film.shoot()
    window.execute(LOOK_AT_COLORS)
    until(lambda: brass(window.screenshot("main-job-colors")) > MUCH, what="the lamp in brass")
    film.shoot()


MUCH = 20_000
"""Pixels of the lamp, which is larger than what else is yellow or orange."""


def brass(picture: Path) -> int:
    """How many pixels of it are as yellow as brass."""
    red, _, blue = channels(picture)
    return int(np.count_nonzero((red > 60) & (red > 1.4 * blue)))


@pytest.mark.fault(
    "Blender is killed in the middle of two variations, and started again with the file",
    "Both results are placed, and each is paid once",
)
def test_jobs_survive_a_crash_of_blender(
    start_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    variables = environment(tmp_path / "home", sandbox)
    file = tmp_path / "lamp.blend"
    before = Till(sandbox).charges()
    window = start_window(environment=variables)
    Artist(window)  # brings what is asked for below
    window.execute(f"bpy.ops.wm.save_as_mainfile(filepath={str(file)!r})")
    window.execute("bpy.context.scene.studio3d.prompt = 'a red chair'")
    window.execute("bpy.context.scene.studio3d.variations = 2")
    window.execute("with override(): bpy.ops.studio3d.generate()")
    window.wait_until("any(row.job.task_id is not None for row in rows())")
    ids = window.evaluate("[row.job.id for row in rows()]")
    window.close()

    window = start_window(environment=variables, arguments=[str(file)])
    artist = Artist(window)
    for job_id in ids:
        artist.wait_for(job_id, "PLACED", 90)
    assert {"a red chair 1", "a red chair 2"} <= set(artist.scene_objects())
    tasks = {window.evaluate(f"row({job_id!r}).job.task_id") for job_id in ids}
    assert Till(sandbox).charges().keys() - before.keys() == tasks
    assert len(tasks) == len(ids) == 2


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
