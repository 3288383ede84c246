"""Other files, windows and modes while a job runs: it goes on, and never lands unasked."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox, Sandboxes
from tests.window.artist import TAB, Artist, environment
from tests.window.conftest import OpenWindow


@pytest.mark.newest
@pytest.mark.fault(
    "File > New in a window while a job runs",
    "The result is offered in the new file; placed once, when asked for",
)
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
    assert artist.job(job_id)["waiting"] == "Made for an unsaved file"
    assert artist.scene_objects() == before
    window.wait_until("not watching()")

    window.open_sidebar(TAB)
    window.widen_sidebar(200)
    window.click_text("Import", within=window.region())
    artist.wait_for(job_id, "PLACED")
    assert set(artist.scene_objects()) - set(before) == {"a red chair"}


@pytest.mark.fault(
    "File > Open Recent in a window while a job runs",
    "The result waits for its file, and is placed there",
)
def test_a_result_waits_for_its_file_to_be_opened_again(
    open_window: OpenWindow, tmp_path: Path, sandboxes: Sandboxes
) -> None:
    sandbox = sandboxes.start(time_scale=0.2)  # long enough to open another file by hand
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    files = [str(tmp_path / name) for name in ("chair.blend", "lamp.blend")]
    for file in files:
        window.execute(f"bpy.ops.wm.save_as_mainfile(filepath={file!r})")
    window.execute(RECENT_FILES.format(files[::-1]))
    job_id = artist.submit("a red chair")
    artist.wait_until_watching()
    open_the_file_before(artist, "chair.blend")
    artist.wait_for(job_id, "READY")
    assert artist.job(job_id)["waiting"] == "Made for lamp.blend"
    window.wait_until("not watching()")
    assert "a red chair" not in artist.scene_objects()
    open_the_file_before(artist, "lamp.blend")
    artist.wait_for(job_id, "PLACED")
    assert "a red chair" in artist.scene_objects()


RECENT_FILES = """
from pathlib import Path
recent = Path(bpy.utils.user_resource("CONFIG"), "recent-files.txt")
recent.write_text("\\n".join({}))
bpy.ops.wm.read_history()
"""
"""Scripts that save a file leave no trace in File > Open Recent."""


def open_the_file_before(artist: Artist, name: str) -> None:
    """By keys: File > Open Recent, and there the second file; the first is the one that is open."""
    artist.in_viewport("ctrl+shift+o")
    artist.window.wait_for_text(name)
    artist.window.key("2")
    artist.window.wait_until(f"bpy.data.filepath.endswith({name!r})")


@pytest.mark.fault(
    "A result comes while a mesh is edited, an object moved, a render runs",
    "It waits, says why, ends nothing, and is placed afterwards",
)
def test_a_result_waits_until_the_user_is_done(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute(ENDLESS_RENDER)
    sidebar = window.open_sidebar(TAB)
    for name, begin, reason, end in (
        ("edit-mode", "Tab", "Waits for Object Mode", "Tab"),
        ("tool", "g", "Waits for the active tool to end", "Escape"),
        ("render", "F12", "Waits for the render to end", "Escape"),
    ):
        before = artist.scene_objects()
        artist.in_viewport(begin)
        window.wait_until(BUSY[name])
        job_id = artist.submit(f"a {name} chair")
        artist.wait_for(job_id, "READY")
        window.wait_until(f"row({job_id!r}).waiting == {reason!r}")
        window.wait_for_text(" ".join(reason.split()[:2]), within=sidebar)  # it may be wrapped
        window.screenshot(f"waits-{name}")
        assert window.evaluate(BUSY[name]), "nothing was ended for the result"
        assert artist.scene_objects() == before
        window.key(end)
        artist.wait_for(job_id, "PLACED")
        assert set(artist.scene_objects()) - set(before) == {f"a {name} chair"}


ENDLESS_RENDER = """
scene = bpy.context.scene
scene.render.engine = "CYCLES"
scene.cycles.samples = 1 << 24
scene.cycles.use_adaptive_sampling = scene.cycles.use_denoising = False
scene.render.resolution_x = scene.render.resolution_y = 32
bpy.context.preferences.view.render_display_type = "NONE"
"""

BUSY = {
    "edit-mode": "bpy.context.mode == 'EDIT_MESH'",
    "tool": "any(o.bl_idname == 'TRANSFORM_OT_translate' for o in window().modal_operators)",
    "render": "bpy.app.is_job_running('RENDER')",
}


CALLS = """
ticker, called, ended = part("blender.core.ticker"), [], []
def breaks():
    called.append("breaks")
    raise ValueError("as asked")
def often():
    called.append("often")
    return None if ended else 0.05
def once():
    called.append("once")
ticker.call(breaks)
ticker.call(once, after=0.5)
ticker.call(often)
bpy.ops.wm.read_homefile()
"""


@pytest.mark.fault(
    "File > New while something is due, and a call that breaks", "The others go on, each once"
)
def test_calls_that_are_due_outlive_file_new(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(environment=environment(tmp_path / "home"))
    Artist(window)
    window.execute(CALLS)
    window.wait_until("'once' in called and called.count('often') > 12")
    assert window.evaluate("[called.count(name) for name in ('breaks', 'once')]") == [1, 1]
    assert window.evaluate("called.index('breaks') < called.index('once')")
    window.execute("ended.append(True)")
    window.wait_until("not bpy.app.timers.is_registered(ticker.tick)")
    window.execute("before = len(called)\nticker.call(once)")
    window.wait_until("len(called) > before")
    assert window.evaluate("called[before:]") == ["once"]


def test_switching_online_access_on_is_noticed(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(
        environment=environment(tmp_path / "home") | {"STUDIO3D_API_URL": "https://example.invalid"}
    )
    Artist(window)
    window.execute("bpy.ops.wm.read_homefile()")
    window.wait_until("part('blender.snapshot.snapshot').current().online.allowed is False")
    window.execute("bpy.context.preferences.system.use_online_access = True")
    window.wait_until("part('blender.snapshot.snapshot').current().online.allowed is True")


@pytest.mark.newest
@pytest.mark.fault(
    "Two windows with a scene each; the one that watches is closed",
    "The result is in its scene; the other window watches on",
)
def test_two_windows_with_a_scene_each(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute("bpy.ops.wm.window_new_main()")
    window.wait_until("len(bpy.context.window_manager.windows) == 2")
    window.execute(
        "second = bpy.context.window_manager.windows[1]\n"
        "with bpy.context.temp_override(window=second):\n"
        "    bpy.ops.scene.new(type='EMPTY')\n"
        "other = second.scene.name"
    )
    window.settle()
    window.screenshot("two-windows")
    window.execute("with bpy.context.temp_override(window=second): job_id = submit('a red chair')")
    window.wait_until("row(job_id).job.state == 'PLACED'")
    assert window.evaluate("[o.name for o in bpy.data.scenes[other].objects]") == ["a red chair"]
    assert "a red chair" not in artist.scene_objects()
    window.screenshot("two-windows-placed")

    artist.add_idle_job("a job that takes long")
    artist.wait_until_watching()
    watched = (
        "next(w for w in bpy.context.window_manager.windows "
        "if any('watch' in o.bl_idname for o in w.modal_operators))"
    )
    window.execute(f"with bpy.context.temp_override(window={watched}): bpy.ops.wm.window_close()")
    window.wait_until("len(bpy.context.window_manager.windows) == 1")
    artist.wait_until_watching()
