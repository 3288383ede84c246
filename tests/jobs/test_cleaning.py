"""What a clean-up frees, and all that it keeps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addon.jobs.cleaning import NEW_SECONDS, UNSAVED_SECONDS, Plan, carry_out, choices, plan
from addon.jobs.job import Job, Prepared, ResultFile
from addon.jobs.origin import ChainPlace, Origin
from addon.jobs.states import State
from tests.jobs.world import World

DAY = 24 * 3600.0


def root(world: World) -> Path:
    return world.folder / "results"


def result(
    world: World, name: str, *, state: State = State.PLACED, size: int = 1000, **changes: Any
) -> Job:
    """A job with a model, its .blend and its preview in a folder of its own."""
    folder = root(world) / name
    folder.mkdir(parents=True, exist_ok=True)
    model, blend, preview = folder / f"{name}.glb", folder / f"{name}.blend", folder / "p.png"
    model.write_bytes(b"m" * (size - 200))
    blend.write_bytes(b"b" * 100)
    preview.write_bytes(b"p" * 100)
    prepared = Prepared(blend, (4, 2, 0), "c", 1, (1.0, 1.0, 1.0), preview=preview)
    job = world.store.add(
        world.request(), name=name, estimate=1, service_address="https://s.example", folder=folder
    )
    for step in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.READY):
        world.store.change(job.id, step)
    made: dict[str, Any] = {
        "task_id": job.id,
        "files": (ResultFile(model, "3D_MODEL"),),
        "prepared": prepared,
    }
    return world.store.change(job.id, state, **{**made, **changes})


def planned(world: World, **options: Any) -> Plan:
    return plan(world.store, [root(world)], now=world.clock.time, **options)


def freed(found: Plan) -> list[str]:
    return [bundle.folder.name for bundle in found.free]


def test_what_was_placed_goes_and_the_record_of_it_stays(world: World) -> None:
    job = result(world, "lamp")
    found = planned(world)
    assert (freed(found), found.size, found.total) == (["lamp"], 1000, 1000)
    assert carry_out(world.store, found) == 1000
    assert not job.folder.exists()
    after = world.store.get(job.id)
    assert (after.state, after.files, after.prepared) == (State.PLACED, (), None)
    assert after.estimate == job.estimate
    assert planned(world) == Plan((), 0)


def test_what_was_never_placed_goes_only_if_the_user_says_so(world: World) -> None:
    job = result(world, "lamp", state=State.READY)
    assert planned(world) == Plan((), 1000, unplaced=1)
    assert planned(world, limit=0).free == ()
    assert carry_out(world.store, planned(world, unplaced=True)) == 1000
    assert world.store.all() == []
    assert world.store.get(job.id).files == ()


@pytest.mark.parametrize("state", [State.PREPARING, State.PENDING])
def test_what_is_under_way_stays(world: World, state: State) -> None:
    job = result(world, "lamp", state=State.READY)
    world.store._db.execute("UPDATE jobs SET state = ? WHERE id = ?", (state, job.id))
    assert planned(world, unplaced=True).free == ()


def test_what_a_saved_blend_uses_stays_wherever_the_blend_is_now(world: World) -> None:
    job = result(world, "lamp")
    blend = world.folder / "scenes" / "a.blend"
    world.store.note_uses(str(blend), [job.folder / "deep" / "texture.png"])
    assert planned(world) == Plan((), 1000, used=1)
    blend.parent.mkdir()  # it was renamed, or its drive is not connected
    assert planned(world) == Plan((), 1000, used=1)
    world.clock.time += UNSAVED_SECONDS + NEW_SECONDS
    assert planned(world) == planned(world, limit=0) == Plan((), 1000, used=1)


@pytest.mark.posix("Windows lets nobody but administrators make links")
def test_a_use_is_seen_through_a_link(world: World) -> None:
    job = result(world, "lamp")
    (world.folder / "link").symlink_to(root(world))
    world.store.note_uses("/a.blend", [world.folder / "link" / "lamp" / "p.png"])
    assert job.folder.is_dir()
    assert planned(world) == Plan((), 1000, used=1)


@pytest.mark.parametrize(
    ("last", "goes"), [(State.PLACED, True), (State.READY, False), (State.FAILED, False)]
)
def test_what_a_step_made_goes_only_after_the_last_step_was_placed(
    world: World, last: State, *, goes: bool
) -> None:
    end = result(world, "lamp", state=State.READY if last is State.FAILED else last)
    if last is State.FAILED:
        world.store.change(end.id, State.READY, files=(), prepared=None)
        world.store._db.execute("UPDATE jobs SET state = ? WHERE id = ?", (last, end.id))
    world.store.change(end.id, last, origin=Origin(chain=ChainPlace(end.id, 2, 2, last=True)))
    step = world.store.add(
        world.request(), name="s", estimate=60, service_address="https://s.example",
        folder=end.folder, origin=Origin(chain=ChainPlace(end.id, 1, 2, last=False)),
    )  # fmt: skip
    model = end.folder / "repaired.glb"
    model.write_bytes(b"m" * 500)
    for state in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.READY):
        files = (ResultFile(model, "3D_MODEL"),)
        world.store.change(step.id, state, task_id="t", files=files)
    world.clock.time += 2 * NEW_SECONDS
    assert bool(planned(world).free) is goes
    assert bool(planned(world, limit=0).free) is goes


def test_what_was_fetched_before_a_failure_is_not_taken_for_placed(world: World) -> None:
    job = result(world, "lamp", state=State.READY)
    world.store._db.execute("UPDATE jobs SET state = ? WHERE id = ?", (State.FAILED, job.id))
    assert planned(world) == Plan((), 1000, unplaced=1)


def test_both_choices_at_once_are_the_two_plans(world: World) -> None:
    result(world, "lamp")
    result(world, "chair", state=State.READY)
    both = choices(world.store, [root(world)], now=world.clock.time)
    assert both == (planned(world), planned(world, unplaced=True))
    assert [freed(one) for one in both] == [["lamp"], ["lamp", "chair"]]


def test_a_use_in_a_file_never_saved_counts_for_a_while(world: World) -> None:
    job = result(world, "lamp")
    world.store.note_uses("", [job.folder / "p.png"])
    assert planned(world).used == 1
    world.clock.time += UNSAVED_SECONDS + 1
    assert freed(planned(world)) == ["lamp"]


@pytest.mark.parametrize("field", ["image", "images"])
def test_what_another_job_may_be_sent_with_stays(world: World, field: str) -> None:
    job = result(world, "lamp")
    picture = str(job.folder / "p.png")
    values: dict[str, object] = {"image": picture}
    operation = "trellis"
    if field == "images":
        operation, values = "image-gemini3pro", {"prompt": "a", "images": [picture]}
    world.store.add(
        world.request(operation, **values),
        name="next",
        estimate=1,
        service_address="https://s.example",
        folder=root(world) / "next",
    )
    assert planned(world) == Plan((), 1000, used=1)


def test_over_the_limit_the_oldest_go_first_and_new_ones_stay(world: World) -> None:
    for name in ("first", "second", "third"):
        result(world, name)
        world.clock.time += 60
    world.clock.time += NEW_SECONDS
    result(world, "today")
    assert freed(planned(world, limit=4000)) == []
    assert freed(planned(world, limit=3999)) == ["first"]
    assert freed(planned(world, limit=2500)) == ["first", "second"]
    assert freed(planned(world, limit=0)) == ["first", "second", "third"]


def test_the_steps_of_a_chain_share_a_folder_and_stay_together(world: World) -> None:
    last = result(world, "both", state=State.READY)
    chain = ChainPlace(last.id, 1, 2)
    world.store.change(last.id, State.READY, origin=Origin(chain=chain))
    result(world, "both", state=State.READY, origin=Origin(chain=replace(chain, last=False)))
    assert planned(world).unplaced == 1
    world.store.change(last.id, State.PLACED)
    assert freed(planned(world)) == ["both"]


def test_only_files_of_jobs_in_folders_of_their_own(world: World) -> None:
    job = result(world, "lamp")
    mine = job.folder / "notes.txt"
    mine.write_text("mine")
    outside = world.folder / "picture.png"
    outside.write_bytes(b"o")
    world.store.change(job.id, job.state, files=(*job.files, ResultFile(outside, "IMAGE")))
    elsewhere = plan(world.store, [world.folder / "other"], now=world.clock.time)
    assert elsewhere == Plan((), 0)
    carry_out(world.store, planned(world))
    assert [path.name for path in job.folder.iterdir()] == ["notes.txt"]
    assert outside.exists()


def test_what_changed_since_the_plan_stays(world: World) -> None:
    job = result(world, "lamp", state=State.READY)
    found = planned(world, unplaced=True)
    world.clock.time += 1
    world.store.change(job.id, State.PREPARING)
    assert carry_out(world.store, found) == 0
    assert all(file.path.is_file() for file in job.files)
