"""Processes in the background: how they are called, started, and ended with what they started."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from ..jobs import file_locks
from ..service.keys import KEY_NAMES
from . import memory_limit

END_SECONDS = 2.0

OWNED: Final = "STUDIO3D_OWNED"
"""Environment variable that says: stdin is held open by the one who wants the work."""


TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
"""Environment variables that say where temporary files go, on any system."""

QUIET: Final = ("--background", "--factory-startup", "-noaudio", "--python-exit-code", "1")
OFFLINE: Final = "--offline-mode"


def command(program: str, script: Path, *, offline: bool = True) -> list[str]:
    """What starts the script in a Blender, or in a Python that has the bpy module."""
    if Path(program).stem.lower().startswith("python"):
        return [program, "-I", str(script)]
    return [program, *QUIET, *([OFFLINE] if offline else []), "--python", str(script)]


def start(
    command: Sequence[str],
    *,
    output: IO[bytes] | int,
    orders: int = subprocess.PIPE,
    errors: IO[bytes] | int = subprocess.STDOUT,
    folder: Path | None = None,
    temporary: Path | None = None,
    memory: int | None = None,
    owned: bool = True,
    holds: bool = True,
) -> subprocess.Popen[bytes]:
    """Start without a window or console, and without our key.

    Its stdin is a pipe from us, or ``orders``, of which we hold the other end.

    One that is ``owned`` ends by itself once nobody holds on to what is returned, even if we are
    killed: the pipe closes then, which ``blender.background.entry`` watches. If it ``holds``, it
    holds until then what this thread has locked: see ``jobs.file_locks``. What it makes among
    temporary files is made in ``temporary``: Blender takes its own folder there along when it is
    ended. ``memory``: the bytes it may take, where that is not the usual limit.
    """
    environment = without_key(os.environ) | ({OWNED: "1"} if owned else {})
    if temporary is not None:
        environment |= dict.fromkeys(TEMPORARY, str(temporary))
    if memory is not None:
        environment[memory_limit.VARIABLE] = str(memory // memory_limit.MEGABYTE)
    return subprocess.Popen(
        list(command),
        stdin=orders,
        stdout=output,
        stderr=errors,
        cwd=folder,
        env=environment,
        pass_fds=file_locks.descriptors() if holds else (),
        creationflags=no_window(),
        # A group of its own: wrapper scripts start Blender as their child, and Ctrl-C in a
        # terminal is for whoever it was meant for.
        start_new_session=sys.platform != "win32",
    )


_handed_over: Final[list[subprocess.Popen[bytes]]] = []
"""Programs of the user's, which are collected when they have ended."""


def hand_over(command: Sequence[str]) -> None:
    """Start a program that is the user's from then on, and goes on without us; raises OSError."""
    _handed_over[:] = [one for one in _handed_over if one.poll() is None]
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=without_key(os.environ),
        creationflags=no_window(),
        start_new_session=sys.platform != "win32",
    )
    _handed_over.append(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with its group and collect it."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                process.kill()
    process.wait(END_SECONDS)
    if process.stdin is not None:
        process.stdin.close()


def no_window() -> int:
    """Creation flags that keep Windows from opening a console window."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def without_key(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that has no business with the key."""
    return {name: value for name, value in environ.items() if name not in KEY_NAMES}
