"""Enabling the extension in a Blender that was just started, as each start of Blender does it."""

from collections.abc import Iterator
from pathlib import Path

from scripts import build
from scripts.bench.inside import answer_of
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread

INSIDE = Path(__file__).with_name("inside_enabling.py")


def rows(setting: Setting) -> Iterator[Row]:
    """Import and registration of the whole extension, against importing an HTTP library."""
    home = setting.folder / "enabling"
    archive = str(build.build(setting.folder / "dist"))
    answer_of(setting.blender, INSIDE, home, {"archive": archive})
    found = [answer_of(setting.blender, INSIDE, home, {}) for _ in range(setting.runs + 1)][1:]
    yield Row(
        "enabling, fresh Blender",
        "ms",
        Spread.of([one["ours"] for one in found]),
        "<= 30 ms",
        Spread.of([one["direct"] for one in found]),
        "import requests, which others do at the start",
        f"{found[0]['modules']:.0f} modules of ours are read and run",
    )
    yield Row(
        "read after enabling, longest moment",
        "ms",
        Spread.of([one["longest"] for one in found]),
        "<= 16.7 ms, one frame",
        limit=f"one module; {Spread.of([one['rest'] for one in found]).median:.0f} ms in all",
    )
