"""Command line of the 3D AI Studio client; see ``--help`` and SKILL.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from addon.cli.leaving import leave
from addon.cli.start import run
from addon.worker.bootstrap import add_libraries

add_libraries()

if __name__ == "__main__":
    leave(run("3d_api_client.py", sys.argv[1:]))
