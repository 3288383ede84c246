"""The key is looked for in all that Blender and what it starts leave behind, or show of themselves.

What batches, the command line and the worker's log hold: ``tests/batch/test_key_search.py``.
"""

import logging
import os
import signal
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.results import ops, own_home
from tests.blender.test_assets import goes_on
from tests.key_search import KEY, Watch, all_held, files_with
from tests.patience import seconds, until
from tests.sandboxes import Sandboxes


def look() -> Any:
    return part("blender.runtime.job_monitor").poll_once(bpy.context)


def written(folder: Path) -> None:
    """All that a user may save: the file, compressed and not, preferences, and an asset."""
    for name, compress in (("plain.blend", False), ("packed.blend", True)):
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / name), compress=compress)
    bpy.ops.wm.open_mainfile(filepath=str(folder / "packed.blend"))
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "unpacked.blend"), compress=False)
    bpy.ops.wm.save_userpref()
    ops.studio3d.save_asset("EXEC_DEFAULT")
    until(lambda: not goes_on(), usual=120, what="the saved asset")


@pytest.mark.posix("it looks into Linux's processes")
@pytest.mark.oldest_and_newest
@pytest.mark.attack(
    "All that Blender and what it starts write or show is searched for the key",
    "In the key's own file alone; in no command line and no environment",
)
def test_from_the_key_to_a_saved_asset(
    extension: ModuleType, tmp_path: Path, sandboxes: Sandboxes
) -> None:
    sandbox = sandboxes.start(key=[KEY])
    log = logging.FileHandler(tmp_path / "all.log")
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        with own_home(tmp_path, STUDIO3D_API_URL=sandbox.address) as store:
            part("blender.runtime.worker_link").account_changed()
            bpy.context.preferences.addons[PACKAGE].preferences.key = KEY
            settings = part("blender.settings.properties").settings_of(bpy.context)
            settings.prompt = "a red chair"
            with Watch(os.getpid()) as watch:
                assert ops.studio3d.generate() == {"FINISHED"}
                until(lambda: not look().expects_more, usual=120, what=store.all)
                written(tmp_path)
            (job,) = store.all()
            assert job.state == "PLACED", job.failure
            shown = repr(part("blender.snapshot.snapshot").current())
    finally:
        root.removeHandler(log)
        root.setLevel(level)
        log.close()
    assert any(b"bootstrap.py" in line for line in watch.command_lines.values())
    assert any(b"prepare_blend.py" in line for line in watch.command_lines.values())
    assert all_held([*watch.command_lines.values(), *watch.environments.values()]) == []
    assert all_held([shown.encode()]) == []
    names = {path.name for path in tmp_path.rglob("*")}
    assert {"unpacked.blend", "jobs.sqlite", "worker.log", "all.log"} <= names
    assert list((tmp_path / "home" / "assets").glob("*.blend"))
    assert set(files_with(tmp_path)) == {tmp_path / "home" / "key"}
    for folder in (bpy.utils.user_resource("CONFIG"), bpy.app.tempdir):
        assert files_with(Path(folder)) == {}


CRASH = f"""
import bpy, importlib, os, signal
bpy.ops.preferences.addon_enable(module={PACKAGE!r})
bpy.context.preferences.addons[{PACKAGE!r}].preferences.key = {KEY!r}
account = importlib.import_module({PACKAGE!r} + ".blender.core.account")
def crash(key):
    bpy.ops.mesh.primitive_cube_add()
    os.kill(os.getpid(), signal.SIGSEGV)
crash(account.current().key.key)
"""

if bpy.app.binary_path:  # the module leaves no report

    @pytest.mark.attack(
        "The report of a Blender that crashes with the key at hand is searched for it",
        "It is not in it",
    )
    def test_a_crash_report(extension: ModuleType, tmp_path: Path) -> None:
        script, left = tmp_path / "crash.py", tmp_path / "left"
        script.write_text(CRASH)
        left.mkdir()
        with own_home(tmp_path):
            done = subprocess.run(
                [bpy.app.binary_path, "-b", "--factory-startup", "--python", str(script)],
                env={**os.environ, "TMPDIR": str(left)},
                capture_output=True,
                timeout=seconds(60),
                check=False,
            )
        script.unlink()
        assert done.returncode in {-signal.SIGSEGV, 128 + signal.SIGSEGV, 1}
        (report,) = left.rglob("*crash.txt")
        assert b"crash.py" in report.read_bytes() or b"backtrace" in report.read_bytes()
        assert set(files_with(tmp_path)) == {tmp_path / "home" / "key"}
        assert all_held([done.stdout, done.stderr]) == []
