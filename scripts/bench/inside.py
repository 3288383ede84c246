"""Running a script of the benchmark inside a Blender of its own user."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from addon.worker import background


def answer_of(blender: str, script: Path, home: Path, request: Mapping[str, Any]) -> Any:
    """What the script writes into the file that it finds as ``answer`` in its request.

    ``home`` is the user's folder, of Blender as well as of the extension (``home / "own"``).
    """
    for part in ("config", "extensions", "scripts", "own"):
        (home / part).mkdir(parents=True, exist_ok=True)
    answer = home / "answer.json"
    (home / "request.json").write_text(
        json.dumps({**request, "answer": str(answer)}), encoding="utf-8"
    )
    done = subprocess.run(
        [*background.command(blender, script), "--", str(home / "request.json")],
        env=os.environ | {"BLENDER_USER_RESOURCES": str(home), "STUDIO3D_HOME": str(home / "own")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(done.returncode)
    return json.loads(answer.read_text(encoding="utf-8"))
