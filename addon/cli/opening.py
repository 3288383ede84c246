"""Opening a result with the program that the system has for it."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from .session import Session

OPENED_SECONDS: Final = 5.0
"""How long to wait for the system to have taken the file over."""


def open_result(session: Session, path: Path) -> None:
    """Hand the file to the system; where that is not possible, say so."""
    environment = session.environment
    if environment.platform == "win32":
        getattr(os, "startfile")(path)  # noqa: B009 - there only on Windows
        return
    name = "open" if environment.platform == "darwin" else "xdg-open"
    program = environment.program(name)
    if program is None:
        session.output.say(f"There is no {name} to open {path} with.")
        return
    opener = subprocess.Popen(
        [program, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(subprocess.TimeoutExpired):  # some end only with the program they start
        opener.wait(OPENED_SECONDS)
