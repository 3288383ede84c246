"""``completion``: a script for the shell that completes commands, options and their values."""

from ..completion import script
from ..exits import ExitStatus
from ..parser import make_parser
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Print the script; the one command whose stdout is no JSON."""
    parser = make_parser(session.environment.prog)
    session.output.table(script(parser, session.arguments.shell).rstrip("\n"))
    return ExitStatus.OK
