"""The job store: one SQLite file per user, shared by every process that touches jobs.

Writers are Blender (adds rows, user's decisions, PLACED) and runners (everything else). A runner
holds a row by a lease; a user's decision takes it away, and the runner's next write then raises
LeaseLost instead of undoing the decision.
"""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..catalog import Request
from ..service.throttle import WINDOW, wait_for_slot
from ..service.wallet import Wallet
from . import rows
from .clock import Clock, SystemClock
from .job import Export, Failure, Job, new_job_id
from .paths import with_absolute_paths
from .schema import StoreUnusable, migrate
from .states import ACTIVE, IN_BACKGROUND, TRANSITIONS, State

LEASE_SECONDS = 60.0
"""How long a silent runner keeps a row; a working one renews it well before."""

BUSY_MILLISECONDS = 5000
REMOVABLE = frozenset(State) - ACTIVE | {State.QUEUED}
FIXED_COLUMNS = frozenset({"id", "state", "created_at", "updated_at"})

_COLUMNS = ", ".join(f'"{name}"' for name in rows.COLUMNS)


class UnknownJob(LookupError):
    """There is no job of that id."""


class IllegalTransition(ValueError):
    """The job may not go from its state to the one asked for."""


class LeaseLost(RuntimeError):
    """Somebody else holds the row now: the user decided, or another runner took it over."""


@dataclass(frozen=True, slots=True)
class WalletNote:
    """What was last heard of the account: the wallet, or why there is none."""

    wallet: Wallet | None
    seen_at: float
    failure: Failure | None = None


class Store:
    """Jobs, wallet and submit slots in one file. Methods may be called from any thread.

    ``durable`` makes every commit survive a power cut: runners need that before they spend
    credits, an interface that only adds rows and reads them does not.
    """

    def __init__(self, path: Path, *, durable: bool = True, clock: Clock | None = None) -> None:
        """Open or make the file; raises StoreUnusable."""
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(
                path,
                timeout=BUSY_MILLISECONDS / 1000,
                isolation_level=None,
                check_same_thread=False,
            )
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            migrate(self._db)
            path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnusable(
                f"The job list {path} cannot be opened: {error}",
                hint="Check the folder's permissions and free space; if the file is damaged, "
                "rename it and a new one is made.",
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    # -- reading -------------------------------------------------------------------------

    def get(self, job_id: str) -> Job:
        """Return the job; raises UnknownJob."""
        return rows.to_job(self._row(job_id))

    def all(self, limit: int = 200) -> list[Job]:
        """The newest jobs first."""
        return self._select("ORDER BY created_at DESC, rowid DESC LIMIT ?", limit)

    def active(self) -> list[Job]:
        """Jobs a runner has to move forward, oldest first."""
        return self._select(f"WHERE state IN {_sql_list(ACTIVE)} ORDER BY created_at, rowid")

    def find_task(self, service_address: str, task_id: str) -> Job | None:
        """The job that holds this task of the service, if any."""
        found = self._select("WHERE service_address = ? AND task_id = ?", service_address, task_id)
        return found[0] if found else None

    def data_version(self) -> int:
        """A number that differs whenever anything was written, by anyone. Takes microseconds."""
        with self._lock:
            (by_others,) = self._db.execute("PRAGMA data_version").fetchone()
            return int(by_others) + self._db.total_changes

    # -- writing -------------------------------------------------------------------------

    def add(
        self,
        request: Request,
        *,
        name: str,
        estimate: int,
        service_address: str,
        folder: Path,
        origin: Mapping[str, Any] | None = None,
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
            origin=origin or {},
            wants_prepared=wants_prepared,
            keeps_place=keeps_place,
            export=export,
            save_as=save_as,
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
        """
        with self._transaction():
            found = self._db.execute(
                "SELECT state, task_id, submitted_at FROM jobs WHERE id = ?", (job.id,)
            ).fetchone()
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

    def remove(self, job_id: str) -> None:
        """Forget a job that is not under way; files on disk stay. Raises IllegalTransition."""
        with self._transaction():
            state = State(self._row(job_id)["state"])
            if state not in REMOVABLE:
                raise IllegalTransition(f"A job in {state} cannot be removed.")
            self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

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
    ) -> list[Job]:
        """Take up to ``limit`` jobs that are due and nobody holds, oldest first.

        Offline, only work that needs no network is given out. ``only`` names the jobs to choose
        from; empty means all.
        """
        states = _claimable(can_prepare, online)
        if not states or limit < 1:
            return []
        with self._transaction():
            found = self._db.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE state IN {_sql_list(states)}"
                f" AND next_at <= ? AND lease_until <= ? AND service_address = ?{_among(only)}"
                " ORDER BY created_at, rowid LIMIT ?",
                (now, now, service_address, *only, limit),
            ).fetchall()
            for row in found:
                self._db.execute(
                    "UPDATE jobs SET owner = ?, lease_until = ? WHERE id = ?",
                    (owner, now + LEASE_SECONDS, row["id"]),
                )
        return [rows.to_job(row) for row in found]

    def renew(self, owner: str, now: float) -> None:
        """Keep every row the owner still holds for another lease."""
        with self._transaction():
            self._db.execute(
                "UPDATE jobs SET lease_until = ? WHERE owner = ?",
                (now + LEASE_SECONDS, owner),
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
    ) -> float | None:
        """Unix time at which the next claim may succeed; None if nothing is waiting."""
        states = _claimable(can_prepare, online)
        if not states:
            return None
        with self._lock:
            (due,) = self._db.execute(
                "SELECT MIN(MAX(next_at, lease_until)) FROM jobs"
                f" WHERE state IN {_sql_list(states)} AND service_address = ?{_among(only)}",
                (service_address, *only),
            ).fetchone()
        return None if due is None else float(due)

    # -- account -------------------------------------------------------------------------

    def wallet(self, service_address: str) -> WalletNote | None:
        """What was last heard of the account at that address."""
        with self._lock:
            row = self._db.execute(
                "SELECT * FROM wallets WHERE service_address = ?", (service_address,)
            ).fetchone()
        if row is None:
            return None
        balance = row["balance"]
        wallet = None if balance is None else Wallet(Decimal(balance), row["rate_limit"])
        return WalletNote(wallet, row["seen_at"], rows.failure_from_text(row["failure"]))

    def save_wallet(
        self,
        service_address: str,
        wallet: Wallet | None,
        failure: Failure | None = None,
    ) -> None:
        """Remember the account's answer, or why there was none (the last balance then goes)."""
        balance = None if wallet is None else str(wallet.balance)
        rate_limit = None if wallet is None else wallet.rate_limit
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO wallets VALUES (?, ?, ?, ?, ?)",
                (
                    service_address,
                    balance,
                    rate_limit,
                    self._clock.now(),
                    rows.failure_text(failure),
                ),
            )

    def submit_wait(self, account: str, limit: int, now: float) -> float:
        """Seconds until the account may submit again, without taking the slot."""
        with self._lock:
            pause = self._db.execute(
                "SELECT until FROM pauses WHERE account = ?", (account,)
            ).fetchone()
            taken = [
                row["at"]
                for row in self._db.execute(
                    "SELECT at FROM submissions WHERE account = ?", (account,)
                )
            ]
        paused = 0.0 if pause is None else max(0.0, pause["until"] - now)
        return max(paused, wait_for_slot(taken, now, limit))

    def take_submit_slot(self, account: str, limit: int, now: float) -> float:
        """Take one of the account's submissions: 0.0 = taken, else seconds to wait."""
        with self._transaction():
            wait = self.submit_wait(account, limit, now)
            if wait == 0.0:
                self._db.execute(
                    "DELETE FROM submissions WHERE account = ? AND at <= ?",
                    (account, now - WINDOW),
                )
                self._db.execute("INSERT INTO submissions VALUES (?, ?)", (account, now))
            return wait

    def pause_submits(self, account: str, until: float) -> None:
        """Let nobody submit for the account before ``until``: the service said so."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO pauses VALUES (?, ?)", (account, until))

    # -- inside --------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _row(self, job_id: str) -> sqlite3.Row:
        with self._lock:
            row = self._db.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise UnknownJob(job_id)
        found: sqlite3.Row = row
        return found

    def _select(self, rest: str, *parameters: Any) -> list[Job]:
        with self._lock:
            found = self._db.execute(f"SELECT {_COLUMNS} FROM jobs {rest}", parameters).fetchall()
        return [rows.to_job(row) for row in found]

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
