"""Compare the real service with the contract this project was built on; see docs/live_check.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from addon.worker.bootstrap import add_libraries
from scripts.live_checks.command import World, main

add_libraries()

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], World.of_process()))
