"""Opening a result with the program that the system has for it."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..worker import background
from .environment import Environment
from .session import Session

OPENED_SECONDS: Final = 5.0
"""How long to wait for the system to have taken the file over."""

WINDOWS: Final = "win32"
PROGRAMS: Final = {"darwin": "open"}
OTHER_PROGRAM: Final = "xdg-open"
"""Where it is neither Windows nor macOS."""


def open_result(session: Session, path: Path) -> None:
    """Hand the file to the system; where that is not possible, say so."""
    environment = session.environment
    try:
        if environment.platform == WINDOWS:
            background.open_file(path)
            return
        command = opening_command(environment, path)
        if command is None:
            program = PROGRAMS.get(environment.platform, OTHER_PROGRAM)
            session.output.say(f"There is no {program} to open {path} with.")
            return
        hand_over(command)
    except OSError as error:
        session.output.say(f"{path} cannot be opened: {error.strerror or error}")


def opening_command(environment: Environment, path: Path) -> list[str] | None:
    """What opens the file there, but on Windows; None if the system lacks it.

    The path is absolute, so that none is taken for an option, and goes past every shell.
    """
    program = environment.program(PROGRAMS.get(environment.platform, OTHER_PROGRAM))
    return None if program is None else [program, str(path.absolute())]


def hand_over(command: list[str]) -> None:
    """Start the command and wait until it has taken the file; raises OSError."""
    opener = background.hand_over(command)
    with suppress(subprocess.TimeoutExpired):  # some end only with the program they start
        opener.wait(OPENED_SECONDS)
