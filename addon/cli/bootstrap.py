"""Start of the command line in a process of its own.

``python -I bootstrap.py LIBRARIES PROGRAM ARGUMENTS``: Blender starts it, as in its own process
there must be neither threads nor network. ``LIBRARIES`` is as for the worker; ``PROGRAM`` is what
the command line calls itself in messages.
"""

import importlib
import runpy
import sys
from pathlib import Path

BOOTSTRAP = Path(__file__).resolve().parents[1] / "worker" / "bootstrap.py"


def main(libraries: str, program: str, arguments: list[str]) -> int:
    """Run the command line; returns its exit code."""
    runpy.run_path(str(BOOTSTRAP))["load_package"](libraries)
    environment = importlib.import_module("studio3d.cli.environment").Environment
    run = importlib.import_module("studio3d.cli.main").main
    return int(run(arguments, environment.of_process(program)))


if __name__ == "__main__":
    ended = main(sys.argv[1], sys.argv[2], sys.argv[3:])
    importlib.import_module("studio3d.cli.leaving").leave(ended)
