"""What the phases of ``batch`` share."""

from collections.abc import Sequence
from typing import Any

from ...batch.folder import BatchFolder
from ...batch.order_store import BatchStore
from ...batch.processing import Blender
from ...batch.report import PAGE
from ...batch.rows import BadRow, Row
from ...jobs.job import Failure
from ...jobs.schema import StoreUnusable
from ...jobs.store import Store
from ...recipes.post import Post
from ..environment import NO_BLENDER
from ..exits import ExitStatus, Refused, exit_of_failure, worst
from ..session import Session

Rows = Sequence[Row | BadRow]


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
    return BatchStore(folder, shared, session.environment.clock)


def find_blender(session: Session, rows: Rows = ()) -> Blender | None:
    """The Blender that makes assets; None if there is none or none is wanted.

    Raises Refused where the rows want more of it than to be there.
    """
    arguments = session.arguments
    if arguments.no_process:
        return None
    found = session.environment.blender(arguments.blender)
    if found is not None:
        return Blender(found)
    named = arguments.blender or session.environment.environ.get("BLENDER")
    if named:
        raise Refused("no_blender", f"{named} is not a program.", "Correct --blender.")
    wanting = sum(row.post.local() != Post().local() for row in good(rows))
    if wanting:
        whose = "1 row needs one" if wanting == 1 else f"{wanting} rows need one"
        words = f"No Blender was found, and {whose} for what the column post says."
        hint = f"{NO_BLENDER} With --no-process the files stay as they were sent."
        raise Refused("no_blender", f"{words} Nothing was sent.", hint)
    session.output.say(f"No Blender was found: the files stay as they were sent. {NO_BLENDER}")
    return None


def worst_of(rows: Sequence[dict[str, Any]]) -> ExitStatus:
    """The exit code that the worst of the report's rows asks for."""
    return worst(_exit_of(row) for row in rows)


def _exit_of(row: dict[str, Any]) -> ExitStatus:
    error = row.get("error")
    if row["status"] not in {"failed", "bad"} or error is None:
        return ExitStatus.OK
    return exit_of_failure(Failure(error["code"], ""), submitted=True)


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
