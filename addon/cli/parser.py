"""The argument parser: one command per operation, its options made from the catalogue."""

import argparse
from typing import Any, NoReturn

from ..catalog import Field, Kind, Operation, operations
from ..catalog.text_values import BadText, parse
from .batch.options import add_batch_command
from .exits import ExitStatus, Refused

DEFAULT_OUTPUT_DIR = "./results"
DEFAULT_TIMEOUT_MINUTES = 30.0
PICTURE_KINDS = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS, Kind.MODEL})
FIELD_PREFIX = "field_"
SHORTHAND_PREFIX = "shorthand_"


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process: Blender may be the process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        hint = f"See `{self.prog} --help`."
        raise Refused(ExitStatus.USAGE, "usage", f"{message[0].upper()}{message[1:]}.", hint)


def make_parser(prog: str) -> Parser:
    """Build the whole parser."""
    parser = Parser(
        prog=prog,
        description="Independent client for the 3D AI Studio service: generate and edit 3D models "
        "and images. Prints one JSON document on stdout.",
        parents=[common_options(top=True)],
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    shared = common_options(top=False)
    for operation in operations():
        command = commands.add_parser(
            operation.name, help=operation.summary, description=operation.summary, parents=[shared]
        )
        command.set_defaults(operation=operation.name)
        add_field_options(command, operation)
        add_submit_options(command)
    add_account_commands(commands, shared)
    add_task_commands(commands, shared)
    add_estimate_command(commands, shared)
    add_batch_command(commands, shared)
    return parser


def common_options(*, top: bool) -> Parser:
    """Options accepted before and after the command; the later one wins."""
    options = Parser(add_help=False)
    unset: Any = None if top else argparse.SUPPRESS
    options.add_argument(
        "--base-url", default=unset, metavar="URL", help="service address to use instead"
    )
    options.add_argument(
        "--data-dir", default=unset, metavar="DIR", help="folder of the job list, key and logs"
    )
    options.add_argument(
        "--timeout",
        type=float,
        default=unset,
        metavar="SECONDS",
        help="longest wait for one answer of the service (default 60)",
    )
    options.add_argument(
        "--quiet",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="print nothing on stderr but errors",
    )
    return options


def add_field_options(command: argparse.ArgumentParser, operation: Operation) -> None:
    """One option per field and alias, and the shorthand switches."""
    for field in operation.fields:
        flags = option_names(field)
        dest = FIELD_PREFIX + field.name
        if field.kind is Kind.SWITCH:
            command.add_argument(
                *flags,
                dest=dest,
                action=argparse.BooleanOptionalAction,
                default=None,
                help=help_text(field),
            )
        elif field.kind in {Kind.IMAGES, Kind.VIEWS}:
            command.add_argument(
                *flags,
                dest=dest,
                action="append",
                default=None,
                metavar="FILE" if field.kind is Kind.IMAGES else "VIEW=FILE",
                help=help_text(field),
            )
        else:
            command.add_argument(
                *flags, dest=dest, default=None, metavar=metavar(field), help=help_text(field)
            )
    for name, values in operation.shorthands.items():
        command.add_argument(
            flag(name),
            dest=SHORTHAND_PREFIX + name,
            action="store_true",
            help="same as " + " ".join(flag(field) for field in values),
        )


def option_names(field: Field) -> list[str]:
    """``--face-count`` for ``face_count``, then its aliases."""
    return [flag(name) for name in (field.name, *field.aliases)]


def flag(name: str) -> str:
    """A field's name as an option."""
    return "--" + name.replace("_", "-")


def metavar(field: Field) -> str:
    """What stands for the value in the help."""
    if field.kind is Kind.CHOICE:
        values = [choice.value for choice in field.offered_choices()]
        offers_more = field.pattern and not field.unverified
        return "|".join([*values, field.pattern_example] if offers_more else values)
    if field.kind in PICTURE_KINDS:
        return "FILE_OR_URL"
    return {Kind.TEXT: "TEXT", Kind.INTEGER: "N", Kind.NUMBERS: "N,N"}.get(field.kind, "NUMBER")


def help_text(field: Field) -> str:
    """The description with limits and default, safe for argparse's formatting."""
    text = field.description
    if field.unit:
        text += f" in {field.unit}"
    if field.unverified:
        text += f"; another, such as {field.pattern_example}, is unverified and has no known price"
    if field.default is not None and field.kind is not Kind.SWITCH:
        text += f" (default {field.default})"
    elif field.default is True:
        text += " (on unless switched off)"
    return text.replace("%", "%%")


def add_submit_options(command: argparse.ArgumentParser) -> None:
    """What every submitting command takes beside its fields."""
    command.add_argument("--wait", action="store_true", help="wait for the result and download it")
    command.add_argument(
        "--output-dir",
        default=DEFAULT_OUTPUT_DIR,
        metavar="DIR",
        help=f"folder for the results (default {DEFAULT_OUTPUT_DIR})",
    )
    command.add_argument("--name", default="", help="name of the job in lists")
    command.add_argument(
        "--max-credits",
        type=int,
        metavar="N",
        help="refuse to submit if it is expected to cost more",
    )
    command.add_argument(
        "--yes",
        action="store_true",
        help="agree to extra paid steps, and to a price that is not known, without being asked",
    )
    add_wait_timeout(command)


def add_wait_timeout(command: argparse.ArgumentParser) -> None:
    """How long a waiting command waits."""
    command.add_argument(
        "--wait-timeout",
        type=float,
        default=DEFAULT_TIMEOUT_MINUTES,
        metavar="MINUTES",
        help=f"stop waiting after this long (default {DEFAULT_TIMEOUT_MINUTES:g}); "
        "the job itself goes on",
    )
    command.add_argument(
        "--poll-interval",
        type=float,
        default=None,
        metavar="SECONDS",
        help="time between two looks at a task (default: as its operation needs)",
    )


def add_account_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Commands that cost nothing and need no task."""
    commands.add_parser("balance", help="show the credits of the account", parents=[shared])
    commands.add_parser(
        "doctor", help="check key, address, clock, TLS, disk and Blender", parents=[shared]
    )
    listing = commands.add_parser(
        "operations", help="list every operation with its fields and prices", parents=[shared]
    )
    listing.add_argument(
        "--json", action="store_true", help="only the JSON document, no table for people"
    )


def add_task_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Commands about tasks that exist already."""
    status = commands.add_parser("status", help="show a task's status", parents=[shared])
    status.add_argument("--task-id", required=True, metavar="ID")
    status.add_argument("--poll", action="store_true", help="ask until the task has ended")
    add_wait_timeout(status)
    download = commands.add_parser("download", help="fetch a task's results", parents=[shared])
    download.add_argument("--task-id", required=True, metavar="ID")
    download.add_argument("--output-dir", default=DEFAULT_OUTPUT_DIR, metavar="DIR")
    add_wait_timeout(download)
    jobs = commands.add_parser("jobs", help="list the jobs of this user", parents=[shared])
    jobs.add_argument("--limit", type=int, default=50, metavar="N")
    resume = commands.add_parser(
        "resume", help="go on with all unfinished jobs without paying again", parents=[shared]
    )
    add_wait_timeout(resume)


def add_estimate_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """``estimate OPERATION ...``: the price of exactly these settings."""
    estimate = commands.add_parser(
        "estimate", help="say what a request would cost, without sending it", parents=[shared]
    )
    kinds = estimate.add_subparsers(dest="operation", metavar="OPERATION", required=True)
    for operation in operations():
        command = kinds.add_parser(operation.name, help=operation.summary, parents=[shared])
        add_field_options(command, operation)


def field_values(operation: Operation, arguments: argparse.Namespace) -> dict[str, Any]:
    """The given field values, typed; raises BadText."""
    values: dict[str, Any] = {}
    for name, shorthand in operation.shorthands.items():
        if getattr(arguments, SHORTHAND_PREFIX + name):
            values |= shorthand
    for field in operation.fields:
        given = getattr(arguments, FIELD_PREFIX + field.name)
        if given is not None:
            values[field.name] = typed(field, given)
    return values


def typed(field: Field, given: Any) -> Any:
    """One option's value as the catalogue wants it."""
    if isinstance(given, bool):
        return given
    if field.kind is Kind.IMAGES:
        return tuple(given)
    if field.kind is Kind.VIEWS:
        return parse(field, ";".join(given))
    return parse(field, given)


__all__ = ["BadText", "Parser", "field_values", "make_parser"]
