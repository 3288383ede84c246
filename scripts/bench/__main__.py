"""Measure our way against the direct way, in the same Blender and the same run.

    python -m scripts.bench --blender PATH

Prints a table of medians in milliseconds and their ratio; nothing is judged.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from addon.worker import background
from scripts import build

INSIDE = Path(__file__).resolve().parent / "inside_blender.py"


def main() -> int:
    """Run the benchmark; returns its exit code."""
    parser = argparse.ArgumentParser(description="Measure what blocks Blender's window")
    parser.add_argument("--blender", required=True, help="a Blender, or a Python with bpy")
    parser.add_argument("--triangles", type=int, default=500_000)
    parser.add_argument("--texture", type=int, default=2048, help="side of the texture in pixels")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="studio3d-bench-") as name:
        folder = Path(name)
        for part in ("config", "extensions", "scripts"):
            (folder / part).mkdir()
        request = {
            "archive": str(build.build(folder / "dist")),
            "folder": name,
            "triangles": options.triangles,
            "texture": options.texture,
            "runs": options.runs,
            "answer": str(folder / "answer.json"),
        }
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        environment = os.environ | {
            "BLENDER_USER_RESOURCES": name,
            "STUDIO3D_HOME": str(folder / "home"),
        }
        done = subprocess.run(
            [*background.command(options.blender, INSIDE), "--", str(folder / "request.json")],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.stderr.write(done.stdout + done.stderr)
            return done.returncode
        show(json.loads((folder / "answer.json").read_text(encoding="utf-8")))
    return 0


def show(answer: dict[str, Any]) -> None:
    """Print the table."""
    table = Table(title=str(answer["title"]))
    for heading in ("what blocks the window", "ours", "ms", "the direct way", "ms", "ratio"):
        table.add_column(heading)
    for row in answer["rows"]:
        ratio = row["direct_ms"] / max(row["ours_ms"], 1e-6)
        table.add_row(
            row["what"],
            row["ours"],
            f"{row['ours_ms']:.1f}",
            row["direct"],
            f"{row['direct_ms']:.1f}",
            f"{ratio:.1f} x",
        )
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
