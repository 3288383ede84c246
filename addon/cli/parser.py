"""The argument parser: a command for each operation of the catalogue, and the others."""

import argparse
from functools import partial
from typing import Any, Final

from ..service.version import version
from .arguments import Parser, at_least, some_text
from .common_options import (
    DEFAULT_OUTPUT_DIR,
    add_agreement,
    add_json,
    add_wait_timeout,
    common_options,
)
from .completion import SHELLS

COMMANDS: Final = frozenset(
    {
        *("balance", "doctor", "operations", "status", "download", "jobs", "resume", "cancel"),
        *("settle", "estimate", "batch", "print", "completion"),
    }
)
"""Those that are no operations."""


def make_parser(prog: str, command: str = "") -> Parser:
    """Build the parser: for that command, or for all where it is none of ``COMMANDS``."""
    parser = Parser(
        prog=prog,
        description="Independent client for the 3D AI Studio service: generate and edit 3D models "
        "and images. Prints one JSON document on stdout.",
        parents=[common_options(top=True)],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"%(prog)s {version()}",
        help="print the version and end",
    )
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    shared = common_options(top=False)
    if command not in COMMANDS:
        from .operation_options import add_operations  # late: it takes the whole catalogue

        add_operations(commands, shared)
    add_account_commands(commands, shared)
    add_task_commands(commands, shared)
    add_job_commands(commands, shared)
    estimate = commands.add_parser(
        "estimate", help="say what a request would cost, without sending it", parents=[shared]
    )
    estimate.fill_later(partial(fill_price, shared=shared))
    batch = commands.add_parser(
        "batch", help="make many assets from a list or a folder of pictures", parents=[shared]
    )
    batch.fill_later(fill_batch)
    printing = commands.add_parser(
        "print",
        help="check, mend and export models for a 3D printer, on this machine",
        parents=[shared],
    )
    printing.fill_later(fill_print)
    completion = commands.add_parser(
        "completion", help="print a script that completes commands in a shell", parents=[shared]
    )
    completion.add_argument("shell", metavar="|".join(SHELLS), choices=SHELLS)
    for each in commands.choices.values():
        each.fill_later(add_json)
    return parser


def fill_price(command: Parser, shared: argparse.ArgumentParser) -> None:
    """What ``estimate`` takes."""
    from .operation_options import fill_estimate  # late, as above

    fill_estimate(command, shared)


def fill_batch(command: Parser) -> None:
    """What ``batch`` takes."""
    from .batch.options import fill  # late: it knows what is done with models

    fill(command)


def fill_print(command: Parser) -> None:
    """What ``print`` takes."""
    from .printing.options import fill  # late, as above

    fill(command)


def add_account_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Commands that cost nothing and need no task."""
    commands.add_parser("balance", help="show the credits of the account", parents=[shared])
    commands.add_parser(
        "doctor", help="check key, address, clock, TLS, disk and Blender", parents=[shared]
    )
    commands.add_parser(
        "operations", help="list every operation with its fields and prices", parents=[shared]
    )


def add_task_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Commands about tasks that exist already."""
    status = commands.add_parser("status", help="show a task's status", parents=[shared])
    status.add_argument("--task-id", type=some_text, required=True, metavar="ID")
    status.add_argument("--poll", action="store_true", help="ask until the task has ended")
    add_wait_timeout(status)
    download = commands.add_parser("download", help="fetch a task's results", parents=[shared])
    download.add_argument("--task-id", type=some_text, required=True, metavar="ID")
    download.add_argument("--output-dir", type=some_text, default=DEFAULT_OUTPUT_DIR, metavar="DIR")
    add_wait_timeout(download)


def add_job_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Commands about the jobs of this user's list."""
    jobs = commands.add_parser("jobs", help="list the jobs of this user", parents=[shared])
    jobs.add_argument("--limit", type=at_least(1), default=50, metavar="N")
    resume = commands.add_parser(
        "resume",
        help="go on with unfinished jobs; what is not sent yet only with a yes and a limit",
        parents=[shared],
    )
    add_which_job(resume, required=False)
    add_agreement(
        resume,
        "agree to sending what is not sent yet; needs --max-credits, but where the "
        "price is not known",
    )
    add_wait_timeout(resume)
    cancel = commands.add_parser(
        "cancel",
        help="take back what is not sent yet, with the steps that follow it",
        parents=[shared],
    )
    add_which_job(cancel, required=True)
    add_settle_command(commands, shared)


def add_which_job(command: argparse.ArgumentParser, *, required: bool) -> None:
    """Which one of the list."""
    which = command.add_mutually_exclusive_group(required=required)
    which.add_argument(
        "--task-id", type=some_text, metavar="ID", help="the job of this task of the service"
    )
    which.add_argument(
        "--job", type=some_text, metavar="ID", help="the job of this id, as `jobs` has it"
    )


def add_settle_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """``settle``: what became of an order whose answer never came."""
    settle = commands.add_parser(
        "settle",
        help="say what became of an order that was sent without an answer (UNKNOWN); sends nothing",
        parents=[shared],
    )
    settle.add_argument(
        "--job", type=some_text, required=True, metavar="ID", help="its id, as `jobs` has it"
    )
    what = settle.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--task-id",
        type=some_text,
        metavar="ID",
        help="the service took it, as this task; `resume` fetches it",
    )
    what.add_argument(
        "--send-again",
        action="store_true",
        help="the service did not take it: put it back into the queue, for `resume --yes`",
    )
    what.add_argument("--drop", action="store_true", help="it is not wanted any more")
