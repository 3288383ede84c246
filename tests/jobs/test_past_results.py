"""Results of the past, as the Results panel asks for them."""

from pathlib import Path
from typing import Any

from addon.jobs.job import Job, ResultFile
from addon.jobs.origin import ChainPlace, Origin
from addon.jobs.states import State
from tests.jobs.world import World

FILE = ResultFile(Path("/r/a.glb"), "3D_MODEL")


def result(world: World, prompt: str, *, state: State = State.PLACED, **changes: object) -> Job:
    """A job with a result, a second younger than the one before."""
    job = world.add(prompt=prompt)
    world.clock.time += 1
    for step in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.READY):
        job = world.store.change(job.id, step)
    files: dict[str, Any] = {"files": (FILE,), "task_id": job.id, **changes}
    return world.store.change(job.id, state, **files)


def found(world: World, text: str = "", **options: Any) -> list[object]:
    jobs, _ = world.store.results(**{"text": text, "limit": 10, **options})
    return [job.values["prompt"] for job in jobs]


def test_newest_first_and_only_what_has_a_result(world: World) -> None:
    result(world, "old")
    result(world, "new", state=State.READY)
    result(world, "without files", files=())
    world.add(prompt="waiting")
    assert found(world) == ["new", "old"]


def test_also_what_was_taken_off_the_list(world: World) -> None:
    job = result(world, "a chair")
    world.store.take_off_list(job.id)
    assert world.store.all() == []
    assert found(world) == ["a chair"]


def test_page_by_page(world: World) -> None:
    for number in range(5):
        result(world, f"p{number}")
    assert found(world, limit=2, offset=2) == ["p2", "p1"]
    assert world.store.results(limit=2)[1] == 5


def test_by_name_or_prompt_and_every_letter_as_itself(world: World) -> None:
    result(world, "ein Fuß_ball, 100 % Leder \\ Gummi")
    result(world, "a red car")
    for text in ("ball", " BALL ", "Fuß_", "100 %", "\\"):
        assert found(world, text) == ["ein Fuß_ball, 100 % Leder \\ Gummi"], text
    assert len(found(world, "a chair")) == 2  # the name that the test's jobs all have
    for text in ("re_ car", "a%car", "chairs"):
        assert found(world, text) == [], text


def test_not_what_has_nothing_to_show(world: World) -> None:
    result(world, "figures")
    assert found(world, among=["repair", "other"]) == []


def test_not_the_steps_that_another_went_on_with(world: World) -> None:
    for prompt, last in (("first", False), ("last", True)):
        result(world, prompt, origin=Origin(chain=ChainPlace("c", 1, 2, last)))
    assert found(world) == ["last"]
