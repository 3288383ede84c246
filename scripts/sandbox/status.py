"""The status answer."""

from typing import Any

from flask import Response, g, jsonify

from scripts.sandbox.errors import foreign_task, not_found
from scripts.sandbox.sandbox import Sandbox
from scripts.sandbox.tasks import StoredResult, Task, phase

_HOUR = 3600


def status(sandbox: Sandbox, task_id: str) -> Response:
    """Answer one GET; a task is forgotten some hours after its end."""
    task = sandbox.book.get(task_id)
    now = sandbox.clock.now()
    if task is None or is_forgotten(sandbox, task, now):
        raise not_found()
    if task.account != g.account:
        raise foreign_task()
    current = phase(task, now)
    finished = current.status == "FINISHED"
    results = task.results if finished else []
    return jsonify(
        {
            "status": current.status,
            "progress": current.progress,
            "failure_reason": _reason(task, current.status),
            "results": [_entry(sandbox, task, each, current.assets_ready) for each in results],
        }
    )


def is_forgotten(sandbox: Sandbox, task: Task, now: float) -> bool:
    """Whether the task and its files are no more to be had."""
    ended_at = task.ended_at
    return ended_at is not None and now > ended_at + _HOUR * sandbox.behaviour.result_hours


def _reason(task: Task, shown: str) -> str | None:
    if shown == "FINISHED" and task.fault == "task-reason":
        return "The result could not be stored."
    return task.failure_reason if shown == "FAILED" else None


def _entry(sandbox: Sandbox, task: Task, result: StoredResult, ready: bool) -> dict[str, Any]:
    address = None
    if ready and result.file is not None:
        path = f"/assets/{task.id}/{result.file}"
        address = sandbox.storage_address + sandbox.signer.sign(path)
    return {
        sandbox.behaviour.asset_key: address,
        "asset_type": result.asset_type,
        "metadata": result.metadata if ready else None,
    }
