"""What the phases of ``batch`` share."""

from collections.abc import Sequence
from shutil import which
from typing import Any

from ...batch.folder import BatchFolder
from ...batch.order_store import BatchStore
from ...batch.processing import Blender
from ...batch.report import PAGE
from ...batch.rows import BadRow, Row
from ...jobs.schema import StoreUnusable
from ...jobs.store import Store
from ..exits import BY_CODE, ExitStatus, Refused
from ..session import Session

Rows = Sequence[Row | BadRow]

BY_SEVERITY = (
    ExitStatus.OK,
    ExitStatus.USAGE,
    ExitStatus.JOB_FAILED,
    ExitStatus.ERROR,
    ExitStatus.NETWORK,
    ExitStatus.CREDITS,
    ExitStatus.AUTHENTICATION,
)
"""The worst is last: one row decides the exit code of the batch."""


def good(rows: Rows) -> list[Row]:
    """The rows that can be run."""
    return [row for row in rows if isinstance(row, Row)]


def bad(rows: Rows) -> list[BadRow]:
    """The rows that cannot."""
    return [row for row in rows if isinstance(row, BadRow)]


def open_store(session: Session, folder: BatchFolder) -> BatchStore:
    """The batch's job list, sharing the submit limit with the user's own."""
    try:
        shared: Store | None = session.store
    except StoreUnusable as error:
        session.output.say(
            f"{error.message} The submit limit is not shared with other programs of this user."
        )
        shared = None
    return BatchStore(folder.store, shared, session.environment.clock)


def find_blender(session: Session) -> Blender | None:
    """The Blender that makes assets; None if there is none or none is wanted."""
    arguments = session.arguments
    if arguments.no_process:
        return None
    environ = session.environment.environ
    program = arguments.blender or environ.get("BLENDER") or which("blender")
    if not program:
        session.output.say("No Blender was found (--blender): the files stay as they were sent.")
        return None
    found = which(program)
    if found is None:
        raise Refused(
            ExitStatus.USAGE, "no_blender", f"{program} is not a program.", "Correct --blender."
        )
    return Blender(found)


def worst(rows: Sequence[dict[str, Any]]) -> ExitStatus:
    """The exit code that the worst of the report's rows asks for."""
    return max((_exit_of(row) for row in rows), key=BY_SEVERITY.index, default=ExitStatus.OK)


def _exit_of(row: dict[str, Any]) -> ExitStatus:
    error = row.get("error")
    if row["status"] not in {"failed", "bad"} or error is None:
        return ExitStatus.OK
    return BY_CODE.get(error["code"], ExitStatus.JOB_FAILED)


def tell(session: Session, folder: BatchFolder, document: dict[str, Any]) -> None:
    """Say how a batch stands, in one line and one document."""
    totals = document["totals"]
    parts = [f"{totals[name]} {name}" for name in ("finished", "failed", "bad", "unfinished")]
    words = ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing to do"
    session.output.say(
        f"{words}; about {totals['spent_credits']} credits. Report: {folder.root / PAGE}"
    )
    if session.arguments.json:
        session.output.event({"event": "summary", **totals, "out": str(folder.root)})
    else:
        session.output.document({"out": str(folder.root), **document})
