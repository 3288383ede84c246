"""The job store: one SQLite file per user, shared by every process that touches jobs.

Writers are Blender (adds rows, user's decisions, PLACED) and runners (everything else). A runner
holds a row by a lease; a user's decision takes it away, and the runner's next write then raises
LeaseLost instead of undoing the decision.
"""

import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from . import rows
from .account_notes import WalletNote
from .changes import AMONG, Changes, listed_ids
from .clock import Clock
from .errors import IllegalTransition, LeaseLost, UnknownJob
from .job import Export, Job, new_job_id
from .origin import Origin
from .paths import with_absolute_paths
from .states import ACTIVE, AT_SERVICE, IN_BACKGROUND, TRANSITIONS, State

if TYPE_CHECKING:
    from ..catalog import Request

__all__ = [
    "LEASE_SECONDS",
    "Store",
    "WalletNote",
    "new_job_id",
]

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""How long a silent runner keeps a row; a working one renews it well before."""

NOBODY_WAITS = 3600.0
"""Seconds; no wait and no lease is as long, unless the clock was wrong when it was written down."""

REMOVABLE = frozenset(State) - ACTIVE | {State.QUEUED}
FIXED_COLUMNS = frozenset({"id", "state", "created_at", "updated_at"})

RESULTS = "INDEXED BY results_by_age WHERE is_result"
"""In SQL what has a result to show; SQLite would look for it among all jobs."""

_COLUMNS = ", ".join(f'"{name}"' for name in rows.COLUMNS)


class Store(Changes):
    """Jobs, wallet and submit slots in one file. Methods may be called from any thread.

    A row that this version cannot read, because it was damaged or is a newer version's, is in
    nobody's way: it stays in the file, is in no list, and ``unreadable`` tells of it.

    A list holds the very jobs of the lists before it, as long as somebody has those and nobody has
    written them since: only what has changed is read.
    """

    def __init__(self, path: Path, *, durable: bool = True, clock: Clock | None = None) -> None:
        """Open or make the file; raises StoreUnusable."""
        super().__init__(path, durable=durable, clock=clock)
        self.unreadable: frozenset[str] = frozenset()
        """Ids of the rows that could not be read so far."""
        self._known: WeakValueDictionary[str, Job] = WeakValueDictionary()
        """By id; none that was changed later than the change ``_known_as_of``."""
        self._known_as_of = 0

    # -- reading -------------------------------------------------------------------------

    @contextmanager
    def look(self) -> Iterator[None]:
        """All that is asked in the block is answered of one moment; nothing is written in it."""
        with self._lock, self._as_of_now() as is_certain:
            self._is_looking = is_certain
            try:
                yield
            finally:
                self._is_looking = False

    def get(self, job_id: str) -> Job:
        """Return the job; raises UnknownJob."""
        found = self._read([self._row(job_id)])
        if not found:
            raise UnknownJob(job_id)
        return found[0]

    def all(self, limit: int = 200) -> list[Job]:
        """The jobs of the list, the newest first."""
        return self._select(
            "INDEXED BY jobs_listed WHERE listed ORDER BY created_at DESC, rowid DESC LIMIT ?",
            limit,
        )

    def everything(self) -> list[Job]:
        """Every job there is, also those taken off the list; oldest first."""
        return self._select("ORDER BY created_at, rowid")

    def some(self, ids: Collection[str]) -> list[Job]:
        """Those of the named jobs that there are, oldest first."""
        if not ids:
            return []
        return self._select(f"WHERE {AMONG} ORDER BY created_at, rowid", listed_ids(ids))

    def order_of(self, job: Job) -> list[Job]:
        """All jobs of the order that the job is a step of, in the sequence they run."""
        if job.origin.chain is None:
            return [job]
        return self._select("WHERE chain = ? ORDER BY created_at, rowid", job.origin.chain.id)

    def active(self) -> list[Job]:
        """Jobs a runner has to move forward, oldest first."""
        return self._select(
            f"INDEXED BY jobs_active WHERE state IN {_sql_list(ACTIVE)} ORDER BY created_at, rowid"
        )

    def any_active(self, service_address: str) -> bool:
        """Whether there are jobs at that address that a runner has to move forward."""
        with self._lock:
            found = self._db.execute(
                "SELECT 1 FROM jobs INDEXED BY jobs_active"
                f" WHERE state IN {_sql_list(ACTIVE)} AND service_address = ? LIMIT 1",
                (service_address,),
            ).fetchone()
        return found is not None

    def placeable(self, opened: Collection[str], blend: str) -> list[Job]:
        """Prepared results nobody has placed, asked for from that file; oldest first.

        ``opened`` names openings of the file and ``blend`` its path, as ``Job.origin`` has them.
        """
        waiting = "listed AND state = 'READY' AND prepared IS NOT NULL AND failure IS NULL"
        # Not one condition with OR: for that SQLite looks at all results that nobody placed.
        return self._select(
            "WHERE id IN ("
            f"SELECT id FROM jobs INDEXED BY jobs_by_opening WHERE {waiting}"
            " AND opened IN (SELECT value FROM json_each(?))"
            f" UNION ALL SELECT id FROM jobs INDEXED BY jobs_by_blend WHERE {waiting}"
            " AND blend = NULLIF(?, '')) ORDER BY created_at, rowid",
            json.dumps(list(opened)),
            blend,
        )

    def find_task(self, service_address: str, task_id: str) -> Job | None:
        """The job that holds this task of the service, if any."""
        found = self._select("WHERE service_address = ? AND task_id = ?", service_address, task_id)
        return found[0] if found else None

    def name_of_file(self, path: str) -> str:
        """The name of the newest job that has this file among its results; "" if none has."""
        with self._lock:
            found = self._db.execute(
                "SELECT name FROM jobs WHERE instr(files, ?) ORDER BY created_at DESC LIMIT 1",
                (json.dumps(path, ensure_ascii=False),),
            ).fetchone()
        return "" if found is None else str(found["name"])

    def results(
        self, *, text: str = "", among: Collection[str] | None = None, limit: int, offset: int = 0
    ) -> tuple[list[Job], int]:
        """Jobs with results to show, also those taken off the list; newest first, and how many.

        ``text`` has to be in the name or the prompt; ``among`` names the operations to choose
        from; None means all. Steps that another one went on with are left out.
        """
        kinds = "" if among is None else " AND operation IN (SELECT value FROM json_each(?))"
        given = () if among is None else (json.dumps(list(among)),)
        newest_first = "ORDER BY created_at DESC, rowid DESC"
        text = text.strip()
        with self._lock, self._as_of_now() as is_certain:
            if text:
                pattern = f"%{_escaped(text)}%"
                found = self._db.execute(
                    f"SELECT id FROM jobs {RESULTS}{kinds} AND (name LIKE ? ESCAPE '\\'"
                    f" OR {_of('values', 'prompt')} LIKE ? ESCAPE '\\') {newest_first}",
                    (*given, pattern, pattern),
                ).fetchall()
                count, shown = len(found), found[offset : offset + limit]
            else:
                (count,) = self._db.execute(
                    f"SELECT SUM(results) FROM tallies WHERE TRUE{kinds}", given
                ).fetchone()
                shown = self._db.execute(
                    f"SELECT id FROM jobs {RESULTS}{kinds} {newest_first} LIMIT ? OFFSET ?",
                    (*given, limit, offset),
                ).fetchall()
            jobs = self._jobs([row["id"] for row in shown], is_certain=is_certain)
        return jobs, int(count or 0)

    def results_version(self) -> int:
        """A number that differs whenever any of the ``results`` was written, came or went."""
        with self._lock:
            (changes,) = self._db.execute("SELECT SUM(changes) FROM tallies").fetchone()
        return int(changes or 0)

    # -- writing -------------------------------------------------------------------------

    def add(
        self,
        request: "Request",
        *,
        name: str,
        estimate: int,
        service_address: str,
        folder: Path,
        origin: Origin | None = None,
        wants_prepared: bool = False,
        keeps_place: bool = False,
        export: Export | None = None,
        save_as: Path | None = None,
        job_id: str = "",
    ) -> Job:
        """Queue a validated request; local files in it are remembered by absolute path.

        ``job_id`` is for a job that others refer to already; by default it gets a new one.
        """
        now = self._clock.now()
        absolute = with_absolute_paths(request)
        job = Job(
            id=job_id or new_job_id(),
            operation=absolute.operation,
            values=absolute.values,
            mode=absolute.mode,
            name=name,
            state=State.QUEUED,
            service_address=service_address,
            folder=folder.absolute(),
            created_at=now,
            updated_at=now,
            estimate=estimate,
            origin=origin or Origin(),
            wants_prepared=wants_prepared,
            keeps_place=keeps_place,
            export=export,
            save_as=save_as,
        )
        with self._transaction():
            self._insert(job)
        return job

    def add_task(
        self,
        task_id: str,
        *,
        operation: str,
        service_address: str,
        folder: Path,
        submitted_at: float,
    ) -> Job:
        """Take in a task that the service has already, whoever ordered it, to be followed."""
        now = self._clock.now()
        job = Job(
            id=new_job_id(),
            operation=operation,
            values={},
            mode=None,
            name=task_id,
            state=State.PENDING,
            service_address=service_address,
            folder=folder.absolute(),
            created_at=now,
            updated_at=now,
            task_id=task_id,
            submitted_at=submitted_at,
        )
        with self._transaction():
            self._insert(job)
        return job

    def change(
        self,
        job_id: str,
        state: State,
        *,
        owner: str | None = None,
        expected: State | None = None,
        **changes: Any,
    ) -> Job:
        """Move a job to ``state`` (or keep it there) and set any of the Job's other fields.

        A runner passes itself as ``owner`` and gets LeaseLost if the row is no longer its own.
        Without ``owner`` it is a user's decision: the lease ends, and ``expected`` may name the
        state it was made about. ``attempts`` starts from zero in a new state unless given.
        Raises UnknownJob, IllegalTransition, LeaseLost.
        """
        with self._transaction():
            row = self._row(job_id)
            if owner is not None and row["owner"] != owner:
                raise LeaseLost(job_id)
            current = State(row["state"])
            if expected is not None and current != expected:
                raise IllegalTransition(f"The job is {current} by now, no longer {expected}.")
            if state != current:
                if state not in TRANSITIONS[current]:
                    raise IllegalTransition(f"A job in {current} cannot become {state}.")
                changes.setdefault("attempts", 0)
            self._update(job_id, {"state": state, **changes}, end_lease=owner is None)
        return self.get(job_id)

    def record_submitted(self, job: Job, task_id: str, *, next_at: float) -> Job:
        """Write down the task id of a paid submission, whatever became of the row meanwhile.

        Normally the row is SUBMITTING and becomes PENDING. If it was given up as UNKNOWN, or even
        queued again, the answer settles that too. If the row cannot take the id any more (sent a
        second time, or removed), a new row is made for this task: what was paid for is not lost.
        One that has been written down already stays as it is.
        """
        with self._transaction():
            found = self._db.execute(
                "SELECT state, task_id, submitted_at FROM jobs WHERE id = ?", (job.id,)
            ).fetchone()
            if found is not None and found["task_id"] == task_id:
                return self.get(job.id)
            if found is not None and found["task_id"] is None:
                state = State(found["state"])
                same_try = found["submitted_at"] == job.submitted_at
                if state is State.ABANDONED:
                    self._update(job.id, {"task_id": task_id})
                    return self.get(job.id)
                if same_try and State.PENDING in TRANSITIONS[state]:
                    self._update(
                        job.id,
                        {
                            "state": State.PENDING,
                            "task_id": task_id,
                            "next_at": next_at,
                            "attempts": 0,
                            "failure": None,
                        },
                    )
                    return self.get(job.id)
            late = replace(
                job,
                id=new_job_id(),
                state=State.PENDING,
                task_id=task_id,
                next_at=next_at,
                attempts=0,
                failure=None,
            )
            self._insert(late)
            return late

    def remove(self, job_id: str, *, expected: State) -> None:
        """Forget a job in the state in which that was decided; files on disk stay.

        Another process or thread may have sent it since, and what became of that must not be
        forgotten. Raises UnknownJob, and IllegalTransition where it is in another state, or under
        way.
        """
        with self._transaction():
            state = State(self._removable(job_id)["state"])
            if state is not expected:
                raise IllegalTransition(f"The job is {state} by now, no longer {expected}.")
            self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def take_off_list(self, job_id: str) -> None:
        """Show a job no longer among the jobs; one that was never sent is forgotten.

        What was sent has cost something, and its result may be wanted: both stay known. Raises
        IllegalTransition while it is under way.
        """
        with self._transaction():
            row = self._removable(job_id)
            if row["submitted_at"] is None and row["task_id"] is None:
                self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
            else:
                self._update(job_id, {"listed": False})

    def forget_files(self, job_ids: Collection[str]) -> None:
        """The jobs' files were deleted; one that could only wait for them leaves the list."""
        with self._transaction():
            for job_id in job_ids:
                gone: dict[str, Any] = {"files": (), "prepared": None}
                if self._row(job_id)["state"] == State.READY:
                    gone["listed"] = False
                self._update(job_id, gone)

    def note_charged(self, job_id: str, taken: int) -> None:
        """Write down what the balance says a job has cost."""
        with self._transaction():
            self._update(job_id, {"charged": taken}, end_lease=False)

    def note_origin(self, job_id: str, origin: Origin) -> None:
        """Write down where the job belongs by now; who works on it goes on."""
        with self._transaction():
            self._update(job_id, {"origin": origin}, end_lease=False)

    def any_refund_since(self, service_address: str, since: float) -> bool:
        """Whether a job failed at the service since then, which gives credits back."""
        with self._lock:
            (failed,) = self._db.execute(
                "SELECT COUNT(*) FROM jobs WHERE service_address = ? AND state = ?"
                " AND finished_at >= ?",
                (service_address, State.FAILED, since),
            ).fetchone()
        return int(failed) > 0

    def taken_between(self, service_address: str, since: float, until: float) -> int:
        """How many of the jobs that were sent between the two have been taken by the service."""
        with self._lock:
            (taken,) = self._db.execute(
                "SELECT COUNT(*) FROM jobs WHERE service_address = ? AND task_id IS NOT NULL"
                " AND submitted_at BETWEEN ? AND ?",
                (service_address, since, until),
            ).fetchone()
        return int(taken)

    # -- leases --------------------------------------------------------------------------

    def claim_due(
        self,
        owner: str,
        now: float,
        service_address: str,
        can_prepare: bool,
        limit: int,
        *,
        online: bool = True,
        only: Collection[str] = (),
        states: frozenset[State] = ACTIVE,
    ) -> list[Job]:
        """Take up to ``limit`` jobs in ``states`` that are due and nobody holds, oldest first.

        Of jobs at the service those come first that have waited longest to be looked at.
        What is due only after ``NOBODY_WAITS`` is due now: the clock was set right since.
        Offline, only work that needs no network is given out. ``only`` names the jobs to choose
        from; empty means all.
        """
        states = _claimable(can_prepare, online) & states
        if not states or limit < 1:
            return []
        first = "next_at" if states <= AT_SERVICE else "created_at"
        with self._transaction():
            found = self._db.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE state IN {_sql_list(states)}"
                " AND (next_at <= ? OR next_at > ?) AND (lease_until <= ? OR lease_until > ?)"
                f" AND service_address = ?{_among(only)}"
                f" ORDER BY {first}, rowid LIMIT ?",
                (now, now + NOBODY_WAITS, now, now + NOBODY_WAITS, service_address, *only, limit),
            ).fetchall()
            for row in found:
                self._db.execute(
                    "UPDATE jobs SET owner = ?, lease_until = ? WHERE id = ?",
                    (owner, now + LEASE_SECONDS, row["id"]),
                )
        return self._read(found)

    def renew(self, owner: str, now: float, ids: Collection[str]) -> None:
        """Keep those of the rows that the owner still holds for another lease."""
        if not ids:
            return
        with self._transaction():
            self._db.execute(
                f"UPDATE jobs SET lease_until = ? WHERE owner = ?{_among(ids)}",
                (now + LEASE_SECONDS, owner, *ids),
            )

    def release(self, job_id: str, owner: str) -> None:
        """Give a row back, if it is still the owner's."""
        with self._transaction():
            self._db.execute(
                "UPDATE jobs SET owner = NULL, lease_until = 0 WHERE id = ? AND owner = ?",
                (job_id, owner),
            )

    def next_due(
        self,
        service_address: str,
        can_prepare: bool,
        *,
        online: bool = True,
        only: Collection[str] = (),
        states: frozenset[State] = ACTIVE,
    ) -> float | None:
        """Unix time at which the next claim may succeed; None if nothing is waiting."""
        states = _claimable(can_prepare, online) & states
        if not states:
            return None
        with self._lock:
            (due,) = self._db.execute(
                "SELECT MIN(MAX(next_at, lease_until)) FROM jobs"
                f" WHERE state IN {_sql_list(states)} AND service_address = ?{_among(only)}",
                (service_address, *only),
            ).fetchone()
        return None if due is None else float(due)

    # -- inside --------------------------------------------------------------------------

    def _removable(self, job_id: str) -> sqlite3.Row:
        row = self._row(job_id)
        state = State(row["state"])
        if state not in REMOVABLE:
            raise IllegalTransition(f"A job in {state} cannot be removed.")
        return row

    def _row(self, job_id: str) -> sqlite3.Row:
        with self._lock:
            row = self._db.execute(
                f"SELECT {_COLUMNS}, owner FROM jobs WHERE id = ?", (job_id,)
            ).fetchone()
        if row is None:
            raise UnknownJob(job_id)
        found: sqlite3.Row = row
        return found

    def _select(self, rest: str, *parameters: Any) -> list[Job]:
        with self._lock, self._as_of_now() as is_certain:
            found = self._db.execute(f"SELECT id FROM jobs {rest}", parameters).fetchall()
            return self._jobs([row["id"] for row in found], is_certain=is_certain)

    @contextmanager
    def _as_of_now(self) -> Iterator[bool]:
        """What is read in the block is of one moment; whether nothing of it can be taken back."""
        if self._is_looking or self._db.in_transaction:
            yield self._is_looking
            return
        with self._view():
            news = self.changed_since(self._known_as_of)
            for job_id in news.jobs:
                self._known.pop(job_id, None)
            self._known_as_of = news.number
            yield True

    def _jobs(self, ids: Sequence[str], *, is_certain: bool) -> list[Job]:
        """Those jobs; of them only those are read that are not known."""
        jobs = {job_id: self._known.get(job_id) if is_certain else None for job_id in ids}
        missing = [job_id for job_id, job in jobs.items() if job is None]
        if missing:
            found = self._db.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE {AMONG}", (listed_ids(missing),)
            )
            read = {job.id: job for job in self._read(found)}
            if is_certain:
                self._known.update(read)
            jobs |= read
        return [job for job in jobs.values() if job is not None]

    def _read(self, found: Iterable[sqlite3.Row]) -> list[Job]:
        jobs: list[Job] = []
        for row in found:
            try:
                # Not the row itself: it looks for a name from column to column.
                jobs.append(rows.to_job(dict(zip(rows.COLUMNS, row, strict=False))))
            except rows.UNREADABLE as error:
                if row["id"] not in self.unreadable:
                    log.warning("job %s cannot be read: %s", row["id"], error)
                self.unreadable |= {row["id"]}
        return jobs

    def _insert(self, job: Job) -> None:
        stored = [rows.encode(field.name, getattr(job, field.name)) for field in fields(Job)]
        marks = ", ".join("?" * len(stored))
        self._db.execute(f"INSERT INTO jobs ({_COLUMNS}) VALUES ({marks})", stored)

    def _update(self, job_id: str, changes: Mapping[str, Any], *, end_lease: bool = True) -> None:
        unknown = changes.keys() - set(rows.COLUMNS) | (changes.keys() & FIXED_COLUMNS - {"state"})
        if unknown:
            raise TypeError(f"not a changeable field of a job: {', '.join(sorted(unknown))}")
        stored = {name: rows.encode(name, value) for name, value in changes.items()}
        stored["updated_at"] = self._clock.now()
        if end_lease:
            stored |= {"owner": None, "lease_until": 0.0}
        assignments = ", ".join(f'"{name}" = ?' for name in stored)
        self._db.execute(f"UPDATE jobs SET {assignments} WHERE id = ?", (*stored.values(), job_id))


def _claimable(can_prepare: bool, online: bool) -> frozenset[State]:
    states = ACTIVE if online else ACTIVE & IN_BACKGROUND
    return states if can_prepare else states - IN_BACKGROUND


def _among(ids: Collection[str]) -> str:
    return f" AND id IN ({', '.join('?' * len(ids))})" if ids else ""


def _sql_list(states: frozenset[State]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def _of(column: str, path: str) -> str:
    """What a column of JSON has there, in SQL; NULL where the text is damaged."""
    valid, value = f'json_valid("{column}")', f"""json_extract("{column}", '$.{path}')"""
    return f"iif({valid}, {value}, NULL)"


def _escaped(text: str) -> str:
    """The text as itself in a LIKE pattern."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return text
