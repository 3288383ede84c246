"""Every command of the documents is run as it stands, against a sandbox.

They run in one folder, one after the other, by a shell: what one page has made, another finds done,
as a batch that is started again. In the folder is what the pages speak of: the project, the list of
``batch.md`` and its picture. ``STANDS_FOR`` says what is put in the place of what a reader
has to put in.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageDraw

from scripts import build
from scripts.build import ROOT
from tests.documents.blocks import BLOCKS
from tests.patience import seconds
from tests.sandboxes import Sandbox
from tests.window.harness.user import make_user

KINDS: Final = {"sh", "powershell", "python", "csv", "json", "toml", "text"}
MARKS: Final = {"", "file", "runs in", "not run"}
STANDS_FOR: Final = {
    '"..."': '"$STUDIO3D_API_KEY"',
    "/path/to/blender": "blender",
    "/Applications/Blender.app/Contents/MacOS/Blender": "blender",
    "/mnt/share/": "",
    "seq 1 3 40": "seq 1 1 1",  # the list has two rows
}
PROJECT: Final = ("addon", "examples", "requirements", "scripts", "wheels")
RUN: Final = [block for block in BLOCKS if block.kind == "sh" and block.mark in {"", "file"}]


STARTED: Final = ("scripts/3d_api_client.py", "scripts/batch.py")


def test_every_block_says_what_it_is() -> None:
    assert [block.place for block in BLOCKS if block.kind not in KINDS] == []
    assert [block.place for block in BLOCKS if block.mark not in MARKS] == []
    elsewhere = [block for block in BLOCKS if block.mark == "runs in"]
    assert elsewhere
    assert [block.place for block in elsewhere if not (ROOT / block.said).is_file()] == []


@pytest.fixture(scope="module")
def programs(blender: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PATH: this Python, and a Blender of a user who has installed the extension."""
    folder, user = tmp_path_factory.mktemp("programs"), tmp_path_factory.mktemp("user")
    make_user(user, blender, build.build(tmp_path_factory.mktemp("dist")))
    openjd = str(Path(sys.executable).with_name("openjd"))
    started = {"python": sys.executable, "python3": sys.executable, "openjd": openjd}
    for name, program in {**started, "blender": blender}.items():
        profile = f"export BLENDER_USER_RESOURCES='{user}'\n" if name == "blender" else ""
        path = folder / name
        path.write_text(f"#!/bin/sh\n{profile}exec '{program}' \"$@\"\n")
        path.chmod(0o755)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a reader works."""
    for name in PROJECT:
        (tmp_path / name).symlink_to(ROOT / name)
    for block in BLOCKS:
        if block.mark == "file":
            (tmp_path / block.said).write_text(block.text)
    (tmp_path / "photos").mkdir()
    image = Image.new("RGB", (256, 256), "white")
    ImageDraw.Draw(image).ellipse((70, 40, 190, 220), fill=(180, 60, 40))
    image.save(tmp_path / "photos" / "vase.png")
    return tmp_path


@pytest.mark.timeout(seconds(600))  # one command after the other, with waits for a service
def test_the_commands_run(folder: Path, programs: Path, sandbox: Sandbox) -> None:
    environ = os.environ | {
        "PATH": f"{programs}:/usr/bin:/bin",
        "STUDIO3D_HOME": str(folder / "home"),
        "STUDIO3D_API_URL": sandbox.address,
        "STUDIO3D_API_KEY": sandbox.key,
    }
    assert [name for name in STARTED if all(name not in block.text for block in RUN)] == []
    failed, done_before = [], set[str]()
    for block in RUN:
        text = block.text
        for shown, meant in STANDS_FOR.items():
            text = text.replace(shown, meant)
        lines = set(text.splitlines())
        if lines <= done_before:
            continue
        done_before |= lines
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds(120),
        )
        if done.returncode:
            failed.append(f"{block.place}\n{text}\n{done.stdout}{done.stderr}")
    assert "\n\n".join(failed) == ""
