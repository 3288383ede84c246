"""What README.md says that is there when its commands have run."""

import json
import zipfile
from collections.abc import Callable
from typing import Final

from tests.newcomer.machine import Machine
from tests.newcomer.steps import CLIENT


def demo(machine: Machine, output: str) -> None:
    """A file for Blender, and a picture of it."""
    del output
    scene = machine.inside("build/demo/scene.blend").read_bytes()
    picture = machine.inside("build/demo/scene.png").read_bytes()
    assert scene.startswith((b"BLENDER", b"\x28\xb5\x2f\xfd")), "no file of Blender's"
    assert picture.startswith(b"\x89PNG"), "no picture"
    assert len(picture) > 100_000, "an empty picture"


def build(machine: Machine, output: str) -> None:
    """One zip, of an extension."""
    del output
    (archive,) = machine.inside("dist").glob("studio3d-*.zip")
    with zipfile.ZipFile(archive) as opened:
        assert "blender_manifest.toml" in opened.namelist()


def order(machine: Machine, output: str) -> None:
    """The files that the answer names are there."""
    files = [file["path"] for file in json.loads(output)["files"]]
    assert files, "an order without a file"
    for path in files:
        assert (machine.root / path.lstrip("/")).stat().st_size > 1000, f"{path} is next to empty"


PROMISES: Final[dict[str, Callable[[Machine, str], None]]] = {
    "make demo": demo,
    "make build": build,
    f"python3 scripts/{CLIENT} tencent-rapid": order,
}
"""The beginning of a command, and what has to be true after it; ``output`` is what it printed."""


def keep(machine: Machine, step: str, output: str) -> None:
    """Look at what is promised of a command: ``AssertionError``, ``OSError``, … if it is not so."""
    if CLIENT in step:
        json.loads(output)
    for beginning, promise in PROMISES.items():
        if step.startswith(beginning):
            promise(machine, output)
