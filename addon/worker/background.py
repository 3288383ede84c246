"""Processes in the background: how they are called, started, and ended with what they started."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from ..jobs import file_locks
from ..service.keys import KEY_NAMES
from . import memory_limit
from .found_blenders import FLATPAK

log = logging.getLogger(__name__)

END_SECONDS: Final = 2.0
"""How long to wait for the end of what was killed; the system may hold it up for longer."""

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
    start = [program] if Path(program).name != FLATPAK else _in_flatpak(script)
    return [*start, *QUIET, *([OFFLINE] if offline else []), "--python", str(script)]


def _in_flatpak(script: Path) -> list[str]:
    """The same for what sees of the disk only what it is given; it ends with who started it."""
    package = Path(__file__).resolve().parents[1]
    seen = dict.fromkeys(("host", tempfile.gettempdir(), str(package), str(script.parent)))
    return [
        "flatpak",
        "run",
        "--die-with-parent",
        *(f"--filesystem={one}" for one in seen),
        FLATPAK,
    ]


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


_left: Final[list[subprocess.Popen[bytes]]] = []
"""Programs of the user's, and what was killed and is not gone: collected when they have ended."""


def _collect() -> None:
    for process in tuple(_left):
        if process.poll() is not None:
            with suppress(ValueError):  # another thread was quicker
                _left.remove(process)


def hand_over(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program that is the user's from then on, and goes on without us; raises OSError.

    Nobody has to wait for it: it is collected here.
    """
    _collect()
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=without_key(os.environ),
        creationflags=no_window(),
        start_new_session=sys.platform != "win32",
    )
    _left.append(process)
    return process


def open_file(path: Path) -> None:
    """Have Windows open the file with the program it has for it; raises OSError."""
    start_file: Callable[[Path], None] = getattr(os, "startfile")  # noqa: B009 - only there
    start_file(path)


def start_beside(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    orders: int | None = None,
    ends: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start what stands in for this process: on its streams, in its terminal; raises OSError.

    It has the key. ``orders`` is its stdin in place of ours, ``ends`` are pipes it gets as well.
    """
    if sys.platform == "win32" and not has_console():
        # It would open a window of its own; and without one it has no streams but those given.
        return subprocess.Popen(
            list(command),
            env=environment,
            stdin=_stream(0) if orders is None else orders,
            stdout=_stream(1),
            stderr=_stream(2),
            creationflags=no_window(),
        )
    return subprocess.Popen(list(command), env=environment, stdin=orders, pass_fds=ends)


def _stream(number: int) -> int:
    """The stream of that number, where whoever started us gave one."""
    try:
        os.fstat(number)
    except OSError:
        return subprocess.DEVNULL
    return number


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with its group and collect it, at the latest when the next one is ended."""
    _collect()
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                process.kill()
    if process.stdin is not None:
        with suppress(OSError):  # what was still to be written has nobody to read it
            process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:  # in the middle of writing to a disk that does not answer
        log.warning("process %d was killed and is not gone yet", process.pid)
        _left.append(process)


if sys.platform == "win32":
    import ctypes

    def no_window() -> int:
        """Creation flags that keep Windows from opening a console window."""
        return subprocess.CREATE_NO_WINDOW

    def has_console() -> bool:
        """Whether this process has a console, which what it starts would share."""
        return bool(ctypes.windll.kernel32.GetConsoleCP())

else:

    def no_window() -> int:
        """Elsewhere none opens by itself."""
        return 0


def without_key(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that has no business with the key."""
    return {name: value for name, value in environ.items() if name not in KEY_NAMES}
