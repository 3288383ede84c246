"""A clock that was wrong, and was set right while jobs were waiting."""

import pytest

from addon.jobs.states import State
from addon.service.throttle import WINDOW
from tests.jobs.world import IN_PROGRESS, PENDING, RAPID, World, glb
from tests.service.scripted_server import Answer, Asked, json_answer

DAY = 24 * 3600.0


@pytest.mark.fault(
    "The clock is set by hours, a day or months while jobs run", "They go on at once; paid once"
)
@pytest.mark.parametrize("hours", [-2000, -24, -2, 2, 24])
@pytest.mark.parametrize("at", [State.PENDING, State.RUNNING])
def test_jobs_go_on_at_once(world: World, hours: int, at: State) -> None:
    job = world.add(prepared=True)
    world.serve("a.glb", glb())
    world.status(PENDING, IN_PROGRESS, world.finished(("a.glb", "3D_MODEL")))
    world.until(job, at)
    world.clock.time += hours * 3600
    for _ in range(20):
        world.runner.tick()
        world.clock.time += 15
    assert world.store.get(job.id).state is State.READY
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "The clock is set back a day after orders were sent", "The next ones wait for a minute at most"
)
def test_what_was_sent_in_the_future_holds_up_for_one_window(world: World) -> None:
    numbers = iter(range(1, 9))

    def take(_: Asked) -> Answer:
        return json_answer({"task_id": f"t-{next(numbers)}"}, 201)

    world.server.on("POST", RAPID, take)
    for number in range(1, 9):
        world.status(PENDING, task_id=f"t-{number}")
    for _ in range(3):
        world.add()
    world.run(5)
    assert world.server.count("POST") == 3
    world.clock.time -= DAY
    for _ in range(3):
        world.add()
    world.run(WINDOW / 2)
    assert world.server.count("POST") == 3
    world.run(WINDOW)
    assert world.server.count("POST") == 6


@pytest.mark.fault(
    "The clock is set back while the service asks to wait", "The wait does not become a day"
)
def test_a_pause_of_another_day_is_none(world: World) -> None:
    world.store.pause_submits(world.runner.context.account, world.clock.time + 300)
    world.clock.time -= DAY
    world.status(PENDING)
    job = world.add()
    world.until(job, State.PENDING, within=60)
