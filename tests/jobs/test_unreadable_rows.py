"""A row of the job list that this version cannot read is in nobody's way, and is not lost."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from addon.jobs import cleaning
from addon.jobs.errors import UnknownJob
from addon.jobs.states import State
from addon.jobs.store import Store
from tests.jobs.world import PENDING, World, glb

SPOILT = {
    "state": "TELEPORTED",
    "values": "{",
    "origin": "[1, 2",
    "files": '{"path": 5}',
    "failure": "5",
    "mode": "no-such-mode",
    "prepared": '{"path": "/a.blend"}',
    "export": "[]",
}

LOOKS: list[Callable[[Store], Any]] = [
    Store.all,
    Store.everything,
    Store.active,
    lambda store: store.placeable(["x"], "/home/me/a.blend"),
    lambda store: store.results(text="chair", limit=9),
    lambda store: store.charges_since("http://x", 0.0),
    lambda store: store.claim_due("me", 2e9, "http://x", True, 9),
    lambda store: store.next_due("http://x", True),
]


def spoil(world: World, job_id: str, column: str) -> None:
    with sqlite3.connect(world.folder / "jobs.sqlite") as store:
        change = f'UPDATE jobs SET "{column}" = ? WHERE id = ?'  # noqa: S608 - a name from above
        store.execute(change, (SPOILT[column], job_id))
    store.close()


@pytest.mark.fault(
    "A row of the job list cannot be read", "All others go on; the row is kept for who can read it"
)
@pytest.mark.parametrize("column", SPOILT)
def test_the_others_go_on(world: World, column: str) -> None:
    bad, good = world.add(), world.add(prepared=True)
    spoil(world, bad.id, column)
    world.serve("a.glb", glb())
    world.status(PENDING, world.finished(("a.glb", "3D_MODEL")))
    world.until(good, State.READY)
    for look in LOOKS:
        look(world.store)
    assert [job.id for job in world.store.everything()] == [good.id]
    assert world.store.unreadable == {bad.id}
    with pytest.raises(UnknownJob):
        world.store.get(bad.id)
    with sqlite3.connect(world.folder / "jobs.sqlite") as kept:
        assert kept.execute("SELECT COUNT(*) FROM jobs").fetchone() == (2,)
    kept.close()


@pytest.mark.fault(
    "Space is freed while a row of the job list cannot be read",
    "Nothing is removed that the row may need",
)
def test_nothing_is_freed_that_such_a_row_may_need(world: World) -> None:
    bad, good = world.add(), world.add(prepared=True)
    world.serve("a.glb", glb())
    world.status(world.finished(("a.glb", "3D_MODEL")))
    world.store.change(bad.id, State.ABANDONED)
    world.until(good, State.READY)
    world.store.change(good.id, State.PLACED)
    roots = [world.folder]
    assert cleaning.plan(world.store, roots, now=world.clock.now()).free
    spoil(world, bad.id, "values")
    assert not cleaning.plan(world.store, roots, now=world.clock.now()).free
