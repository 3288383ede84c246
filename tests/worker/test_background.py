"""Background work ends with whoever wanted it, also when that is killed and can end nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.build import ROOT
from tests.patience import seconds, until
from tests.processes import is_running

ENTRY = ROOT / "addon" / "blender" / "background" / "entry.py"

OWNER = """
import sys
from pathlib import Path
from addon.worker import background

folder = Path(sys.argv[1])
with (folder / "output.txt").open("wb") as output:
    process = background.start(sys.argv[2:], output=output, folder=folder)
process.wait()
"""

WORK = """
import os, runpy, time
from pathlib import Path

entry = runpy.run_path(os.environ["ENTRY"])


def work(job):
    Path(job["pid"]).write_text(f"{os.getpid()}\\n")
    while True:
        time.sleep(0.1)


entry["main"](work, message="{error}", hint="")
"""

STARTS = "import subprocess, sys; subprocess.call(sys.argv[1:])"
WRAPPERS: dict[str, list[str]] = {
    "Blender itself": [],
    "a script that starts Blender": [sys.executable, "-c", STARTS],
}


@pytest.mark.fault("What started a background Blender is killed", "The background Blender ends too")
@pytest.mark.parametrize("wrapper", WRAPPERS.values(), ids=WRAPPERS)
def test_it_ends_when_its_owner_is_killed(wrapper: list[str], tmp_path: Path) -> None:
    (tmp_path / "owner.py").write_text(OWNER)
    (tmp_path / "work.py").write_text(WORK)
    noted = tmp_path / "pid"
    order = {"pid": str(noted), "report": str(tmp_path / "report.json")}
    (tmp_path / "job.json").write_text(json.dumps(order))
    work = [sys.executable, "-I", str(tmp_path / "work.py"), "--", str(tmp_path / "job.json")]
    command = [*wrapper, *work]
    owner = subprocess.Popen(
        [sys.executable, str(tmp_path / "owner.py"), str(tmp_path), *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "ENTRY": str(ENTRY)},
    )
    try:
        until(noted.exists, what="the start of the work")
        pid = int(noted.read_text())
        assert is_running(pid)
    finally:
        owner.kill()
        owner.wait(seconds(10))
    until(lambda: not is_running(pid), usual=3, what="the end of the work")
