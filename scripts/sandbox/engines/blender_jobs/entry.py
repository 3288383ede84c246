"""Runs one job inside Blender: ``blender -b --python entry.py -- NAME REQUEST ANSWER``."""

import importlib
import json
import os
import sys
import threading
from pathlib import Path

_ORPHANED = 4


def _leave_with_parent() -> None:
    """Blender runs in a session of its own: nobody else would end it when its starter dies."""
    sys.stdin.read()
    os._exit(_ORPHANED)


def main() -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    name, question, answer = sys.argv[sys.argv.index("--") + 1 :]
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))
    job = importlib.import_module(f"scripts.sandbox.engines.blender_jobs.{name}")
    try:
        done = job.run(json.loads(Path(question).read_text(encoding="utf-8")))
    except job.Refused as refused:
        done = {"refused": str(refused)}
    Path(answer).write_text(json.dumps(done), encoding="utf-8")


if __name__ == "__main__":
    main()
