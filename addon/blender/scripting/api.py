"""Scripting: order, wait, look at the result, bring it in.

For scripts in ``blender -b --python`` and for the bpy module; ``docs/scripting.md`` tells how.
Import it as ``api`` of the installed extension. Scripts that wait block their Blender, which is
what a script without a window wants; the network work is done by the extension's worker process.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bpy

from ...catalog import InvalidRequest, Problem, UnknownOperation, get
from ...catalog.messages import error_message
from ...jobs.alternatives import (
    MOST_VARIATIONS,
    NotComparable,
    can_vary,
    compared,
    estimate_of,
    plans_of,
)
from ...jobs.inputs import check_inputs
from ...jobs.job import Failure, Job
from ...jobs.planner import Plan, Step
from ...jobs.results import model_files
from ...jobs.states import ACTIVE, State
from ...recipes.orders import plan_with
from ...recipes.post import Post, parse_post
from ...recipes.recipe import SHIPPED
from ...recipes.saved import BadRecipe, Recipes
from ...service import whole_files
from ...worker import streams
from ..core import account, paths, session
from ..placement.append_result import append_result
from ..placement.read_result import AppendFailed, PreparedByNewerBlender
from ..runtime import submission, worker_host
from ..runtime.job_monitor import note_placed
from ..runtime.prepare_here import prepare_here

__all__ = [
    "Failed",
    "InvalidRequest",
    "Result",
    "UnknownOperation",
    "estimate",
    "place",
    "recipes",
    "result",
    "submit",
    "submit_all",
    "wait",
]

if bpy.app.background:  # a script's own process, in which nobody works
    streams.in_utf8()
    whole_files.may_wait()

LOOK_EVERY: Final = 0.25
"""Seconds between two looks at the job list."""

Progress = Callable[[Sequence["Result"]], None]


class Failed(Exception):
    """It cannot be ordered, waited for or brought in; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Result:
    """A job as it stands. ``ok`` once it has ended well; ``failure`` says why it did not."""

    id: str
    """Names the job for ever; scripts may keep it and go on in another Blender."""
    operation: str
    name: str
    state: str
    """See ``jobs.states``."""
    ok: bool
    ended: bool
    """Whether nothing more happens to it by itself."""
    progress: int
    """Of the service's work, 0-100."""
    credits: int
    """Expected price."""
    task_id: str | None
    files: tuple[Path, ...]
    """Everything that was downloaded, with what was unpacked."""
    model: Path | None
    """The 3D file among them that shows the result best."""
    blend: Path | None
    """The .blend to append from; None for pictures and figures."""
    made: tuple[Path, ...]
    """Files that its recipe has written."""
    metadata: Mapping[str, Any]
    """Figures that came with the results, such as a volume."""
    failure: str
    """Empty unless it failed, or its files are of a kind that this Blender does not read."""


def submit(
    operation: str,
    *,
    name: str = "",
    recipe: str = "",
    then: str = "",
    budget: int = 0,
    agree_to_unknown_price: bool = False,
    **values: Any,
) -> str:
    """Queue an order and return the job's id; the worker starts with it at once.

    ``values`` are the operation's fields as the catalogue names them; pictures and models are
    paths or addresses. Where an operation takes a model's address only, a file goes ahead through
    the tool that ``estimate`` counts as well; the id is that of the order's own job.

    ``recipe`` names what is done with the result, ``then`` has steps as the column ``post`` of a
    batch, on top of the recipe's; the id is then that of the last order. Of what would take more
    than ``budget`` credits in all (0: whatever it takes) nothing more is sent. What has no
    known price, such as a version that this extension does not know, has to be agreed to. Raises
    UnknownOperation, InvalidRequest (nothing is sent then), and Failed without that, without a key
    or where the network may not be used.
    """
    steps = _steps_of(recipe)
    plan = plan_with([Step(operation, _plain(values))], then, steps)
    (job,) = _submit([plan], name, agree_to_unknown_price, parse_post(then, steps), budget)
    return job


def submit_all(
    operation: str,
    *,
    engines: Sequence[str] = (),
    variations: int = 1,
    name: str = "",
    recipe: str = "",
    then: str = "",
    budget: int = 0,
    agree_to_unknown_price: bool = False,
    **values: Any,
) -> list[str]:
    """Queue several orders of one wish, all or none, and return the id of each.

    Each of the operation and the ``engines`` that make the same makes so many ``variations``, 1 to
    4, whose given seeds differ. ``values`` have to be fields of each of them; ``recipe`` and
    ``then`` are done with each result, and ``budget`` is for all of it. The rest is as for
    ``submit``.
    """
    steps = _steps_of(recipe)
    plans = _plans(operation, engines, variations, values, then, steps)
    return _submit(plans, name, agree_to_unknown_price, parse_post(then, steps), budget)


def _submit(
    plans: Sequence[Plan], name: str, agree_to_unknown_price: bool, post: Post, budget: int
) -> list[str]:
    for plan in plans:
        check_inputs(plan)
    found = account.current()
    if found.key is None:
        raise Failed(found.trouble or "No API key was found. Set STUDIO3D_API_KEY.")
    online = account.online()
    if not online.allowed:
        raise Failed(f"{online.reason} Start Blender with --online-mode.")
    try:
        jobs = submission.submit_all(
            bpy.context,
            plans,
            name=name,
            agreed_to_unknown_price=agree_to_unknown_price,
            post=post,
            budget=budget,
        )
    except submission.PriceUnknown as unknown:
        raise Failed(f"{unknown} Agree with agree_to_unknown_price=True.") from None
    return [job.id for job in jobs]


def estimate(
    operation: str,
    *,
    engines: Sequence[str] = (),
    variations: int = 1,
    recipe: str = "",
    then: str = "",
    **values: Any,
) -> int | None:
    """Credits the same order, or all of the same orders, would cost with what follows them.

    None if that is not known.

    Raises as ``submit_all`` does for bad values.
    """
    plans = _plans(operation, engines, variations, values, then, _steps_of(recipe))
    found = estimate_of(plans)
    return found.total if found.is_known else None


def wait(
    *jobs: str, timeout: float | None = None, progress: Progress | None = None
) -> list[Result]:
    """Wait until every job has ended, well or not, and return their results in order.

    ``progress`` is called with the results after every look. Raises Failed after ``timeout``
    seconds or when the worker cannot run; the jobs go on at the service either way.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        results = [result(job) for job in jobs]
        if progress is not None:
            progress(results)
        if all(one.ended for one in results):
            return results
        if deadline is not None and time.monotonic() > deadline:
            raise Failed("It took longer than the script waits. wait() again goes on.")
        worker_host.ensure()
        if worker_host.trouble():
            raise Failed(worker_host.trouble())
        time.sleep(LOOK_EVERY)


def result(job: str) -> Result:
    """The job as it stands now; raises LookupError for an id that is not in the list."""
    return _result(session.store().get(job))


def place(
    job: str, *, location: tuple[float, float, float] | None = None
) -> list[bpy.types.Object]:
    """Bring a finished result into the scene, standing on ``location``, whatever stands there.

    Without one on the spot that was taken when it was ordered, or on the 3D cursor where it was
    ordered elsewhere and when it is brought in again; if something stands there, beside it.
    Returns the new objects, which are selected and in a collection of their own. May be called
    several times. Raises Failed.
    """
    known = session.store().get(job)
    if known.state is State.READY or known.state is State.PLACED:
        try:
            objects = append_result(bpy.context, known, location)
        except PreparedByNewerBlender as error:
            raise Failed(f"{prepare_here(known)} wait() waits for that.") from error
        except AppendFailed as error:
            raise Failed(str(error)) from error
        if known.state is State.READY:
            note_placed(known)
        return objects
    raise Failed(_result(known).failure or f"The job has not ended: it is {known.state}.")


def _result(job: Job) -> Result:
    files = tuple(path for file in job.files for path in (file.path, *file.contents))
    models = model_files(get(job.operation), job.files)
    failure = job.failure if job.state not in ACTIVE else None
    ok = job.state in {State.READY, State.PLACED}
    return Result(
        id=job.id,
        operation=job.operation,
        name=job.name,
        state=job.state.value,
        ok=ok,
        ended=job.state not in ACTIVE,
        progress=job.progress,
        credits=job.estimate,
        task_id=job.task_id,
        files=files,
        model=models[0] if models else None,
        blend=None if job.prepared is None else job.prepared.path,
        made=() if job.prepared is None else job.prepared.made,
        metadata={name: value for file in job.files for name, value in file.metadata.items()},
        failure=_words(failure) if not ok or job.is_kept else "",
    )


def _words(failure: Failure | None) -> str:
    return "" if failure is None else f"{failure.message} {failure.hint}".strip()


def recipes() -> tuple[str, ...]:
    """The names of all recipes, those that come along first."""
    return (*SHIPPED, *(one.name for one in Recipes(paths.places().recipes).saved()))


def _steps_of(recipe: str) -> str:
    """What is done by the recipe of that name; raises InvalidRequest."""
    try:
        return Recipes(paths.places().recipes).find(recipe).steps if recipe else ""
    except BadRecipe as error:
        raise InvalidRequest(recipe, (Problem("recipe", error_message(error)),)) from error


def _plans(
    operation: str,
    engines: Sequence[str],
    variations: int,
    values: Mapping[str, Any],
    then: str,
    recipe: str,
) -> list[Plan]:
    own = get(operation)
    if not 1 <= variations <= MOST_VARIATIONS:
        raise Failed(f"variations is {variations}; it has to be 1 to {MOST_VARIATIONS}.")
    if variations > 1 and not can_vary(own):
        raise Failed(f"Of {own.label} one result is ordered at a time.")
    try:
        made_by = compared(own, [engines] if isinstance(engines, str) else engines)
    except NotComparable as error:
        raise Failed(str(error)) from None
    alone = [plan for one in made_by for plan in plans_of(one, _plain(values), variations)]
    return [plan_with(plan.steps, then, recipe) for plan in alone]


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Paths as the catalogue takes them."""
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple):
        return tuple(_text(one) for one in value)
    if isinstance(value, Mapping):
        return {name: _text(one) for name, one in value.items()}
    return value
