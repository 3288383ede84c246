"""Start of the command line in a process of its own.

``python -I bootstrap.py LIBRARIES LIFELINE PROGRAM ARGUMENTS``: Blender starts it, as in its own
process there must be neither threads nor network. ``LIBRARIES`` is as for the worker; ``LIFELINE``
is the number of an open pipe, or empty: when that closes, Blender is gone, and this ends as with
Ctrl-C. ``PROGRAM`` is what the command line calls itself in messages.
"""

import importlib
import os
import runpy
import signal
import sys
import threading
from pathlib import Path

BOOTSTRAP = Path(__file__).resolve().parents[1] / "worker" / "bootstrap.py"


def hold(lifeline: int) -> None:
    """End in good order when the pipe closes."""

    def wait() -> None:
        while os.read(lifeline, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def main(libraries: str, program: str, arguments: list[str]) -> int:
    """Run the command line; returns its exit code."""
    runpy.run_path(str(BOOTSTRAP))["load_package"](libraries)
    return int(importlib.import_module("studio3d.cli.start").run(program, arguments))


if __name__ == "__main__":
    if sys.argv[2]:
        hold(int(sys.argv[2]))
    ended = main(sys.argv[1], sys.argv[3], sys.argv[4:])
    importlib.import_module("studio3d.cli.leaving").leave(ended)
