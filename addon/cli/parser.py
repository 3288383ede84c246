"""The argument parser: one command per operation, its options made from the catalogue."""

import argparse
from functools import partial
from typing import Any

from ..catalog import Field, Kind, Operation, operations
from ..catalog.text_values import BadText, parse
from ..service.version import version
from .arguments import (
    GIVEN_AS,
    Once,
    OnceSwitch,
    OneName,
    Parser,
    at_least,
    minutes,
    seconds,
    some_text,
)
from .completion import SHELLS
from .exits import Refused
from .prices import price_lines, price_text, time_text

DEFAULT_OUTPUT_DIR = "./results"
DEFAULT_TIMEOUT_MINUTES = 30.0
PICTURE_KINDS = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS, Kind.MODEL})
FIELD_PREFIX = "field_"
SHORTHAND_PREFIX = "shorthand_"


def make_parser(prog: str) -> Parser:
    """Build the whole parser."""
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
    for operation in operations():
        command = add_operation(commands, operation, shared)
        command.fill_later(partial(fill_submit, operation=operation))
    add_account_commands(commands, shared)
    add_task_commands(commands, shared)
    add_job_commands(commands, shared)
    estimate = commands.add_parser(
        "estimate", help="say what a request would cost, without sending it", parents=[shared]
    )
    estimate.fill_later(partial(fill_estimate, shared=shared))
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
    for command in commands.choices.values():
        command.fill_later(add_json)
    return parser


def add_operation(commands: Any, operation: Operation, shared: argparse.ArgumentParser) -> Parser:
    """A command of the operation's name."""
    words = safe(f"{operation.summary} ({price_text(operation)})")
    command: Parser = commands.add_parser(operation.name, help=words, parents=[shared])
    return command


def fill_batch(command: Parser) -> None:
    """What ``batch`` takes."""
    from .batch.options import fill  # late: it knows what is done with models

    fill(command)


def fill_print(command: Parser) -> None:
    """What ``print`` takes."""
    from .printing.options import fill  # late, as above

    fill(command)


def fill_submit(command: Parser, operation: Operation) -> None:
    """What a command takes that sends an order."""
    command.description = describe(operation)
    command.set_defaults(operation=operation.name)
    add_field_options(command, operation)
    add_submit_options(command)


def describe(operation: Operation) -> str:
    """What the help says first: what it does, costs and takes."""
    return safe(
        f"{operation.summary}. About {price_text(operation)}: {price_lines(operation)}. "
        f"Usually {time_text(operation)}."
    )


def safe(text: str) -> str:
    """The text as argparse's formatting leaves it."""
    return text.replace("%", "%%")


def add_json(command: Parser) -> None:
    """Documents for programs, also on a terminal; unless it says itself what they are."""
    if "--json" in command.options():
        return
    command.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print the JSON document also on a terminal, in place of a table or a line",
    )


def common_options(*, top: bool) -> Parser:
    """Options accepted before and after the command; the later one wins."""
    options = Parser(add_help=False)
    unset: Any = None if top else argparse.SUPPRESS
    options.add_argument(
        "--base-url",
        type=some_text,
        default=unset,
        metavar="URL",
        help="service address to use instead",
    )
    options.add_argument(
        "--data-dir",
        type=some_text,
        default=unset,
        metavar="DIR",
        help="folder of the job list, key and logs",
    )
    options.add_argument(
        "--timeout",
        type=seconds,
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
                action=OnceSwitch,
                default=None,
                help=help_text(field),
            )
        elif field.kind in {Kind.IMAGES, Kind.VIEWS}:
            command.add_argument(
                *flags,
                dest=dest,
                action=OneName,
                default=None,
                metavar="FILE" if field.kind is Kind.IMAGES else "VIEW=FILE",
                help=help_text(field),
            )
        else:
            command.add_argument(
                *flags,
                dest=dest,
                action=Once,
                default=None,
                metavar=metavar(field),
                help=help_text(field),
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
    if field.kind is Kind.TEXT:
        text += "; - is stdin, @FILE a file"
    return safe(text)


def add_submit_options(command: argparse.ArgumentParser) -> None:
    """What every submitting command takes beside its fields."""
    command.add_argument("--wait", action="store_true", help="wait for the result and download it")
    command.add_argument(
        "--output-dir",
        type=some_text,
        action=Once,
        default=DEFAULT_OUTPUT_DIR,
        metavar="DIR",
        help=f"folder for the results (default {DEFAULT_OUTPUT_DIR})",
    )
    command.add_argument(
        "--output",
        type=some_text,
        action=Once,
        metavar="FILE",
        help="put the result there as well, with the ending of what it really is; "
        "a file that is there is replaced",
    )
    command.add_argument("--open", action="store_true", help="open the result; needs --wait")
    command.add_argument("--name", default="", help="name of the job in lists")
    add_agreement(
        command,
        "agree to extra paid steps, and to a price that is not known, without being asked",
    )
    add_wait_timeout(command)


def add_agreement(command: argparse.ArgumentParser, yes: str) -> None:
    """A limit and a yes for what is going to be paid."""
    command.add_argument(
        "--max-credits",
        type=at_least(0),
        action=Once,
        metavar="N",
        help="send nothing if it is expected to cost more",
    )
    command.add_argument("--yes", action="store_true", help=yes)


def add_wait_timeout(command: argparse.ArgumentParser) -> None:
    """How long a waiting command waits."""
    command.add_argument(
        "--wait-timeout",
        type=minutes,
        default=DEFAULT_TIMEOUT_MINUTES,
        metavar="MINUTES",
        help=f"stop waiting after this long (default {DEFAULT_TIMEOUT_MINUTES:g}); "
        "the job itself goes on",
    )
    command.add_argument(
        "--poll-interval",
        type=seconds,
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
    add_agreement(resume, "agree to sending what is not sent yet; needs --max-credits")
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


def fill_estimate(command: Parser, shared: argparse.ArgumentParser) -> None:
    """``estimate OPERATION ...``: the price of exactly these settings."""
    kinds = command.add_subparsers(dest="operation", metavar="OPERATION", required=True)
    for operation in operations():
        kind = add_operation(kinds, operation, shared)
        kind.fill_later(partial(fill_kind, operation=operation))
        kind.fill_later(add_json)


def fill_kind(command: Parser, operation: Operation) -> None:
    """What the price of an operation depends on."""
    command.description = describe(operation)
    add_field_options(command, operation)


def field_values(operation: Operation, arguments: argparse.Namespace) -> dict[str, Any]:
    """The given field values, typed; raises BadText, and Refused for what contradicts itself."""
    values: dict[str, Any] = {}
    said_by: dict[str, str] = {}
    for name, shorthand in operation.shorthands.items():
        if getattr(arguments, SHORTHAND_PREFIX + name):
            values |= shorthand
            said_by |= dict.fromkeys(shorthand, flag(name))
    names = getattr(arguments, GIVEN_AS, {})
    for field in operation.fields:
        dest = FIELD_PREFIX + field.name
        given = getattr(arguments, dest)
        if given is None:
            continue
        refuse_empty(field, given, names[dest])
        value = typed(field, given)
        if field.name in said_by and values[field.name] != value:
            words = f"{said_by[field.name]} and {names[dest]} contradict each other."
            raise Refused("usage", words, "Give one of them.")
        values[field.name] = value
    return values


def refuse_empty(field: Field, given: Any, option: str) -> None:
    """Raise Refused for a value without anything in it: the default is not what was asked for.

    Of texts an empty one is what it says.
    """
    texts = given if isinstance(given, list) else [given]
    if field.kind is not Kind.TEXT and any(isinstance(t, str) and not t.strip() for t in texts):
        raise Refused("usage", f"{option} is empty.", "Leave it out, or give it a value.")


def typed(field: Field, given: Any) -> Any:
    """One option's value as the catalogue wants it."""
    if isinstance(given, bool):
        return given
    if field.kind is Kind.IMAGES:
        return tuple(given)
    if field.kind is Kind.VIEWS:
        views = [view.partition("=")[0].strip() for view in ";".join(given).split(";")]
        twice = next((view for view in views if views.count(view) > 1), None)
        if twice is not None:
            name = option_names(field)[0]
            raise Refused("usage", f"{name} has two pictures for {twice}.", "Give one of them.")
        return parse(field, ";".join(given))
    return parse(field, given)


__all__ = ["BadText", "Parser", "field_values", "make_parser"]
