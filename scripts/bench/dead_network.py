"""What the artist does while the network is dead, in a real window.

The service takes connections and never answers, which is the worst a network does. An action is
what its button calls; drawing comes after it.
"""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from scripts import build
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread
from tests.window.harness import BlenderWindow, make_user

INSIDE: Final = """
import importlib, time
def part(name):
    return importlib.import_module("bl_ext.user_default.studio3d." + name)
def order():
    plan = part("jobs.planner").plan_one("tencent-rapid", dict(prompt="a chair"))
    return part("blender.runtime.submission").submit(bpy.context, plan).id
def look():
    return part("blender.runtime.job_monitor").poll_once(bpy.context)
def took(act):
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
def act_once():
    return [took(act) for act in (order, look, bpy.ops.studio3d.check_connection, look)]
"""

FRAME: Final = "<= 16.7 ms, one frame"
LIMIT: Final = "one row written to the disk"
AFTER: Final = 3
"""Times all is done once more in each window."""


def rows(setting: Setting) -> Iterator[Row]:
    """The longest of ordering, asking for the balance, and looking what has become of it."""
    user = setting.folder / "offline-user"
    make_user(user, setting.blender, build.build(setting.folder / "dist"))
    first, later = [], []
    for run in range(setting.runs):
        own = setting.folder / f"offline-{run}"
        shutil.copytree(user, own)
        with silent_service() as address:
            variables = {
                "STUDIO3D_HOME": str(own / "own"),
                "STUDIO3D_API_URL": address,
                "STUDIO3D_API_KEY": "bench",
            }
            with BlenderWindow(setting.blender, own, environment=variables) as window:
                window.execute(INSIDE)
                window.settle()
                first.append(max(window.evaluate("act_once()")))
                for _ in range(AFTER):
                    window.settle()
                    later.append(max(window.evaluate("act_once()")))
    yield Row("dead network, longest of the first actions", "ms", Spread.of(first), "", limit=LIMIT)
    yield Row("dead network, longest action", "ms", Spread.of(later), FRAME, limit=LIMIT)


@contextmanager
def silent_service() -> Iterator[str]:
    """The address of one that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
