"""Make many assets from a list; see ``docs/batch.md``.

blender -b --python scripts/batch.py -- jobs.csv --out DIR      with any Blender
python scripts/batch.py jobs.csv --out DIR --blender PATH       with Python 3.11
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from addon.cli.leaving import leave


def main() -> int:
    """Run the batch named on the command line; returns its exit code."""
    given = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    arguments = ["batch", *given]
    if "bpy" in sys.modules:  # inside a Blender
        from addon.blender.scripting.headless import run_command_line

        return run_command_line(arguments, "batch.py")
    from addon.cli.start import run
    from addon.worker.bootstrap import add_libraries

    add_libraries()

    return run("batch.py", arguments)


if __name__ == "__main__":
    leave(main())
