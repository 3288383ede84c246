"""What a run has to keep to, in numbers."""

from collections.abc import Iterator, Sequence
from typing import Final

from addon.jobs.charges import ChargeStatus, charge_of
from addon.jobs.states import ACTIVE, State
from addon.worker.log_file import BACKUPS, MAX_BYTES
from tests.soak.measures import Sample
from tests.soak.run import CRASH, FINAL, OPEN, SLOW, Outcome

MEGABYTE: Final = 1024 * 1024
MEMORY: Final = 100 * MEGABYTE
GROWTH: Final = 12 * MEGABYTE
"""Memory that a worker may take more at the end than when it was warm."""
STORE_PER_JOB: Final = 6 * 1024
STORE_EMPTY: Final = 256 * 1024
BOUNDS: Final = {
    "memory": MEMORY,
    "handles": 64,
    "threads": 12,
    "children": 2,
    "wal": 12 * MEGABYTE,
    "logs": MAX_BYTES * (BACKUPS + 1) + 256 * 1024,
}
"""The most of each that may be seen."""
WARM: Final = 100
"""Jobs after which a worker has loaded and seen all it needs; before it just begins."""


def faults(run: Outcome) -> list[str]:
    """Everything that is not as it has to be."""
    return [
        *_lost(run),
        *_paid(run),
        *_unbounded(run),
        *(f"left behind: {one}" for one in run.left),
    ]


def _lost(run: Outcome) -> Iterator[str]:
    if len(run.jobs) < run.plan.jobs:
        yield f"{run.plan.jobs - len(run.jobs)} jobs are gone"
    for job in run.jobs:
        if job.state in ACTIVE:
            yield f"{job.id} is still {job.state}"
        if job.state in {State.READY, State.PLACED}:
            paths = [path for file in job.files for path in (file.path, *file.contents)]
            paths += [job.prepared.path] if job.prepared is not None else []
            if not job.files or not all(path.is_file() for path in paths):
                yield f"{job.id} has lost files"
            if job.wants_prepared and job.prepared is None:
                yield f"{job.id} was never prepared"
        elif job.failure is None or not job.failure.message or job.failure.charged is None:
            yield f"{job.id} is {job.state}, and nobody says why"
    ended_badly = [job for job in run.jobs if job.state is State.FAILED]
    crashes = sum(job.name == CRASH for job in run.jobs)
    allowed = crashes + sum(run.armed[name] for name in (*FINAL, "task-asset-null"))
    if len(ended_badly) > allowed:
        said = [job.failure.message for job in ended_badly if job.failure is not None]
        yield f"{len(ended_badly)} jobs failed, {allowed} had to: {sorted(set(said))}"
    unknown = run.count(State.UNKNOWN)
    allowed = sum(run.armed[name] for name in (*OPEN, *SLOW)) + 4 * len(run.plan.kills)
    if unknown > allowed:
        yield f"of {unknown} orders nobody knows, {allowed} at most had to be"


def _paid(run: Outcome) -> Iterator[str]:
    spent = {one["task"]: -one["amount"] for one in run.charges if one["kind"] == "spent"}
    refunded = {one["task"]: one["amount"] for one in run.charges if one["kind"] == "refunded"}
    known = [job for job in run.jobs if job.task_id is not None]
    tasks = {job.task_id for job in known}
    if len(tasks) < len(known):
        yield "two jobs have one task"
    if not tasks <= spent.keys():
        yield "a job has a task that nobody paid for"
    lost = spent.keys() - tasks
    if len(lost) > run.count(State.UNKNOWN):
        yield f"{len(lost)} tasks were paid, and no job knows of them"
    if len(spent) > len(run.jobs):
        yield f"{len(spent)} tasks were paid for {len(run.jobs)} jobs"
    back = {job.task_id for job in known if charge_of(job).fate is ChargeStatus.REFUNDED}
    if back != refunded.keys():
        yield f"refunded are {sorted(refunded)}, and said to be {sorted(map(str, back))}"
    paid = sum(amount for task, amount in spent.items() if task in tasks - refunded.keys())
    unclear = [job for job in known if charge_of(job).fate is ChargeStatus.UNKNOWN]
    said = run.credits.spent + sum(charge_of(job).credits for job in unclear)
    if paid != said:
        yield f"{paid} credits were spent, {said} are said to be"


def _unbounded(run: Outcome) -> Iterator[str]:
    first, last = warm(run.samples), run.samples[-1]
    if last.ended - first.ended > WARM and last.memory - first.memory > GROWTH:
        yield f"memory grew from {first.memory} to {last.memory} bytes"
    for name, most in BOUNDS.items():
        found = max(getattr(one, name) for one in run.samples)
        if found > most:
            yield f"{name}: {found}, and {most} at most"
    if last.store > STORE_EMPTY + STORE_PER_JOB * last.ended:
        yield f"the store has {last.store} bytes"


def warm(samples: Sequence[Sample]) -> Sample:
    """The last worker when it was warm; its first look where it did not live as long."""
    life = [one for one in samples if one.pid == samples[-1].pid]
    return next((one for one in life if one.ended >= life[0].ended + WARM), life[0])
