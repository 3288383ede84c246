"""Accepted tasks: what is kept of each, and what the clock makes of it."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from scripts.sandbox.contract.schema import Expected
from scripts.sandbox.database import Database

Status = Literal["PENDING", "IN_PROGRESS", "FINISHED", "FAILED"]


class Remote(BaseModel):
    """An input still to be fetched."""

    model_config = ConfigDict(frozen=True)

    address: str
    expects: Expected


class StoredResult(BaseModel):
    """One finished result; ``file`` is relative to the task's results folder."""

    model_config = ConfigDict(frozen=True)

    file: str | None
    asset_type: str
    metadata: dict[str, Any]


class Task(BaseModel):
    """One submission. Times are Unix seconds; ``files`` are names in the task's inputs folder."""

    model_config = ConfigDict(frozen=True)

    id: str
    account: str
    path: str
    kind: str
    parameters: dict[str, Any]
    files: dict[str, str]
    remotes: dict[str, Remote]
    price: int
    shows_progress: bool
    created_at: float
    starts_at: float
    ends_at: float
    asset_lag: float
    fault: str | None = None
    engine_ended_at: float | None = None
    results: list[StoredResult] = []
    failure_reason: str | None = None

    @property
    def ended_at(self) -> float | None:
        """When it was over: never before its engine; a failure needs no full time."""
        if self.engine_ended_at is None or self.fault == "task-stuck":
            return None
        if self.failure_reason is not None:
            return max(self.starts_at, self.engine_ended_at)
        return max(self.ends_at, self.engine_ended_at)


@dataclass(frozen=True, slots=True)
class Phase:
    """A task at one moment; without ``assets_ready`` its results have no addresses yet."""

    status: Status
    progress: int
    assets_ready: bool


def phase(task: Task, now: float) -> Phase:
    """Where ``task`` stands at ``now``."""
    ended_at = task.ended_at
    if ended_at is not None and now >= ended_at:
        if task.failure_reason is not None:
            return Phase("FAILED", _progress(task, ended_at), assets_ready=False)
        ready = task.fault not in {"task-asset-null", "task-reason"}
        return Phase("FINISHED", 100, assets_ready=ready and now >= ended_at + task.asset_lag)
    if now < task.starts_at:
        return Phase("PENDING", 0, assets_ready=False)
    return Phase("IN_PROGRESS", _progress(task, now), assets_ready=False)


def _progress(task: Task, now: float) -> int:
    if not task.shows_progress or now <= task.starts_at:
        return 0
    return min(99, int(100 * (now - task.starts_at) / max(task.ends_at - task.starts_at, 1e-6)))


class TaskBook:
    """Tasks in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, task: Task) -> None:
        """Insert or replace."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO tasks VALUES (?, ?)", (task.id, task.model_dump_json())
            )

    def get(self, task_id: str) -> Task | None:
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT document FROM tasks WHERE id = ?", (task_id,)
            ).fetchone()
        return None if row is None else Task.model_validate_json(row[0])

    def unfinished(self) -> list[Task]:
        """Tasks whose engine has not ended, as after a restart."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT document FROM tasks").fetchall()
        tasks = [Task.model_validate_json(document) for (document,) in rows]
        return [task for task in tasks if task.engine_ended_at is None]
