"""What the documents say of adding an operation is all that it takes: in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import trimesh
from PIL import Image

from scripts import wheels
from scripts.sandbox.processes import Sandbox, SandboxProcesses
from tests.patience import seconds
from tests.sandboxes import ROOT

PAGE: Final = ROOT / "docs" / "adding_an_operation.md"
MODULE: Final = re.compile(r"^```python\n# (\S+\.py)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A block of code that says which file it is."""

COPIED: Final = (
    *("addon", "docs", "requirements", "scripts", "tests", "wheels"),
    *("CHANGELOG.md", "LICENSE", "THIRD_PARTY.md", "blender_manifest.toml", "pyproject.toml"),
)
LANGUAGES: Final = "de, es, fr, ja, zh_HANS"

# Runs in a Blender that knows nothing of this process: what it draws comes back as a file.
DRAW: Final = """
import json, os, sys
from types import SimpleNamespace
import bpy
copy, archive, answer = sys.argv[-3:]
sys.path.insert(0, copy)
from tests.blender.recording_layout import RecordingLayout
bpy.ops.extensions.package_install_files(
    filepath=archive, repo="user_default", enable_on_install=True
)
from bl_ext.user_default.studio3d.blender.runtime.build_snapshot import refresh
refresh(bpy.context)
bpy.context.scene.studio3d.miniature_operation = "relief"
panel, layout = bpy.types.STUDIO3D_PT_miniature, RecordingLayout()
panel.draw(SimpleNamespace(layout=layout), bpy.context)
drawn = {
    "title": panel.bl_label,
    "properties": [name for _, name in layout.properties],
    "button": layout.texts[-1],
    "text": layout.text,
}
with open(answer, "w") as file:
    json.dump(drawn, file)
    file.flush()
os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project, with the operation added."""

    root: Path
    written: tuple[str, ...]
    """The files that were added by hand."""

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run this Python in the copy."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=os.environ | environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds(60),
        )

    def module(self, *arguments: str) -> str:
        """Run a module of the copy; what it said."""
        done = self.run("-m", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    root = tmp_path / "project"
    wheels.ready()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copyfile(source, root / name)
    modules = MODULE.findall(PAGE.read_text(encoding="utf-8"))
    for name, text in modules:
        assert not (root / name).exists()
        (root / name).write_text(text, encoding="utf-8")
    return Copy(root, tuple(name for name, _ in modules))


@pytest.fixture
def sandbox_of_copy(copy: Copy, tmp_path: Path) -> Iterator[Sandbox]:
    folder = tmp_path / "sandbox"
    folder.mkdir()
    with SandboxProcesses(folder, patience=seconds(60), root=copy.root, time_scale=0.01) as running:
        yield running.start()


def test_what_the_page_says_is_all_it_takes(
    copy: Copy, sandbox_of_copy: Sandbox, blender: str, tmp_path: Path
) -> None:
    assert [Path(name).parent.as_posix() for name in copy.written] == [
        "addon/catalog/declared",
        "scripts/sandbox/operations",
    ]
    copy.module("ruff", "check", *copy.written)
    copy.module("ruff", "format", "--check", *copy.written)
    check_documents(copy)
    check_languages(copy)
    copy.module(
        "pytest", "-q", "-k", "relief", "tests/catalog", "tests/sandbox/test_front_agrees.py"
    )
    account = {
        "STUDIO3D_HOME": str(tmp_path / "home"),
        "STUDIO3D_API_URL": sandbox_of_copy.address,
        "STUDIO3D_API_KEY": sandbox_of_copy.key,
    }
    check_command_line(copy, account, tmp_path)
    check_sidebar(copy, blender, account, tmp_path)


def check_documents(copy: Copy) -> None:
    assert "SKILL.md" in copy.module("scripts.references")
    skill = (copy.root / "SKILL.md").read_text(encoding="utf-8")
    assert "3d_api_client.py relief " in skill
    assert "**Relief**: From a photo to a printable plaque. About 15-25 credits." in skill
    reference = (copy.root / "references" / "api_reference.md").read_text(encoding="utf-8")
    assert "- POST `/v1/flow/relief/`" in reference


def check_languages(copy: Copy) -> None:
    said = copy.module("scripts.languages")
    for text in ("From a photo to a printable plaque", "Make Relief", "Depth (mm)", "fine surface"):
        assert f"{text!r}: {LANGUAGES}\n" in said
    tables = list((copy.root / "addon" / "blender" / "languages").glob("*.json"))
    assert len(tables) == len(LANGUAGES.split(", "))
    for table in tables:
        assert json.loads(table.read_text(encoding="utf-8"))["Make Relief"] is None
    assert copy.run("-m", "scripts.languages", "--check").returncode == 1  # not to be shipped so


def check_command_line(copy: Copy, account: dict[str, str], folder: Path) -> None:
    Image.new("L", (128, 128), 200).save(folder / "photo.png")

    def client(*arguments: str) -> Any:
        done = copy.run("scripts/3d_api_client.py", *arguments, **account)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    order = ("relief", "--image", str(folder / "photo.png"), "--quality", "fine")
    assert client("estimate", *order)["estimated_credits"] == 25
    made = client(*order, "--wait", "--poll-interval", "0.1", "--output-dir", str(folder / "made"))
    (file,) = made["files"]
    assert len(trimesh.load_scene(file["path"]).to_mesh().faces) == 2 * 127**2
    (folder / "list.csv").write_text("operation,image,depth_mm\nrelief,photo.png,8\n")
    out = str(folder / "out")
    quick = ("--poll-interval", "0.1", "--no-process")
    report = client("batch", str(folder / "list.csv"), "--out", out, *quick)
    assert report["totals"]["spent_credits"] == 15
    assert [row["operation"] for row in report["rows"]] == ["relief"]


def check_sidebar(copy: Copy, blender: str, account: dict[str, str], folder: Path) -> None:
    copy.module("scripts.build", "--dist", str(folder / "dist"))
    (archive,) = (folder / "dist").glob("*.zip")
    resources, script, answer = folder / "blender", folder / "draw.py", folder / "drawn.json"
    for name in ("config", "extensions", "scripts"):
        (resources / name).mkdir(parents=True)
    script.write_text(DRAW)
    own = {"BLENDER_USER_RESOURCES": str(resources), "TMPDIR": str(folder)}
    command = [blender, "--background", "--factory-startup", "-noaudio", "--python-exit-code", "1"]
    given = [str(copy.root), str(archive), str(answer)]
    done = subprocess.run(
        [*command, "--python", str(script), "--", *given],
        env=os.environ | account | own,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds(120),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    drawn = json.loads(answer.read_text())
    assert drawn["title"] == "Flows"
    assert drawn["properties"][0] == "miniature_operation"
    assert {"image", "depth_mm", "quality", "where"} <= set(drawn["properties"])
    assert drawn["button"] == "Make Relief"
    assert "15 of 9 960 credits" in drawn["text"]
