"""Runs inside a background Blender: one order after the other, each done as its script does it.

Started with the folder of the scripts behind ``--``. An order is a line of JSON on stdin, with the
``script`` beside what ``entry.py`` describes; ``DONE`` on stdout says that its report is written.
"""

import json
import os
import runpy
import sys
from pathlib import Path

FOLDER = Path(sys.argv[sys.argv.index("--") + 1])
WORK = {"prepare_blend.py": "prepare", "export_model.py": "export", "print_model.py": "work"}
"""The function of each script that does the work."""
DONE = "DONE"


def main() -> None:
    entry = runpy.run_path(str(FOLDER / "entry.py"))
    work = {name: runpy.run_path(str(FOLDER / name))[function] for name, function in WORK.items()}
    for line in sys.stdin:
        order = json.loads(line)
        report = entry["_report"](work[order["script"]], order, "It broke down: {error}", "")
        entry["_write"](Path(order["report"]), report)
        sys.stdout.write(f"\n{DONE}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
    os._exit(0)  # the bpy module can hang or crash while Python ends
