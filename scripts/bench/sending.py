"""Sending the selected object out, as far as Blender does not answer meanwhile."""

from collections.abc import Iterator
from pathlib import Path

from scripts import build
from scripts.bench.inside import answer_of
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread

INSIDE = Path(__file__).with_name("inside_sending.py")


def rows(setting: Setting) -> Iterator[Row]:
    """Writing the selection as .blend, which a background Blender exports, against exporting it."""
    home = setting.folder / "sending"
    request = {
        "archive": str(build.build(home / "dist")),
        "folder": str(home),
        "triangles": setting.triangles,
        "texture": setting.texture,
        "runs": setting.runs,
    }
    found = answer_of(setting.blender, INSIDE, home, request)
    yield Row(
        "sending the selection out",
        "ms",
        Spread.of(found["ours"]),
        "<= 1/20",
        Spread.of(found["direct"]),
        "export_scene.gltf",
        "writing the mesh and its textures to the disk",
    )
