"""Workspaces deleted and windows closed while results come and are put down."""

from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import Artist, environment
from tests.window.conftest import OpenWindow

pytestmark = pytest.mark.newest

DELETE = """
with override():
    bpy.ops.workspace.delete()
"""
SECOND = """
bpy.ops.wm.window_new_main()
"""
TAKE = """
windows = bpy.context.window_manager.windows
second = windows[1]
view = next(a for a in second.screen.areas if a.type == "VIEW_3D")
with bpy.context.temp_override(
    window=second, area=view, region=next(r for r in view.regions if r.type == "WINDOW")
):
    bpy.ops.studio3d.place_by_click("INVOKE_DEFAULT", job_id=job_id)
"""
TAKEN = "any('place_by_click' in o.bl_idname for w in windows for o in w.modal_operators)"
CLOSE = """
with bpy.context.temp_override(window=second):
    bpy.ops.wm.window_close()
"""


@pytest.mark.fault(
    "Workspaces are deleted while a job runs and while a result is being put down",
    "The result lands; one that was taken can be let go of with Esc",
)
def test_workspaces_that_are_deleted(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    job_id = artist.submit("a red chair")
    artist.wait_until_watching()
    for _ in range(2):
        shown = window.evaluate("window().workspace.name")
        window.execute(DELETE)
        window.wait_until(f"{shown!r} not in bpy.data.workspaces")
        window.settle()
    window.screenshot("workspaces-gone")
    artist.wait_until_watching()
    window.execute("with override(): bpy.ops.object.mode_set(mode='OBJECT')")
    artist.wait_for(job_id, "PLACED")
    assert "a red chair" in artist.scene_objects()
    before = artist.scene_objects()
    window.execute(f"job_id = {job_id!r}" + TAKE.replace("windows[1]", "windows[0]"))
    window.wait_until(TAKEN)
    window.execute(DELETE)
    window.settle()
    window.screenshot("workspaces-gone-taken")
    window.key("Escape")
    window.wait_until(f"not {TAKEN}")
    assert artist.scene_objects() == before
    assert "Traceback" not in window.log.read_text()


@pytest.mark.fault(
    "A second window is closed in which a result is about to be put down",
    "It is not placed; the other window goes on, and what is ordered lands there",
)
def test_a_window_closed_while_a_result_is_put_down(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    job_id = artist.submit("a red chair")
    artist.wait_for(job_id, "PLACED")
    before = artist.scene_objects()
    window.execute(SECOND + f"job_id = {job_id!r}")
    window.wait_until("len(bpy.context.window_manager.windows) == 2")
    window.settle()
    window.execute(TAKE)
    window.wait_until(TAKEN)
    window.execute(CLOSE)
    window.wait_until("len(bpy.context.window_manager.windows) == 1")
    window.settle()
    window.screenshot("window-closed")
    assert artist.scene_objects() == before
    other = artist.submit("a blue chair")
    artist.wait_for(other, "PLACED")
    assert "Traceback" not in window.log.read_text()
