"""Other files, windows and modes while a job runs: it goes on, and never lands unasked."""

from collections.abc import Callable
from pathlib import Path

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow

OpenWindow = Callable[..., BlenderWindow]


def test_a_job_outlives_file_new_and_is_offered_in_the_new_file(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    job_id = artist.submit("a red chair")
    artist.wait_until_watching()
    window.execute("bpy.ops.wm.read_homefile()")
    artist.wait_until_watching()
    before = artist.scene_objects()
    artist.wait_for(job_id, "READY")
    assert artist.job(job_id)["waiting"] == "Made for another file"
    assert artist.scene_objects() == before
    window.wait_until("not watching()")

    window.open_sidebar(TAB)
    window.widen_sidebar(200)
    window.click_text("Import", within=window.region())
    artist.wait_for(job_id, "PLACED")
    assert set(artist.scene_objects()) - set(before) == {"a red chair"}


def test_coming_back_to_the_file_places_its_result(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    file = str(tmp_path / "lamp.blend")
    window.execute(f"bpy.ops.wm.save_as_mainfile(filepath={file!r})")
    job_id = artist.submit("a red chair")
    window.execute("bpy.ops.wm.read_homefile()")
    artist.wait_for(job_id, "READY")
    window.execute(f"bpy.ops.wm.open_mainfile(filepath={file!r})")
    artist.wait_for(job_id, "PLACED")
    assert "a red chair" in artist.scene_objects()


def test_a_result_waits_until_edit_mode_is_left(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    artist.in_viewport("Tab")
    window.wait_until("bpy.context.mode == 'EDIT_MESH'")
    job_id = artist.submit("a red chair")
    artist.wait_for(job_id, "READY")
    window.wait_until(f"row({job_id!r}).waiting == 'Waits for Object Mode'")
    assert window.evaluate("bpy.context.mode") == "EDIT_MESH"
    artist.in_viewport("Tab")
    artist.wait_for(job_id, "PLACED")


def test_a_result_waits_until_the_users_tool_has_ended(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    job_id = artist.submit("a red chair")
    artist.in_viewport("g")
    artist.wait_for(job_id, "READY")
    window.wait_until(f"row({job_id!r}).waiting == 'Waits for the active tool to end'")
    assert "a red chair" not in artist.scene_objects()
    window.key("Escape")
    artist.wait_for(job_id, "PLACED")


def test_switching_online_access_on_is_noticed(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(
        environment=environment(tmp_path / "home") | {"STUDIO3D_API_URL": "https://example.invalid"}
    )
    Artist(window)
    window.wait_until("part('blender.view').current().online.allowed is False")
    window.execute("bpy.context.preferences.system.use_online_access = True")
    window.wait_until("part('blender.view').current().online.allowed is True")


def test_closing_the_watched_window_does_not_end_the_watch(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(environment=environment(tmp_path / "home"))
    artist = Artist(window)
    window.execute("bpy.ops.wm.window_new_main()")
    window.wait_until("len(bpy.context.window_manager.windows) == 2")
    artist.add_idle_job("a job that takes long")
    artist.wait_until_watching()
    watched = (
        "next(w for w in bpy.context.window_manager.windows "
        "if any('watch' in o.bl_idname for o in w.modal_operators))"
    )
    window.execute(f"with bpy.context.temp_override(window={watched}): bpy.ops.wm.window_close()")
    window.wait_until("len(bpy.context.window_manager.windows) == 1")
    artist.wait_until_watching()
