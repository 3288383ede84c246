"""Enabling the extension in a Blender that was just started, as each start of Blender does it."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from addon.worker import background
from scripts import build
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread

INSIDE = Path(__file__).with_name("inside_enabling.py")


def rows(setting: Setting) -> Iterator[Row]:
    """Import and registration of the whole extension, against importing an HTTP library."""
    home = setting.folder / "enabling"
    for part in ("config", "extensions", "scripts"):
        (home / part).mkdir(parents=True)
    archive = build.build(setting.folder / "dist")
    _inside(setting, home, ["install", str(archive)])
    found = [_inside(setting, home, ["measure"]) for _ in range(setting.runs + 1)][1:]
    yield Row(
        "enabling, fresh Blender",
        "ms",
        Spread.of([one["ours"] for one in found]),
        "<= 30 ms",
        Spread.of([one["direct"] for one in found]),
        "import requests, which others do at the start",
        f"{found[0]['modules']:.0f} modules of ours are read and run",
    )


def _inside(setting: Setting, home: Path, words: list[str]) -> dict[str, float]:
    answer = home / "answer.json"
    answer.write_text("{}")
    subprocess.run(
        [*background.command(setting.blender, INSIDE), "--", str(answer), *words],
        env=os.environ | {"BLENDER_USER_RESOURCES": str(home), "STUDIO3D_HOME": str(home / "own")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    told: dict[str, float] = json.loads(answer.read_text())
    return told
