"""``download``: fetch the results of a finished task."""

from typing import Any

from ...jobs.results import stem
from ...service.answers import Asset, TaskState
from ...service.downloads import Downloader
from ...service.errors import LinkExpired
from ..exits import ExitStatus, Refused
from ..session import USER_AGENT, Session

LINK_TRIES = 2


def run(session: Session) -> ExitStatus:
    """Download every result that has a file; each under a name of its own."""
    task_id = session.arguments.task_id
    status = session.client.status(task_id)
    if status.status is TaskState.FAILED:
        reason = status.failure_reason or "no reason given"
        raise Refused(ExitStatus.JOB_FAILED, "job_failed", f"The job failed: {reason}.")
    if status.status is not TaskState.FINISHED:
        raise Refused(
            ExitStatus.ERROR,
            "not_finished",
            f"The task is {status.status} ({status.progress} %): there is nothing to download yet.",
            f"Wait for it: status --task-id {task_id} --poll",
        )
    files = [fetch(session, status.results, index) for index in range(len(status.results))]
    session.output.document({"task_id": task_id, "status": status.status, "files": files})
    return ExitStatus.OK


def fetch(session: Session, results: tuple[Asset, ...], index: int) -> dict[str, Any]:
    """Fetch one result, with a fresh link if the first is no longer accepted."""
    asset = results[index]
    document = {"path": None, "asset_type": asset.asset_type, "metadata": dict(asset.metadata)}
    if asset.url is None:
        return document
    folder = session.path(session.arguments.output_dir)
    name = file_stem(session, results, index)
    downloader = Downloader(user_agent=USER_AGENT)
    url = asset.url
    with session.output.bar(name) as bar:
        for left in reversed(range(LINK_TRIES)):
            try:
                path = downloader.fetch(
                    url,
                    folder,
                    name,
                    lambda done, total: bar.update(100 * done / (total or done or 1), size(done)),
                )
                return {**document, "path": str(path)}
            except LinkExpired:
                fresh = session.client.status(session.arguments.task_id).results[index].url
                if fresh is None or not left:
                    raise
                url = fresh
    return document


def file_stem(session: Session, results: tuple[Asset, ...], index: int) -> str:
    """The name a waiting submission would have given it; foreign tasks have no operation."""
    task_id = session.arguments.task_id
    job = session.store.find_task(session.address, task_id)
    return stem(task_id, job.operation if job else "result", results, index)


def size(count: int) -> str:
    """Bytes in words."""
    return f"{count / 1e6:.1f} MB"
