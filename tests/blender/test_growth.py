"""A look at the jobs costs what has changed, not how many there are; and it misses nothing."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import ADDRESS, add_job, finish, make_blend
from tests.jobs.counting import Work, counted

LONG = 3_000
COPY = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO jobs ({columns}) SELECT {values} FROM jobs, numbers WHERE id = ?
"""


def opened_elsewhere(store: Any) -> Any:
    """The store as the worker has it."""
    return part("jobs.store").Store(store.path, durable=False)


def make_copies(store: Any, job: Any, count: int) -> None:
    """Add that many jobs like it, each an hour older than the one before."""
    columns = part("jobs.rows").COLUMNS
    own = {
        "id": "printf('%032x', n)",
        "created_at": "created_at - 3600 * n",
        "task_id": "'copy-' || n",
        "origin": f"replace(origin, '{job.origin.file.opened}', 'another opening')",
    }
    values = ", ".join(own.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    store._db.execute(COPY.format(columns=names, values=values), (count, job.id))


def refresh() -> Any:
    return part("blender.runtime.build_snapshot").refresh(bpy.context)


def look() -> Any:
    return part("blender.runtime.job_monitor").poll_once(bpy.context)


def work_of(store: Any, act: Any) -> Work:
    with counted(store, part("jobs.rows")) as work:
        act()
    return work


def test_a_refresh_reads_what_changed_however_long_the_list_is(store: Any, tmp_path: Path) -> None:
    running = part("jobs.states").State.RUNNING
    done = finish(store, add_job(store, tmp_path), make_blend(tmp_path / "a.blend", "Lamp"))
    store.change(done.id, part("jobs.states").State.PLACED)
    make_copies(store, done, 60)
    job = add_job(store, tmp_path)
    for state in ("SUBMITTING", "PENDING"):
        store.change(job.id, part("jobs.states").State[state], task_id="t")
    worker = opened_elsewhere(store)
    works = []
    for more in (0, LONG):
        if more:
            older = store.get(f"{60:032x}")
            store._db.execute("UPDATE jobs SET id = 'x' || id WHERE id != ?", (job.id,))
            make_copies(store, store.get(f"x{older.id}"), more)
        for progress in (20, 30):
            worker.change(job.id, running, progress=progress + more)
            refresh()
        worker.change(job.id, running, progress=40)
        works.append(work_of(store, refresh))
        assert part("blender.snapshot.snapshot").current().row(job.id).job.progress == 40
        assert len(part("blender.snapshot.snapshot").current().rows) == 50
    worker.close()
    assert works[0].jobs == works[1].jobs == 1
    assert works[1].is_no_more_than(works[0])


def test_a_tick_costs_what_came_not_what_is_under_way(store: Any, tmp_path: Path) -> None:
    states, active = part("jobs.states").State, part("jobs.states").ACTIVE
    first = add_job(store, tmp_path)
    for state in ("SUBMITTING", "PENDING", "DOWNLOADING"):
        store.change(first.id, states[state], task_id="t", bytes_total=200_000_000)
    worker = opened_elsewhere(store)
    works, current = [], part("blender.snapshot.snapshot").current
    for more in (9, 90):
        ids = [add_job(store, tmp_path).id for _ in range(more)]
        look()
        for done in (1_000_000, 2_000_000):
            worker.change(first.id, states.DOWNLOADING, bytes_done=done * more)
            look()
        worker.change(first.id, states.DOWNLOADING, bytes_done=3_000_000)
        before = current()
        works.append(work_of(store, look))
        after = current()
        assert sum(row.job.state in active for row in after.rows) > len(ids)
        for name in ("rows", "entries"):
            pairs = zip(getattr(before, name), getattr(after, name), strict=True)
            assert sum(new is not old for old, new in pairs) == 1
    assert works[0].jobs == works[1].jobs == 1
    assert works[1].is_no_more_than(works[0])  # no list is read again
    assert work_of(store, look).statements <= 1  # whether there is anything new
    worker.close()


def test_who_works_on_a_job_is_no_news_but_the_balance_is(store: Any, tmp_path: Path) -> None:
    job = add_job(store, tmp_path)
    worker = opened_elsewhere(store)
    look()
    assert worker.claim_due("me", job.created_at + 1.0, ADDRESS, True, 1)
    look()
    worker.release(job.id, "me")
    lease = work_of(store, look)
    worker.change(job.id, part("jobs.states").State.QUEUED, progress=1)
    change = work_of(store, look)
    assert (lease.jobs, change.jobs) == (0, 1)
    assert lease.statements <= change.statements / 2
    answer = part("service.answers").Wallet(Decimal(7), 3)
    worker.save_wallet(part("blender.core.account").current().address, answer)
    look()
    assert part("blender.snapshot.snapshot").current().wallet.wallet == answer
    worker.close()


class Walk:
    """Somebody who does all kinds of things to jobs, by chance."""

    def __init__(self, store: Any, folder: Path, seed: int) -> None:
        self.store, self.folder = store, folder
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.prepared = make_blend(folder / "walk.blend", "Walk")
        self.states = [*part("jobs.states").State]

    def go(self) -> None:
        jobs = self.store.everything()
        if len(jobs) < 5 or self.chance.random() < 0.3:
            job = add_job(self.store, self.folder, name=self.chance.choice(["Lamp", "Vase"]))
            origin = part("jobs.origin")
            spot = origin.Spot((1.0, 2.0, 0.0), (1.0, 1.0, self.chance.random()))
            kept = replace(job.origin, placement=origin.Placement(spot=spot))
            self.store.note_origin(job.id, kept)
            if self.chance.random() < 0.4:
                place = origin.ChainPlace(self.chance.choice("pq"), steps=2)
                kept = replace(kept, chain=place)
                if self.chance.random() < 0.5:
                    kept = replace(kept, file=origin.OpenFile("/elsewhere.blend", "another"))
                self.store.note_origin(job.id, kept)
            return
        job, picture = self.chance.choice(jobs), self.folder / f"{len(jobs)}.png"
        picture.write_bytes(b"\x89PNG")
        file = part("jobs.job").ResultFile(picture, "IMAGE")
        changes = {
            "state": self.chance.choice(self.states),
            "files": self.chance.choice([(), (file,)]),
            "prepared": self.chance.choice([None, self.prepared]),
            "listed": self.chance.random() < 0.9,
            "progress": self.chance.randrange(100),
            "submitted_at": self.chance.choice([None, job.created_at]),
            "task_id": "t",
        }
        self.store._update(job.id, changes)


def from_scratch(store: Any) -> Any:
    """The snapshot that is made when nothing is known yet."""
    memory, builder = part("blender.core.memory"), part("blender.runtime.build_snapshot")
    shown = part("blender.snapshot.snapshot")
    for kind in (builder._Reading, builder._Pictures, part("blender.runtime.spot_boxes")._Boxes):
        memory.of(kind).__init__()
    store._known.clear()
    store._added_up = None
    shown.publish(replace(shown.current(), rows=(), entries=(), in_file=(), boxes=()))
    shown.publish(replace(shown.current(), results=shown.ResultsPage()))
    return refresh()


@pytest.mark.parametrize("seed", range(2))
def test_what_is_shown_is_always_what_would_be_made_anew(
    store: Any, tmp_path: Path, seed: int
) -> None:
    other = opened_elsewhere(store)
    for database in (store, other):
        database._db.execute("PRAGMA synchronous = OFF")
    walks = [Walk(store, tmp_path, seed), Walk(other, tmp_path, seed + 10)]
    seen, boxes = 0, 0
    for step in range(44):
        walks[step % 3 == 0].go()
        shown = refresh()
        if step == 20:
            bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "walk-scene.blend"))
        if step == 30:
            bpy.context.scene.unit_settings.scale_length = 0.01
        if step == 36:
            bpy.ops.wm.read_homefile(use_empty=True)
        if step % 2:
            shown = refresh()
            seen, boxes = seen + len(shown.rows), boxes + len(shown.boxes)
            assert from_scratch(store) == shown
    assert seen > 100
    assert boxes > 20
    other.close()
