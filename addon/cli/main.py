"""Entry of the command line: parse, run the command, turn trouble into words and an exit code."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..service.errors import ServiceError
from .environment import Environment
from .exits import ExitStatus, Refused, exit_of_error
from .output import Output
from .parser import make_parser

if TYPE_CHECKING:  # help needs neither job list nor log
    from .session import Session


def expected() -> tuple[type[Exception], ...]:
    """Trouble a person can do something about. See ``unforeseen`` for anything else."""
    from ..catalog import InvalidRequest, UnknownOperation  # late: most commands end well
    from ..catalog.text_values import BadText

    return InvalidRequest, UnknownOperation, BadText, ServiceError, Refused


def main(arguments: Sequence[str], environment: Environment) -> int:
    """Run one command line; returns the exit code. ``--help`` leaves through SystemExit."""
    output = Output(environment, as_json="--json" in arguments)
    try:
        check_text(arguments)
        parsed = make_parser(environment.prog, *arguments[:1]).parse_all(arguments)
    except expected() as error:
        return complain(output, error)
    from .session import Session
    from .unforeseen import logged

    session = Session(environment, parsed)
    with logged(session), ended_by_signals():
        return run(session)


def run(session: Session) -> ExitStatus:
    """Run the command; whatever becomes of it is told."""
    from .unforeseen import foreseen

    try:
        return command(session.arguments)(session)
    except expected() as error:
        return complain(session.output, error)
    except ModuleNotFoundError as error:
        return complain(session.output, missing_library(error))
    except KeyboardInterrupt:
        return complain(session.output, Refused("interrupted", "Interrupted."))
    except Exception as error:  # noqa: BLE001 - whoever reads stdout gets a document, come what may
        return complain(session.output, foreseen(session, error))


def ended_by_signals() -> AbstractContextManager[None]:
    """Treat the operating system's requests to end like Ctrl-C: what was paid is told of."""
    from ..worker.ending import heard

    def interrupt() -> None:
        raise KeyboardInterrupt

    return heard(interrupt)


def check_text(arguments: Sequence[str]) -> None:
    """Raise Refused for what is no text: it could not be kept in the job list."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            shown = argument.encode(errors="replace").decode()
            raise Refused(
                "usage", f"{shown!r} is not UTF-8 text.", "Rename the file, or write it in UTF-8."
            ) from None


def complain(output: Output, error: Exception) -> ExitStatus:
    """Say what went wrong, for programs and for people; returns the exit code."""
    from .reports import error_document

    document = error_document(error)
    output.failed({"error": document}, human_line(document))
    return exit_of_error(error)


def missing_library(error: ModuleNotFoundError) -> Refused:
    """In a checkout the libraries come along only when they were fetched."""
    return Refused(
        "library_missing",
        f"This Python has no {error.name}, and the extension's own copy was not fetched.",
        "Run `make setup`, or `python -m pip install -r requirements/wheels.lock`.",
    )


def command(parsed: argparse.Namespace) -> Callable[[Session], ExitStatus]:
    """The command's ``run``; every operation of the catalogue is submitted the same way."""
    is_operation = parsed.command == getattr(parsed, "operation", None)
    module = "submit" if is_operation else parsed.command
    run: Callable[[Session], ExitStatus] = import_module(f".commands.{module}", __package__).run
    return run


def human_line(document: Mapping[str, Any]) -> str:
    """What happened and the next step, in one line."""
    parts = (document["message"], document.get("credits", ""), document.get("next_step", ""))
    return " ".join(part for part in parts if part)
