"""``batch process`` and ``batch report``: the parts that need neither network nor key."""

import threading

from ...batch.folder import BatchFolder, read_json
from ...batch.processing import Processor
from ...batch.report import REPORT, refresh
from ..exits import ExitStatus, Refused
from ..session import Session
from .common import find_blender, tell, worst_of


def process(session: Session, folder: BatchFolder) -> ExitStatus:
    """Make the assets that were fetched, or only those asked for, unless they are made."""
    processor = Processor(folder, find_blender(session), threading.Event())
    if processor.blender is None:
        raise Refused("no_blender", "There is no Blender to process with.", "Use --blender.")
    failed = 0
    made = []
    for asset in wanted_assets(session, folder):
        order = read_json(folder.order(asset))
        if order is None:
            session.output.say(f"{asset}: nothing was fetched")
            continue
        record = processor.make(asset, order)
        failed += not record["ok"]
        said = "made" if record["ok"] else f"failed: {record['failure']['message']}"
        session.output.say(f"{asset}: {said}")
        made.append({"asset": asset, "ok": record["ok"], "files": record["files"]})
    session.output.document({"out": str(folder.root), "assets": made})
    keep_going = session.arguments.keep_going
    return ExitStatus.JOB_FAILED if failed and not keep_going else ExitStatus.OK


def wanted_assets(session: Session, folder: BatchFolder) -> list[str]:
    """Names of the assets to process; raises Refused for one that is not in the batch."""
    report = read_json(folder.root / REPORT)
    if report is None:
        raise Refused(
            "nothing_fetched",
            f"Nothing was fetched into {folder.root} yet.",
            "Run `batch fetch` first.",
        )
    by_row = {row["row"]: row["asset"] for row in report["rows"] if "asset" in row}
    arguments = session.arguments
    rows = [number for number in arguments.row if number in by_row]
    for asset in arguments.asset:
        if asset not in by_row.values():
            raise Refused("no_such_asset", f"There is no asset {asset} in the batch.")
    chosen = [*arguments.asset, *(by_row[number] for number in rows)]
    return chosen if arguments.asset or arguments.row else list(by_row.values())


def report(session: Session, folder: BatchFolder) -> ExitStatus:
    """Write the report anew from what lies in the folder."""
    document = refresh(folder, session.output.problem)
    if document is None:
        raise Refused(
            "nothing_fetched",
            f"There is no report in {folder.root} yet.",
            "Run `batch` or `batch fetch` first.",
        )
    tell(session, folder, document)
    return ExitStatus.OK if session.arguments.keep_going else worst_of(document["rows"])
