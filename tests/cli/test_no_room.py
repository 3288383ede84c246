"""A disk that is full at any moment of an order, and one that takes nothing at all: real ones.

The command line runs in a namespace of its own, in which a small file system is made for it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from addon.jobs.store import Store
from addon.service.downloads import SPARE_BYTES
from scripts.build import ROOT
from tests.cli.conftest import CommandLine
from tests.patience import seconds
from tests.sandboxes import Sandboxes
from tests.till import Till

SIZE = 2 * SPARE_BYTES
ROOMS = (0, 100, 200)
"""Kilobytes that are left when an order is given: its list takes the first hundred and more, the
receipt and the result the rest."""

DRIVER = """
import contextlib, io, json, shutil, sys
from pathlib import Path
from addon.cli.environment import Environment
from addon.cli.main import main

disk, address, key = Path(sys.argv[1]), *sys.argv[2:4]

def run(folder, *arguments):
    out, words = io.StringIO(), io.StringIO()
    environ = {"STUDIO3D_HOME": str(folder / "home"), "STUDIO3D_API_URL": address,
               "STUDIO3D_API_KEY": key}
    world = Environment(io.StringIO(), out, words, environ, disk, "client")
    try:
        code = main(arguments, world)
    except Exception as error:
        code = repr(error)
    return {"code": code, "said": out.getvalue(), "words": words.getvalue()}

def fill(room):
    with (disk / "filler").open("wb", buffering=0) as filler:
        with contextlib.suppress(OSError):
            while filler.write(bytes(1 << 20)):
                pass
        filler.truncate(max(0, filler.seek(0, 2) - room * 1000))

ended = {}
for room in map(int, sys.argv[4:]):
    folder = disk / f"room {room}"
    order = ("tencent-rapid", "--prompt", f"room {room}", "--wait", "--output-dir", str(folder),
             "--poll-interval", "0.1")
    folder.mkdir()
    fill(room)
    first = run(folder, *order, "--wait-timeout", "0.05")
    (disk / "filler").unlink()
    listed = run(folder, "jobs")
    jobs = json.loads(listed["said"] or "{}").get("jobs", [])
    again = ("resume", "--yes", "--max-credits", "100", *order[-2:]) if jobs else order
    last = run(folder, *again)
    files = [str(path) for path in folder.glob("*.zip")]
    ended[room] = {"first": first, "listed": listed, "last": last, "files": files}
    shutil.rmtree(folder)
print(json.dumps(ended))
"""


def in_namespace(*options: str) -> list[str]:
    """Options of bwrap for what is as outside, but for ``options``."""
    return ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc", *options]


@pytest.mark.fault(
    "The disk is full when an order is written down, sent, receipted or its result fetched",
    "With room again it goes on to the result; paid once",
)
def test_full_at_any_moment(sandboxes: Sandboxes, tmp_path: Path) -> None:
    sandbox = sandboxes.start(set="asset_lag=0")
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "driver.py").write_text(DRIVER)
    done = subprocess.run(
        [
            *in_namespace("--size", str(SIZE), "--tmpfs", str(disk), "--chdir", str(ROOT)),
            *(sys.executable, str(tmp_path / "driver.py"), str(disk)),
            *(sandbox.address, sandbox.key, *map(str, ROOMS)),
        ],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=seconds(120),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ended: dict[str, Any] = json.loads(done.stdout)
    assert all(one["first"]["code"] for one in ended.values()), ended
    for room, one in ended.items():
        assert one["last"]["code"] == 0, (room, one)
        assert one["files"], (room, one)
    assert set(Till(sandbox).orders().values()) == {1}
    assert len(Till(sandbox).charges()) == len(ROOMS)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            ("tencent-rapid", "--prompt", "a rock"),
            marks=pytest.mark.fault(
                "An order with the job list on a read-only disk", "Said; nothing is sent"
            ),
        ),
        pytest.param(
            ("jobs",),
            marks=pytest.mark.fault("The jobs of a list on a read-only disk", "Said in words"),
        ),
    ],
    ids=lambda command: command[0],
)
def test_a_list_that_is_read_only(cli: CommandLine, command: tuple[str, ...]) -> None:
    assert cli.run("jobs").code == 0  # which makes it
    home = cli.environ["STUDIO3D_HOME"]
    sent = cli.submissions()
    client = str(ROOT / "scripts" / "3d_api_client.py")
    done = subprocess.run(
        [*in_namespace("--ro-bind", home, home), sys.executable, client, *command],
        cwd=cli.folder,
        env={"PATH": "/usr/bin:/bin", **cli.environ},
        capture_output=True,
        text=True,
        timeout=seconds(60),
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "store_unusable"
    assert "Traceback" not in done.stderr
    assert cli.submissions() == sent


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            cut, marks=pytest.mark.fault("The job list is cut off", "Said; nothing is sent")
        ),
        pytest.param(
            garbage,
            marks=pytest.mark.fault(
                "The job list is garbage, on the command line", "Said; nothing is sent"
            ),
        ),
        pytest.param(
            folder,
            marks=pytest.mark.fault(
                "A folder stands where the job list should be", "Said; nothing is sent"
            ),
        ),
    ],
)
def test_a_list_that_is_spoilt(cli: CommandLine, spoil: Any) -> None:
    path = Path(cli.environ["STUDIO3D_HOME"]) / "jobs.sqlite"
    Store(path).close()
    spoil(path)
    done = cli.run("tencent-rapid", "--prompt", "a rock")
    assert (done.code, done.document["error"]["code"]) == (1, "store_unusable")
    assert "jobs.sqlite" in done.document["error"]["message"]
    assert done.document["error"]["next_step"]
    assert cli.submissions() == 0
