"""Measure what the background Blender does with a result, against importing and saving it.

    python -m scripts.bench.background --blender PATH [--quick]

Each is a process of its own. Prints the processor time of each, the best of several, and how many
times the direct way's that is; a machine that is busy with something else changes little about it.
Nothing is judged.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from addon.worker import background

HERE = Path(__file__).resolve().parent
PREPARE = HERE.parents[1] / "addon" / "blender" / "background" / "prepare_blend.py"

USUAL_GRAIN = 0.03

STILL = {
    "objects": ["Own 0"],
    "libraries": [""],
    "matrices": [[[float(row == column) for column in range(4)] for row in range(4)]],
    "origin": [0.0, 0.0, 0.0],
    "scale": 1.0,
    "frame": 1,
    "apply_modifiers": True,
}
"""How the own mesh of a retexture was sent; see ``background.export.export_model``."""


NEW_TEXTURES = {"outcome": "TEXTURES", "step": 1}
"""What the answer is to it; see ``preparation.prepare``."""

ANSWERS = {
    "kept": "order kept",
    "mixed": "order mixed",
    "turned": "other diagonals",
    "other": "another mesh",
}
"""What may come of a retexture, by the names of its files; see ``models.answers``."""


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    ours: float
    """Seconds of processor time."""
    direct: float


def main() -> int:
    """Run the benchmark; returns its exit code."""
    parser = argparse.ArgumentParser(description="Measure the preparation of results")
    parser.add_argument("--blender", required=True, help="a Blender, or a Python with bpy")
    parser.add_argument("--triangles", type=int, nargs="+", default=[100_000, 400_000, 1_000_000])
    parser.add_argument("--texture", type=int, default=2048, help="side of the textures in pixels")
    parser.add_argument("--parts", type=int, default=50, help="parts of the model that has several")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="the smallest models alone")
    parser.add_argument("--keep", type=Path, help="folder for the models, which are used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="studio3d-bench-") as name:
        models = options.keep or Path(name)
        table = Table(title=f"{options.texture} px textures, best of {options.runs}")
        for heading in ("what", "ours, CPU s", "import and save, CPU s", "ratio"):
            table.add_column(heading)
        sizes = sorted(options.triangles)
        for triangles in sizes[:1] if options.quick else sizes:
            for parts in (1, options.parts):
                folder = made(options.blender, models, triangles, parts, options.texture)
                for row in measured(options.blender, folder, Path(name), options.runs):
                    what = f"{row.what}, {triangles} triangles in {parts}"
                    ratio = f"{row.ours / row.direct:.2f} x"
                    table.add_row(what, f"{row.ours:.2f}", f"{row.direct:.2f}", ratio)
        Console().print(table)
    return 0


def made(
    blender: str,
    models: Path,
    triangles: int,
    parts: int,
    texture: int,
    grain: float = USUAL_GRAIN,
) -> Path:
    """The folder with the models, which are made if they are not there; see ``models``."""
    folder = models / f"{triangles}-{parts}-{texture}-{grain}"
    request = folder / "request.json"
    if request.is_file():
        return folder
    folder.mkdir(parents=True)
    wanted = {
        "folder": str(folder),
        "triangles": triangles,
        "parts": parts,
        "texture": texture,
        "grain": grain,
    }
    started = folder / "started.json"
    started.write_text(json.dumps(wanted | {"sent": parts == 1}), encoding="utf-8")
    cost(blender, HERE / "models.py", [str(started)])
    started.rename(request)  # now they are whole
    return folder


def measured(blender: str, folder: Path, scratch: Path, runs: int) -> list[Row]:
    """What there is to say about one model."""
    sent = {"blend": str(folder / "sent.blend"), "settings": STILL, **NEW_TEXTURES}
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("prepare", "model", {}),
        ("prepare with preview", "model", {"preview": str(scratch / "preview.png")}),
    ]
    if (folder / "sent.blend").is_file():
        preview = {"preview": str(scratch / "preview.png")}
        for name, how in ANSWERS.items():
            what = f"fit a retexture, {how}"
            kinds.append((what, name, {"sent": sent, "keep_place": True}))
            kinds.append((f"{what}, with preview", name, {**kinds[-1][2], **preview}))
    best: dict[str, list[float]] = {what: [] for what, _, _ in kinds}
    direct: dict[str, list[float]] = {name: [] for _, name, _ in kinds}
    for _ in range(runs):  # all of them in turn: a machine is not always equally fast
        for name, times in direct.items():
            glb, blend = folder / f"{name}.glb", scratch / "direct.blend"
            times.append(cost(blender, HERE / "direct.py", [str(glb), str(blend)]))
        for what, name, more in kinds:
            best[what].append(prepared(blender, folder / f"{name}.glb", scratch, more))
    return [Row(what, min(best[what]), min(direct[name])) for what, name, _ in kinds]


def prepared(blender: str, glb: Path, scratch: Path, more: dict[str, Any]) -> float:
    """Seconds of processor time to prepare the model as the worker has it prepared."""
    report = scratch / "report.json"
    work = {
        "files": [str(glb)],
        "to": str(scratch / "prepared.blend"),
        "report": str(report),
        "name": "bench",
    }
    (scratch / "job.json").write_text(json.dumps(work | more), encoding="utf-8")
    spent = cost(blender, PREPARE, [str(scratch / "job.json")])
    said = json.loads(report.read_text(encoding="utf-8"))
    is_all_triangles = said["ok"] and said["figures"]["polygons"] == said["triangles"]
    is_less = "sent" in more and is_all_triangles  # what was sent has quads
    if not said["ok"] or said["left_out"] or is_less:  # then less was done than is measured
        raise SystemExit(str(said))
    if "preview" in more:
        Path(more["preview"]).unlink()  # it has to come each time
    return spent


def cost(blender: str, script: Path, arguments: Sequence[str]) -> float:
    """Seconds of processor time that a script takes in a background Blender, its start too."""
    before = os.times()
    done = subprocess.run(
        [*background.command(blender, script), "--", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    after = os.times()
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(done.returncode)
    return sum(after[2:4]) - sum(before[2:4])


if __name__ == "__main__":
    sys.exit(main())
