"""A job list of somebody who has worked with it for years."""

import sqlite3
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from addon.jobs import rows
from addon.jobs.job import Failure, Job, Prepared, ResultFile
from addon.jobs.origin import ChainPlace, OpenFile, Origin, Placement, Spot
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.errors import Charged

DAY: Final = 24 * 3600.0
A_DAY: Final = 40
"""Jobs: the last month has over a thousand of them."""
FAILED_EACH: Final = 10
UNPLACED_EACH: Final = 7
TAKEN_OFF_EACH: Final = 3
"""Every how manieth failed, was not placed, or is no longer listed."""
CHAIN: Final = "c" * 32
"""In place of the job's own id."""
OPERATIONS: Final = ("tencent-rapid", "tencent-pro", "convert", "repair")


def fill(path: Path, finished: int, *, active: int, address: str, now: float) -> None:
    """Make the list at ``path``: ``finished`` jobs, and ``active`` ones that were asked for since.

    Times are unix seconds; the finished ones go back from ``now`` at the pace of ``A_DAY``. Those
    under way were asked for from ``scene.blend`` beside the list, the others from another file.
    """
    Store(path, durable=False).close()
    made = sqlite3.connect(path)
    names = ", ".join(f'"{name}"' for name in rows.COLUMNS)
    marks = ", ".join("?" * len(rows.COLUMNS))
    with made:
        made.executemany(
            f"INSERT INTO jobs ({names}) VALUES ({marks})",  # noqa: S608 - names of our own
            _stored(path.parent, finished, active, address, now),
        )
    made.close()


def _stored(
    home: Path, finished: int, active: int, address: str, now: float
) -> Iterator[tuple[Any, ...]]:
    """What the table holds of each, the oldest first: written once for each kind of job."""
    kinds: dict[tuple[bool, ...], dict[str, Any]] = {}
    for number in range(finished):
        kind = tuple(number % each == 0 for each in (FAILED_EACH, UNPLACED_EACH, TAKEN_OFF_EACH))
        if kind not in kinds:
            kinds[kind] = _encoded(_finished(home, address, *kind))
        at = now - DAY - (finished - number) * DAY / A_DAY
        operation = OPERATIONS[number % len(OPERATIONS)]
        own = _own(number, at, kinds[kind]["origin"])
        yield tuple({**kinds[kind], **own, "operation": operation}.values())
    waiting = _encoded(under_way(home, address))
    for number in range(finished, finished + active):
        at = now - 60.0 + (number - finished) / active
        own = _own(number, at, waiting["origin"])
        yield tuple({**waiting, **own, "finished_at": None}.values())


def _own(number: int, at: float, origin: str) -> dict[str, Any]:
    """What no two jobs have in common."""
    job_id = f"{number:032x}"
    return {
        "id": job_id,
        "origin": origin.replace(CHAIN, job_id),
        "name": f"Object {number}",
        "created_at": at,
        "updated_at": at + 90.0,
        "task_id": f"task-{number}",
        "submitted_at": at + 1.0,
        "finished_at": at + 60.0,
    }


def _encoded(job: Job) -> dict[str, Any]:
    return {field.name: rows.encode(field.name, getattr(job, field.name)) for field in fields(Job)}


def under_way(home: Path, address: str) -> Job:
    """A job the service is at, asked for from a file that is not open."""
    return Job(
        id="0" * 32,
        operation="tencent-rapid",
        values={"prompt": "a chair of oak with a seat of leather, worn by years of use"},
        mode=None,
        name="",
        state=State.RUNNING,
        service_address=address,
        folder=home / "results",
        created_at=0.0,
        updated_at=0.0,
        progress=30,
        estimate=35,
        origin=_origin(home / "scene.blend"),
        wants_prepared=True,
    )


def _finished(home: Path, address: str, failed: bool, unplaced: bool, taken_off: bool) -> Job:
    job = replace(
        under_way(home, address),
        listed=not taken_off,
        progress=100,
        origin=_origin(home / "other.blend"),
    )
    if failed:
        words = ("The service could not do it.", "Change the input or the settings.")
        failure = Failure("task_failed", *words, Charged.REFUNDED)
        return replace(job, state=State.FAILED, failure=failure)
    model = home / "results" / "model.glb"
    prepared = Prepared(
        home / "results" / "model.blend",
        (4, 2, 0),
        "Chair",
        12_000,
        (1.0, 2.0, 3.0),
        {"triangles": 12_000, "polygons": 12_000, "bytes": 900_000},
        home / "results" / "model.png",
    )
    return replace(
        job,
        state=State.READY if unplaced else State.PLACED,
        files=(ResultFile(model, "3D_MODEL", {}, 0, (), (), ("900000-0badcafe",)),),
        prepared=prepared,
    )


def _origin(blend: Path) -> Origin:
    file = OpenFile(str(blend), "f" * 32, "e" * 32, "Scene", 7)
    chain = ChainPlace(CHAIN)
    return Origin(file, chain=chain, placement=Placement(spot=Spot((0.0,) * 3, (1.0,) * 3)))
