"""What the artist does while the network is dead, in a real window.

The service takes connections and never answers, which is the worst a network does. An action is
what its button calls; drawing comes after it.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread
from scripts.bench.windows import account_at, opened

INSIDE: Final = """
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
    first, later = [], []
    for _ in range(setting.runs):
        with silent_service() as address, opened(setting, account_at(address)) as window:
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
