"""The report of a batch: ``report.json`` for programs, ``report.html`` for people."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..catalog import Value
from ..catalog.encoders import is_address
from ..jobs.actions import may_cost_twice
from ..jobs.charges import sum_of
from ..jobs.job import Job
from ..service.addresses import shown_link
from ..service.errors import Charged
from ..service.redaction import redact
from ..service.whole_files import InUse
from .assets import Document, failure_document, record_of
from .folder import BatchFolder, read_json, write_json, write_text
from .order_store import DONE
from .page import page
from .rows import BadRow, Row
from .run import RowStatus, Stage

Say = Callable[[str], object]
"""Takes a sentence for people."""

REPORT = "report.json"
PAGE = "report.html"

RETRY_FAILED = "To order the same again, start with --retry-failed."
SEND_UNKNOWN = "To order it again, start with --send-unknown; it may be charged twice."


def write_report(
    folder: BatchFolder,
    statuses: Sequence[RowStatus],
    bad: Sequence[BadRow],
    *,
    service: str,
    started_at: float,
    ended_at: float,
    say: Say,
) -> dict[str, Any]:
    """Write both files and return the document.

    ``service`` is the address of the service; times are unix seconds. ``say`` gets to know which
    of them somebody has open, so that it is the old one.
    """
    payers = payers_of(statuses)
    rows = [_row(status, payers) for status in statuses] + [bad_document(row) for row in bad]
    rows.sort(key=lambda row: int(row["row"]))
    document = {
        "service": service,
        "started_at": started_at,
        "ended_at": ended_at,
        "totals": totals(rows),
        "rows": rows,
    }
    publish(folder, document, say)
    return document


def publish(folder: BatchFolder, document: Mapping[str, Any], say: Say) -> None:
    """Write a document as both files; what is good stays so where one of them is open."""
    with _unless_open(say):
        write_json(folder.root / REPORT, document)
    with _unless_open(say):
        write_text(folder.root / PAGE, page(folder.root, document))


@contextmanager
def _unless_open(say: Say) -> Iterator[None]:
    try:
        yield
    except InUse as error:
        say(f"{error}. It is the one of an earlier run until you start the same again.")


def refresh(folder: BatchFolder, say: Say) -> dict[str, Any] | None:
    """Bring a report up to date with what other hosts have made; None if there is no report."""
    document = read_json(folder.root / REPORT)
    if document is None:
        return None
    for row in document["rows"]:
        order = read_json(folder.order(row["asset"])) if "asset" in row else None
        record = record_of(folder, row["asset"], order) if order is not None else None
        if record is not None:
            row.update(_made(row["asset"], record))
            row["status"] = (Stage.FINISHED if record["ok"] else Stage.FAILED).value
            row["error"] = record["failure"]
    document["totals"] = totals(document["rows"])
    publish(folder, document, say)
    return document


def totals(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Sums over the report's rows."""
    listed = list(rows)
    counted = Counter(str(row["status"]) for row in listed)
    return {
        "rows": len(listed),
        "finished": counted[Stage.FINISHED],
        "failed": counted[Stage.FAILED],
        "bad": counted["bad"],
        "unfinished": sum(counted.values())
        - sum(counted[name] for name in (Stage.FINISHED, Stage.FAILED, "bad")),
        "estimated_credits": sum(row["estimated_credits"] for row in listed),
        "spent_credits": sum(row["spent_credits"] for row in listed),
        "unclear_credits": sum(row["unclear_credits"] for row in listed),
    }


def payers_of(statuses: Iterable[RowStatus]) -> dict[str, str]:
    """Which row pays for a job, by its id: the first of those that share it."""
    payers: dict[str, str] = {}
    for status in statuses:
        for job in status.jobs:
            payers.setdefault(job.id, status.row.key)
    return payers


def _row(status: RowStatus, payers: Mapping[str, str]) -> dict[str, Any]:
    row, jobs = status.row, status.jobs
    spent = sum_of(job for job in jobs if payers[job.id] == row.key)
    return {
        **row_document(row),
        "status": status.stage.value,
        "spent_credits": spent.spent,
        "unclear_credits": spent.unknown,
        "seconds": _seconds(jobs),
        "orders": [_order(job) for job in jobs],
        "measured": _measured(jobs),
        **_made(row.asset, status.record or {}),
        "error": _error(status),
    }


def _error(status: RowStatus) -> dict[str, str] | None:
    """Why it failed, and which option of the batch tries again."""
    error = failure_document(status.failure)
    if error is not None and status.stage is Stage.FAILED:
        failed = [job for job in status.jobs if job.state not in DONE]
        if any(may_cost_twice(job) for job in failed):
            error["next_step"] += f" {SEND_UNKNOWN}"
        elif error["code"] == "task_failed":
            error["next_step"] += f" {RETRY_FAILED}"
    return error


def row_document(row: Row) -> dict[str, Any]:
    """What a row asks for, without what became of it."""
    return {
        "row": row.number,
        "place": row.place,
        "name": row.name,
        "asset": row.asset,
        "operation": row.operation,
        "group": row.group,
        "tags": list(row.tags),
        "settings": {name: shown(value) for name, value in row.settings.items()},
        "post": row.post.local(),
        "followups": [o.operation for o in row.orders if not o.helper and o is not row.own],
        "detours": [o.operation for o in row.orders if o.helper],
        "estimated_credits": row.price,
        "unverified": list(row.unverified),
    }


def bad_document(row: BadRow) -> dict[str, Any]:
    """A row that could not be run, in the form of the others."""
    message = " ".join(problem.message for problem in row.problems)
    return {
        "row": row.number,
        "place": row.place,
        "name": row.name,
        "group": row.group,
        "status": "bad",
        "estimated_credits": 0,
        "spent_credits": 0,
        "unclear_credits": 0,
        "problems": [{"field": p.field, "message": p.message} for p in row.problems],
        "error": {
            "code": "validation_failed",
            "message": message,
            "next_step": "Correct the row and start the batch again.",
            "credits": Charged.NO.words,
            "charged": Charged.NO.name,
        },
    }


def _order(job: Job) -> dict[str, Any]:
    return {
        "operation": job.operation,
        "task_id": job.task_id,
        "status": job.state.value,
        "estimated_credits": job.estimate,
        "submitted_at": job.submitted_at,
        "finished_at": job.finished_at,
    }


def _measured(jobs: Sequence[Job]) -> dict[str, Any]:
    """The figures that came with the last results, such as a volume."""
    files = jobs[-1].files if jobs else ()
    return {name: value for file in files for name, value in file.metadata.items()}


def _seconds(jobs: Sequence[Job]) -> float | None:
    """From the first order to the last result, at the service."""
    starts = [job.submitted_at for job in jobs if job.submitted_at]
    ends = [job.finished_at for job in jobs if job.finished_at]
    return round(max(ends) - min(starts), 1) if starts and ends else None


def _made(asset: str, record: Document) -> dict[str, Any]:
    """What lies where; paths count from the batch's folder."""
    home = f"assets/{asset}"
    return {
        "kind": record.get("kind", ""),
        "folder": home,
        "files": [f"{home}/{name}" for name in record.get("files", [])],
        "delivered": [f"{home}/{name}" for name in record.get("delivered", [])],
        "preview": f"{home}/{record['preview']}" if record.get("preview") else "",
        "library": f"library/{record['library']}" if record.get("library") else "",
        "figures": dict(record.get("figures", {})),
        "print": dict(record.get("print", {})),
        "processing_seconds": record.get("seconds"),
        "warnings": list(record.get("warnings", [])),
    }


def shown(value: Value) -> Any:
    """A setting as the report may show it: no folders of this machine, no signatures."""
    if isinstance(value, Mapping):
        return {name: shown(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    if isinstance(value, str) and is_address(value):
        return shown_link(value)
    if isinstance(value, str):
        return redact(Path(value).name) if Path(value).is_absolute() else redact(value)
    return value
