import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.worker import memory_limit, memory_watch
from addon.worker.process import WorkerProcess
from addon.worker.script_process import ScriptFailed, ScriptProcess
from addon.worker.settings import WorkerSettings
from tests.patience import seconds, until
from tests.processes import is_running
from tests.worker.conftest import COMMAND

MODULE = Path(memory_limit.__file__)


def test_the_environment_says_how_much() -> None:
    gigabyte = 1024**3
    assert memory_limit.limit({memory_limit.VARIABLE: "2048"}) == 2 * gigabyte
    assert memory_limit.limit({memory_limit.VARIABLE: "0"}) is None
    usual = memory_limit.limit({})
    assert usual is not None
    assert memory_limit.limit({memory_limit.VARIABLE: "much"}) == usual


@pytest.mark.parametrize(
    ("machine", "allowed"), [(4.0, 3.0), (7.6, 4.5), (16.0, 8.0), (64.0, 32.0), (None, None)]
)
def test_small_machines_leave_room_for_what_a_bake_takes(
    monkeypatch: pytest.MonkeyPatch, machine: float | None, allowed: float | None
) -> None:
    total = None if machine is None else int(machine * 1024**3)
    monkeypatch.setattr(memory_limit, "_of_machine", lambda: total)
    found = memory_limit.limit({})
    assert found == (None if allowed is None else int(allowed * 1024**3))


@pytest.mark.parametrize("wanted", ["bytes(600 * 1024**2)", "[0] * 10**8"])
def test_a_process_gets_no_more(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on, and what it began with is whole."""
    monkeypatch.setenv(memory_limit.VARIABLE, "400")
    program = f"""
import runpy
runpy.run_path({str(MODULE)!r})["keep_to_limit"]()
kept = bytes(100 * 1024**2)
try:
    {wanted}
except MemoryError:
    print("no more", len(kept))
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, timeout=seconds(20), check=True
    )
    assert done.stdout.split() == [b"no", b"more", b"104857600"]


@pytest.mark.posix("Windows shows the limit of another process to no one")
def test_the_worker_keeps_to_it(
    start: Callable[..., WorkerProcess], settings: WorkerSettings
) -> None:
    worker = start(settings, COMMAND)
    worker.nudge()

    def limits() -> list[str]:
        try:
            said = Path(f"/proc/{worker.pid}/limits").read_text()
        except FileNotFoundError:
            return []
        (line,) = [line for line in said.splitlines() if line.startswith("Max data size")]
        return [word for word in line.split() if word.isdecimal()]

    assert until(limits, what="a limit of the worker's memory") == [str(memory_limit.limit())] * 2


TAKES = """
import json, pathlib, sys, time
order = json.loads(pathlib.Path(sys.argv[-1]).read_text())
kept = b"x" * (order["megabytes"] * 1024**2)
while not order["ends"]:
    time.sleep(0.1)
pathlib.Path(order["report"]).write_text('{"ok": true}')
"""


def started(folder: Path, megabytes: int, *, ends: bool) -> ScriptProcess:
    program = folder / "takes.py"
    program.write_text(TAKES)
    order = {"megabytes": megabytes, "ends": ends}
    return ScriptProcess([sys.executable, "-I", str(program)], order, seconds(60))


@pytest.mark.posix("it is asked for with ps; Windows sets a limit itself")
@pytest.mark.fault(
    "A background Blender takes too much memory where the system sets no limit",
    "Ended and told; with less it goes on",
)
def test_what_takes_too_much_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_watch, "NEEDED", True)
    monkeypatch.setattr(memory_watch, "EVERY", 0.05)
    monkeypatch.setenv(memory_limit.VARIABLE, "200")
    little = started(tmp_path, 20, ends=True)
    try:
        assert until(little.report, what="its report") == {"ok": True}
    finally:
        little.end()
    much = started(tmp_path, 400, ends=False)
    try:
        with pytest.raises(ScriptFailed, match=r"more memory than the 0\.2 GB"):
            until(much.report, what="the end of one that takes too much")
    finally:
        much.end()
    assert not is_running(much._process.pid)


@pytest.mark.parametrize(
    "said",
    [
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 3.35 GiB",
        "Cannot import file: 'Out of memory'",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "Malloc returns null: len=4294967296 in vertices, total 5",
        "Calloc array returns null: len=2",
    ],
)
def test_it_is_known_by_what_is_said(said: str) -> None:
    assert memory_limit.SIGNS.search(said)
    assert not memory_limit.SIGNS.search("The file may be damaged: 5 of 6 triangles are there.")
