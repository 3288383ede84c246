"""An error that nobody foresaw, at every step: it is told, tried again, and never paid twice."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from addon.jobs.job import Job
from addon.jobs.runner_deps import RunnerDeps
from addon.jobs.states import State
from addon.jobs.unforeseen import MOST_TRIES, words
from addon.service.errors import Charged
from tests.jobs.world import PENDING, World, glb

ODD = (
    KeyError("results"),
    ValueError("a\n" * 999),
    RecursionError(),
    OSError(2, "gone"),
    MemoryError(),
)


class Breaking:
    """Another's method that raises as often as it is told to, before or after its work."""

    def __init__(
        self, target: Any, name: str, error: Exception, *, times: int, after: bool
    ) -> None:
        self._target, self._name, self._error = target, name, error
        self._times, self._after = times, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        return self._broken(found) if name == self._name else found

    def _broken(self, found: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if self._times <= 0:
                return found(*args, **named)
            self._times -= 1
            if self._after:
                found(*args, **named)
            raise self._error

        return call


def broken(
    world: World, part: str, name: str, error: Exception, *, times: int = 1, after: bool = False
) -> None:
    context: RunnerDeps = world.runner.context
    breaking = Breaking(getattr(context, part), name, error, times=times, after=after)
    changed: dict[str, Any] = {part: breaking}
    world.runner.context = replace(context, **changed)


def to_the_end(world: World, job: Job) -> Job:
    world.serve("a.glb", glb())
    world.status(PENDING, world.finished(("a.glb", "3D_MODEL")))
    return world.until(job, State.READY)


@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    ("part", "name", "state", "charged"),
    [
        pytest.param(
            "service",
            "status",
            State.PENDING,
            Charged.GOES_ON,
            marks=pytest.mark.fault(
                "An error nobody foresaw while a task is watched",
                "Told, and the next try is as any; paid once",
            ),
        ),
        pytest.param(
            "fetcher",
            "fetch",
            State.DOWNLOADING,
            Charged.SPENT,
            marks=pytest.mark.fault(
                "An error nobody foresaw while a result is fetched",
                "Told, and the next try is as any; paid once",
            ),
        ),
        pytest.param(
            "preparer",
            "prepare",
            State.PREPARING,
            Charged.SPENT,
            marks=pytest.mark.fault(
                "An error nobody foresaw while a result is prepared",
                "Told, and the next try is as any; paid once",
            ),
        ),
    ],
)
def test_it_is_told_and_the_next_try_is_as_any(
    world: World, part: str, name: str, state: State, charged: Charged, error: Exception
) -> None:
    job = world.add(prepared=True)
    broken(world, part, name, error)
    world.serve("a.glb", glb())
    world.status(world.finished(("a.glb", "3D_MODEL")))
    world.until(job, state)
    world.runner.tick()
    failure = world.store.get(job.id).failure
    assert failure is not None
    assert (failure.code, failure.charged) == ("unforeseen", charged)
    assert type(error).__name__ in failure.message
    assert to_the_end(world, job).failure is None
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "An error nobody foresaw while an order is sent",
    "Called unknown and never sent again by itself",
)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
def test_what_may_have_been_sent_is_not_sent_again(
    world: World, error: Exception, after: bool
) -> None:
    job = world.add()
    broken(world, "service", "submit", error, times=9, after=after)
    found = world.until(job, State.UNKNOWN)
    world.run(3600)
    assert found.failure is not None
    assert found.failure.charged is Charged.UNKNOWN
    assert world.server.count("POST") == (1 if after else 0)


@pytest.mark.fault(
    "An error nobody foresaw before an order is sent",
    "A few tries, then the job ends; nothing was charged",
)
def test_what_cannot_be_sent_ends_after_a_while_and_costs_nothing(
    world: World, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (256, 256)).save(picture)
    job = world.add("tencent-pro", image=str(picture))

    tries: list[float] = []

    def break_down(*_: object) -> Any:
        tries.append(world.clock.time)
        raise RuntimeError("header")

    world.runner.context = replace(world.runner.context, read_image=break_down)
    found = world.until(job, State.FAILED, within=3600)
    assert len(tries) == MOST_TRIES + 1
    assert 60 < tries[-1] - tries[0] < 1800
    assert found.failure is not None
    assert found.failure.charged is Charged.NO
    assert world.server.count("POST") == 0


@pytest.mark.fault(
    "An error nobody foresaw at every question for a day",
    "Asked as long as there can be a result, then said to have failed",
)
def test_what_goes_on_at_the_service_is_given_up_when_its_result_is_gone(world: World) -> None:
    job = world.add()
    broken(world, "service", "status", KeyError("status"), times=10_000)
    world.run(900)
    assert world.store.get(job.id).state is State.PENDING
    world.clock.time += 24 * 3600
    found = world.until(job, State.FAILED, within=2 * 3600)
    assert found.failure is not None
    assert found.failure.code == "unforeseen"


@pytest.mark.fault(
    "An error nobody foresaw each time a result is prepared",
    "Given up after some tries; the files are kept",
)
def test_a_result_that_is_never_prepared_is_kept(world: World) -> None:
    job = world.add(prepared=True)
    broken(world, "preparer", "prepare", KeyError("figures"), times=99)
    world.serve("a.glb", glb())
    world.status(world.finished(("a.glb", "3D_MODEL")))
    found = world.until(job, State.FAILED)
    assert found.failure is not None
    assert "KeyError" in found.failure.message
    assert all(file.path.is_file() for file in found.files)


def test_what_an_error_says_is_a_short_line_that_any_file_takes() -> None:
    assert words(ValueError("a\ud800\n  b")) == "ValueError: a? b"
    assert len(words(ValueError("x" * 10_000))) < 400
