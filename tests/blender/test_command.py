"""``blender --command studio3d`` and ``scripts/batch.py``: from a list to a library, headless."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from scripts.build import ROOT
from tests.blender.conftest import PACKAGE, part
from tests.blender.results import own_home
from tests.patience import seconds, until
from tests.sandboxes import Sandbox, Sandboxes

MODULE_ONLY = not bpy.app.binary_path


def environment(folder: Path, sandbox: Sandbox) -> dict[str, str]:
    """A user of the test's own, with the sandbox as account."""
    kept = {name: value for name, value in os.environ.items() if "API_" not in name}
    return kept | {
        "STUDIO3D_HOME": str(folder / "home"),
        "STUDIO3D_API_URL": sandbox.address,
        "STUDIO3D_API_KEY": sandbox.key,
    }


def start(
    folder: Path, sandbox: Sandbox, command: list[str], **environ: str
) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end."""
    return subprocess.run(
        command,
        env=environment(folder, sandbox) | environ,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds(300),
        check=False,
    )


def batch_script(*options: str) -> list[str]:
    """What starts ``scripts/batch.py`` in this Blender, or with this Python and the module."""
    script = str(ROOT / "scripts" / "batch.py")
    if MODULE_ONLY:
        return [sys.executable, script]
    return [bpy.app.binary_path, "-b", "--factory-startup", *options, "--python", script, "--"]


def test_the_command_is_the_command_line(
    extension: ModuleType, tmp_path: Path, sandbox: Sandbox
) -> None:
    if MODULE_ONLY:
        with own_home(tmp_path, STUDIO3D_API_KEY="k", STUDIO3D_API_URL=sandbox.address):
            assert part("blender.scripting.command").execute(["operations", "--json"]) == 0
            assert part("blender.scripting.command").execute(["no-such-thing"]) == 2
        return
    command = [bpy.app.binary_path, "--factory-startup", "--addons", PACKAGE, "--command"]
    done = start(tmp_path, sandbox, [*command, "studio3d", "balance"])
    assert done.returncode == 0, done.stderr
    assert '"rate_limit"' in done.stdout
    wrong = start(tmp_path, sandbox, [*command, "studio3d", "estimate", "nonsense"])
    assert wrong.returncode == 2
    assert "blender --command studio3d" in wrong.stderr


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder of this test's, of a shorter name: paths of Windows have 259 characters."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield Path(name)


def test_a_list_becomes_a_library_that_blender_opens(
    extension: ModuleType, short_path: Path, sandbox: Sandbox
) -> None:
    folder = short_path / "ein Ordner 箱"
    folder.mkdir()
    (folder / "liste.csv").write_text(
        "operation,name,prompt,tags,post\n"
        "tencent-rapid,Stuhl 椅,a wooden chair,seat,size=1; asset=Props/Chairs\n"
        "tencent-rapid,Vase,a blue vase,,asset=Props\n",
        encoding="utf-8",
    )
    arguments = ["liste.csv", "--out", "fertig", "--poll-interval", "0.2"]
    if MODULE_ONLY:
        arguments += ["--blender", sys.executable]
    done = start(folder, sandbox, [*batch_script(), *arguments])
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads((folder / "fertig" / "report.json").read_text("utf-8"))
    assert [row["status"] for row in report["rows"]] == ["finished", "finished"]

    library = folder / "fertig" / "library"
    libraries = bpy.context.preferences.filepaths.asset_libraries
    known = libraries.new(name="Batch", directory=str(library))
    try:
        definitions = (library / "blender_assets.cats.txt").read_text("utf-8")
        for row in report["rows"]:
            (obj,) = append_assets(Path(known.path) / Path(row["library"]).name)
            assert f"{obj.asset_data.catalog_id}:Props" in definitions
            assert obj["studio3d_task"] == row["orders"][0]["task_id"]
            assert len(obj.data.polygons) > 100
            assert obj.preview is not None
    finally:
        libraries.remove(known)
    assert "Stuhl 椅" in bpy.data.objects


def append_assets(path: Path) -> list[Any]:
    """Append what the asset browser would show of a file."""
    libraries: Any = bpy.data.libraries
    with libraries.load(str(path), link=False, assets_only=True) as (there, wanted):
        wanted.objects = there.objects
    for obj in wanted.objects:
        bpy.context.scene.collection.objects.link(obj)
    return list(wanted.objects)


@pytest.mark.fault("A batch in Blender with --offline-mode", "Refused before anything is sent")
@pytest.mark.skipif(MODULE_ONLY, reason="the module is started without Blender's options")
def test_offline_mode_is_refused_before_anything_is_sent(
    extension: ModuleType, tmp_path: Path, sandbox: Sandbox
) -> None:
    (tmp_path / "list.csv").write_text("operation,prompt\ntencent-rapid,a chair\n", "utf-8")
    command = [*batch_script("--offline-mode"), "list.csv", "--out", "out"]
    done = start(tmp_path, sandbox, command)
    assert done.returncode == 6
    assert "offline mode" in done.stderr
    checked = start(tmp_path, sandbox, [*command, "--check"])
    assert '"estimated_credits": 35' in checked.stdout


@pytest.mark.fault(
    "Blender is killed while its command waits for a job",
    "The command line it started ends as well; the job goes on at the service",
)
@pytest.mark.skipif(MODULE_ONLY, reason="the module has no process of Blender's to end")
def test_a_command_ends_with_its_blender(
    extension: ModuleType, tmp_path: Path, sandboxes: Sandboxes
) -> None:
    slow = sandboxes.start(time_scale=100)
    command = [bpy.app.binary_path, "--factory-startup", "--addons", PACKAGE, "--command"]
    with subprocess.Popen(
        [*command, "studio3d", "tencent-rapid", "--prompt", "a rock", "--wait"],
        env=environment(tmp_path, slow),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "being made" in line or "at the service" in line:
                break
        process.kill()
        # Ends when the child, which has the streams too, is gone.
        out, _ = process.communicate(timeout=seconds(30))
    assert json.loads(out[out.index("{") :])["error"]["code"] == "interrupted"


@pytest.mark.fault(
    "The Blender of a batch is killed",
    "The batch ends too; the folder is free, the report tells where it stands",
)
@pytest.mark.skipif(MODULE_ONLY, reason="the module has no process of Blender's to end")
def test_the_batch_ends_with_its_blender_however_that_ends(
    extension: ModuleType, tmp_path: Path, sandboxes: Sandboxes
) -> None:
    slow = sandboxes.start(time_scale=1000)  # it does not end before it is killed
    (tmp_path / "list.csv").write_text("operation,prompt\ntencent-rapid,a chair\n", "utf-8")
    command = [*batch_script(), "list.csv", "--out", "out"]
    with subprocess.Popen(
        command,
        env=environment(tmp_path, slow),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "at the service" in line:
                break
        process.kill()
    folder, locks = part("batch.folder"), part("jobs.file_locks")

    def is_free() -> bool:
        try:
            with folder.BatchFolder(tmp_path / "out").lock():
                return True
        except locks.FilesBusy:
            return False

    until(is_free, what="the end of the child")
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["totals"]["unfinished"] == 1
