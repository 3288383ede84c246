"""The figures of a run as a page of the documents."""

from collections.abc import Iterator
from typing import Final

from addon.jobs.charges import ChargeStatus, charge_of
from addon.jobs.states import State
from tests.soak import judge
from tests.soak.judge import MEGABYTE
from tests.soak.run import CRASH, Outcome

PAGE = """# The long run

{jobs} jobs through the real worker against the [sandbox](sandbox.md), which was in trouble all
the time; `make soak` does it and writes this page. {at_once} orders are under way at a time, and
a program that does nothing stands in for the background Blender. A short one is part of
`make test`.

## What went wrong

{armed} faults were armed, of {kinds} kinds: broken connections, lost answers, errors of the
service and of gateways, "too many", refused credits, damaged and cut downloads, expired links,
tasks that fail or give out no file. {crashes} times the preparation of a result crashed, {kills}
times the worker was killed.

## What came of it

| of {jobs} orders | |
|---|---|
| placed | {placed} |
| failed, as they had to; credits given back | {refunded} |
| failed, as they had to; the rest | {failed} |
| sent, and nobody knows whether they arrived | {unknown} |
| lost | 0 |
| paid twice | 0 |

The service's own book has {spent} credits spent and {back} given back; the job list says the
same. No receipt, no unfinished download and no temporary folder was left.

## What it took

| | after {first} jobs | at the end | most | bound |
|---|---|---|---|---|
{rows}

It took {minutes:.0f} minutes. The first column is of the worker that lived to the end, when it was
warm; the bounds are those of the test, which fails beyond them.
"""


def page(run: Outcome, *, minutes: float) -> str:
    """Fill in the page."""
    fates = [charge_of(job).fate for job in run.jobs if job.state is State.FAILED]
    refunded = fates.count(ChargeStatus.REFUNDED)
    return PAGE.format(
        jobs=run.plan.jobs,
        at_once=run.plan.at_once,
        armed=sum(run.armed.values()),
        kinds=len(run.armed),
        crashes=sum(job.name == CRASH and job.wants_prepared for job in run.jobs),
        kills=len(run.plan.kills),
        placed=run.count(State.PLACED, State.READY),
        refunded=refunded,
        failed=len(fates) - refunded,
        unknown=run.count(State.UNKNOWN),
        spent=-sum(one["amount"] for one in run.charges if one["kind"] == "spent"),
        back=sum(one["amount"] for one in run.charges if one["kind"] == "refunded"),
        first=judge.warm(run.samples).ended,
        rows="\n".join(_rows(run)),
        minutes=minutes,
    )


def _rows(run: Outcome) -> Iterator[str]:
    """What was measured, line by line."""
    first, last = judge.warm(run.samples), run.samples[-1]
    for words, name, scale in MEASURED:
        numbers = [
            getattr(first, name),
            getattr(last, name),
            max(getattr(one, name) for one in run.samples),
            judge.BOUNDS[name],
        ]
        yield f"| {words} | " + " | ".join(_number(one / scale) for one in numbers) + " |"
    per_job = [one.store / max(one.ended, 1) / 1024 for one in (first, last)]
    bound = judge.STORE_PER_JOB / 1024
    yield f"| job list, KB a job | {per_job[0]:.1f} | {per_job[1]:.1f} | | {bound:g} |"


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.1f}"


MEASURED: Final = (
    ("memory of the worker, MB", "memory", MEGABYTE),
    ("open handles", "handles", 1),
    ("threads", "threads", 1),
    ("processes it started", "children", 1),
    ("journal of the job list, MB", "wal", MEGABYTE),
    ("log files, MB", "logs", MEGABYTE),
)
"""What it is, its name in a sample, and what it is told in."""
