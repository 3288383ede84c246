"""Options that several commands take."""

import argparse
from typing import Any, Final

from ..service.limits import READ_TIMEOUT
from .arguments import Once, Parser, at_least, minutes, seconds, some_text

DEFAULT_OUTPUT_DIR: Final = "./results"
DEFAULT_TIMEOUT_MINUTES: Final = 30.0


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
        help=f"longest wait for one answer of the service (default {READ_TIMEOUT:g})",
    )
    options.add_argument(
        "--quiet",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="print nothing on stderr but errors",
    )
    return options


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
