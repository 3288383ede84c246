"""A background Blender whose owner is killed: it ends, and until then its files are not free."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scripts.build import ROOT
from tests.blender.conftest import part
from tests.patience import seconds, until

# In a Python beside Blender, as the worker is.
OWNER = """
import sys
from pathlib import Path
from addon.jobs.file_locks import alone_with
from addon.worker import background

folder = Path(sys.argv[1])
with alone_with(folder, "task"), (folder / "output.txt").open("wb") as output:
    process = background.start(sys.argv[2:], output=output, folder=folder)
    (folder / "pid.part").write_text(str(process.pid))
    (folder / "pid.part").rename(folder / "pid")
    process.wait()
"""


@pytest.mark.posix("a pipe in a folder keeps that Blender waiting")
@pytest.mark.fault(
    "The worker is killed while its background Blender starts or works",
    "That Blender ends at once; its files are free for the next one as soon as it has",
)
def test_it_ends_and_frees_its_files(extension: ModuleType, tmp_path: Path) -> None:
    locks = part("jobs.file_locks")
    (tmp_path / "owner.py").write_text(OWNER)
    job = tmp_path / "job.json"
    os.mkfifo(job)  # nobody writes to it: by itself that Blender would wait for ever
    command = [*part("blender.runtime.worker_host").prepare_command(), "--", str(job)]
    owner = subprocess.Popen(
        [sys.executable, str(tmp_path / "owner.py"), str(tmp_path), *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    def is_free() -> bool:
        try:
            with locks.alone_with(tmp_path, "task"):
                return True
        except locks.FilesBusy:
            return False

    try:
        until((tmp_path / "pid").exists, what="the background Blender")
        pid = int((tmp_path / "pid").read_text())
        assert not is_free()
    finally:
        owner.kill()
        owner.wait(seconds(10))
    until(is_free, what="its files to be free")
    until(lambda: has_ended(pid), what="its end")


def has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True
