"""Whether all of it works on this system: run on a real Windows, Mac or Linux, in about a minute.

    python scripts/system_check.py                       with the newest Blender that is installed
    python scripts/system_check.py --blender PATH        with that one
    python scripts/system_check.py --quick               without Blender, in seconds

It needs Python 3.11 and a checkout, and asks no service but one of its own on this machine.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def run() -> int:
    """Check this system; returns the exit code."""
    from addon.worker.bootstrap import add_libraries

    add_libraries()
    from scripts.system_checks.command import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
