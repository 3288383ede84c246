"""Compare the real service with the contract this project was built on; see docs/live_check.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def run() -> int:
    """Run the check named on the command line; returns its exit code."""
    from addon.worker.bootstrap import add_libraries

    add_libraries()
    from scripts.live_checks.command import World, main

    return main(sys.argv[1:], World.of_process())


if __name__ == "__main__":
    sys.exit(run())
