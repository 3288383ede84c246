"""Sending the selected object out, as far as Blender does not answer meanwhile."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from addon.worker import background
from scripts import build
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread

INSIDE = Path(__file__).with_name("inside_sending.py")


def rows(setting: Setting) -> Iterator[Row]:
    """Writing the selection as .blend, which a background Blender exports, against exporting it."""
    home = setting.folder / "sending"
    for part in ("config", "extensions", "scripts"):
        (home / part).mkdir(parents=True)
    request = {
        "archive": str(build.build(home / "dist")),
        "folder": str(home),
        "triangles": setting.triangles,
        "texture": setting.texture,
        "runs": setting.runs,
        "answer": str(home / "answer.json"),
    }
    (home / "request.json").write_text(json.dumps(request), encoding="utf-8")
    subprocess.run(
        [*background.command(setting.blender, INSIDE), "--", str(home / "request.json")],
        env=os.environ | {"BLENDER_USER_RESOURCES": str(home), "STUDIO3D_HOME": str(home / "own")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    found = json.loads((home / "answer.json").read_text(encoding="utf-8"))
    yield Row(
        "sending the selection out",
        "ms",
        Spread.of(found["ours"]),
        "<= 1/20",
        Spread.of(found["direct"]),
        "export_scene.gltf",
        "writing the mesh and its textures to the disk",
    )
