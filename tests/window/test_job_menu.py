"""The menu of an ended job, by mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.window.artist import TAB, Artist, environment
from tests.window.harness import BlenderWindow, Point

pytestmark = pytest.mark.newest

OpenWindow = Callable[..., BlenderWindow]

FROM_RIGHT = 52
"""From the sidebar's right edge to the arrow in the job's last line, in pixels."""


def test_a_stopped_job_is_run_again(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.execute(
        "job = add_elsewhere('a brass lamp', part('blender.core.account').current().address)\n"
        "bpy.ops.studio3d.cancel(job_id=job)"
    )
    sidebar = window.open_sidebar(TAB)
    words = window.wait_for_text("Stopped", within=sidebar)
    window.click(Point(sidebar.left + sidebar.width - FROM_RIGHT, words.center.y))
    window.wait_for_text("Run Again")
    window.screenshot("job-menu")
    window.key("r")
    window.wait_until("len(rows()) == 2")
    window.wait_until("rows()[0].job.name == 'a brass lamp'")
