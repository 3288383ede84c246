"""Starting a background Blender so that it, and whatever it started, can be ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from ..service.keys import KEY_NAMES

END_SECONDS = 2.0

OWNED: Final = "STUDIO3D_OWNED"
"""Environment variable that says: stdin is held open by the one who wants the work."""


def start(command: Sequence[str], output: IO[bytes], folder: Path) -> subprocess.Popen[bytes]:
    """Start without a window or console, with its output in a file and without our key.

    It ends by itself once nobody holds on to what is returned, even if we are killed: stdin is a
    pipe that closes then, which ``blender.background.entry`` watches.
    """
    return subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=without_key(os.environ) | {OWNED: "1"},
        creationflags=no_window(),
        # A group of its own: wrapper scripts start Blender as their child.
        start_new_session=sys.platform != "win32",
    )


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
