"""The options of ``batch``."""

import argparse

from ...recipes.local_steps import STEPS
from ...recipes.recipe import SHIPPED
from ..arguments import Once, at_least, seconds, some_text

PHASES = ("fetch", "process", "report")

DESCRIPTION = """\
Turn lists or pictures into finished assets in one folder. Started again on the same folder it goes
on where it ended: nothing is paid for or made twice.

  batch LIST... --out DIR            everything
  batch LIST... --out DIR --check    check, price and compare with the balance; nothing is sent
  batch fetch LIST... --out DIR      order and download only
  batch process --out DIR            make the assets of what was downloaded; needs no key
  batch report --out DIR             write the report anew
"""


def fill(batch: argparse.ArgumentParser) -> None:
    """What ``batch`` takes: many orders from lists, pictures and folders of pictures."""
    batch.description = DESCRIPTION
    batch.formatter_class = argparse.RawDescriptionHelpFormatter
    add = batch.add_argument
    add(
        "inputs",
        nargs="*",
        metavar="LIST",
        help="CSV, JSON, JSONL or TOML lists, pictures, folders or patterns of pictures; "
        f"before them possibly one of {', '.join(PHASES)}",
    )
    add(
        "--out",
        type=some_text,
        action=Once,
        required=True,
        metavar="DIR",
        help="the batch's folder",
    )
    add("--check", action="store_true", help="only check and price the list; send nothing")
    add(
        "--max-credits",
        type=at_least(0),
        action=Once,
        metavar="N",
        help="refuse to start if it may cost more",
    )
    add(
        "--budget",
        type=at_least(0),
        action=Once,
        metavar="N",
        help="order nothing more once what was charged leaves no room for it; the batch in all",
    )
    add(
        "--yes",
        action="store_true",
        help="agree to prices that are not known, without being asked",
    )
    add("--json", action="store_true", help="tell events as lines of JSON on stdout")
    add_defaults(batch)
    add_processing(batch)
    add(
        "--retry-failed",
        action="store_true",
        help="order again what the service failed to make (and refunded)",
    )
    add(
        "--send-unknown",
        action="store_true",
        help="order again what was sent without an answer; it may be charged twice",
    )
    add(
        "--keep-going",
        action="store_true",
        help="exit with 0 although rows failed: a later step of a farm job tells of them",
    )
    add("--poll-interval", type=seconds, default=None, metavar="SECONDS", help=argparse.SUPPRESS)
    add("--lifeline", action="store_true", help=argparse.SUPPRESS)


def add_defaults(batch: argparse.ArgumentParser) -> None:
    """What rows get that do not say it themselves."""
    add = batch.add_argument
    add(
        "--operation",
        action=Once,
        metavar="NAME",
        help="operation of rows that name none, such as pictures",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="value of a column where a row leaves it empty; may be repeated",
    )
    add(
        "--recipe",
        action=Once,
        metavar="NAME",
        help=f"the same for the column recipe: {', '.join(SHIPPED)}, a saved one, or a file",
    )
    add("--post", metavar="STEPS", help=f"the same for the column post: {', '.join(STEPS)}")
    add("--tags", metavar="TAGS", help="the same for the column tags")


def add_processing(batch: argparse.ArgumentParser) -> None:
    """How, and which, assets are made."""
    add = batch.add_argument
    add(
        "--blender",
        metavar="PATH",
        help="Blender, or a Python with bpy, that makes the assets (default: "
        "$BLENDER, then PATH, then the newest that is installed)",
    )
    add("--no-process", action="store_true", help="download only; the files stay as they were sent")
    add(
        "--blenders",
        type=at_least(1),
        default=1,
        metavar="N",
        help="assets made at the same time (default 1)",
    )
    add(
        "--asset",
        action="append",
        default=[],
        metavar="ID",
        help="with process: only this asset; may be repeated",
    )
    add(
        "--row",
        action="append",
        default=[],
        type=int,
        metavar="N",
        help="with process: only the asset of this row; may be repeated",
    )
