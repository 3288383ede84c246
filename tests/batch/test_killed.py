"""Power cuts: killed at ten random moments, a batch ends up where an undisturbed one does."""

import json
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.build import ROOT
from tests.batch.conftest import CLIENT, Batch, write_csv, write_model, write_picture
from tests.patience import seconds
from tests.processes import KILLED
from tests.sandboxes import Sandboxes
from tests.windows.limits import on_windows

KILLS = 3 if on_windows() else 10
ROWS = 8 if on_windows() else 16
"""Each kill is a start of Python, for which Wine takes seconds."""
TASK_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SEED = 20261122
HOURS_SCALE = 500.0
SLOW = {"time_scale": HOURS_SCALE, "asset_lag": 0}
"""Without a wait for the files, which would begin when the engine has ended, in real time."""
HELD_SECONDS = 100 * HOURS_SCALE
"""The longest work of the list at that scale; less than a day, after which the service forgets."""
PROGRESS_SECONDS = 5.0
"""At most, for new progress; a run that makes none is killed all the same."""


def write_list(folder: Path) -> None:
    folder.mkdir()
    rows = []
    for number in range(ROWS):
        if number % 4 == 3:
            picture = write_picture(folder / f"p{number}.png", number)
            rows.append(("remove-bg", "", picture.name, ""))
            continue
        model = write_model(folder / f"m{number}.glb", 1 + number / 10)
        operation, post = (("volume", ""), ("convert", ""), ("repair", "convert"))[number % 3]
        rows.append((operation, model.name, "", post))
    write_csv(folder / "list.csv", ("operation", "model_file", "image", "post"), *rows)


def start(batch: Batch, *more: str) -> "subprocess.Popen[bytes]":
    arguments = batch.arguments("list.csv", *more)
    environ = {"PATH": "", "PYTHONPATH": str(ROOT), **batch.environ}
    return subprocess.Popen(
        [sys.executable, str(CLIENT), *arguments],
        cwd=batch.folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(batch: Batch, *more: str) -> int:
    with start(batch, *more) as process:
        _, said = process.communicate(timeout=seconds(120))
    assert b"Traceback" not in said, said.decode()
    return process.returncode


def kill_again_and_again(batch: Batch) -> int:
    """Start and kill; returns how often it was cut off before it had ended.

    The moment is random, and comes after some progress that no earlier run had made. What the
    service took from the first run takes it most of an hour, so that no run can end by itself.
    """
    moments = random.Random(SEED)  # noqa: S311 - moments, no secrets
    seen: set[tuple[int, str]] = set()
    kills = 0
    behaviour = batch.control("PATCH", "behaviour", {})
    usual = {name: behaviour[name] for name in SLOW}
    for number in range(KILLS):
        batch.control("PATCH", "behaviour", SLOW if number == 0 else usual)
        stage = "at the service" if number == 0 else None
        with start(batch, "--json") as process:
            patience = threading.Timer(seconds(PROGRESS_SECONDS), process.kill)
            patience.start()
            wait_for_progress(process, seen, moments.randint(1, 3), stage)
            time.sleep(moments.uniform(0.0, 0.08))
            patience.cancel()
            process.kill()
            kills += process.wait(seconds(10)) == KILLED
    batch.control("POST", "clock", {"seconds": HELD_SECONDS})
    return kills


def wait_for_progress(
    process: "subprocess.Popen[bytes]",
    seen: set[tuple[int, str]],
    steps: int,
    stage: str | None,
) -> None:
    """Read events until so many tell of something new, or of a new ``stage``."""
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        step = (event.get("row", 0), event.get("stage", ""))
        if step not in seen:
            seen.add(step)
            steps -= stage in {None, step[1]}
        if steps == 0:
            return


def outcome(batch: Batch, *, without: frozenset[int] = frozenset()) -> dict[str, Any]:
    """What there is on the disk, but for names and times that differ between any two runs."""
    rows = [row for row in batch.report()["rows"] if row["row"] not in without]
    found = {}
    for row in rows:
        home = batch.out / row["folder"]
        found[row["row"]] = {
            "status": row["status"],
            "files": sorted(
                (TASK_ID.sub("TASK", path.relative_to(home).as_posix()), path.stat().st_size)
                for path in home.rglob("*")
                if path.is_file()
                and path.name not in {"order.json", "asset.json", "paid.json", ".lock"}
            ),
        }
    return found


@pytest.mark.fault(
    "Ten power cuts in one batch",
    "The same files and price as without, but for orders that may be lost",
)
def test_ten_power_cuts_change_neither_the_files_nor_the_price(
    sandboxes: Sandboxes, tmp_path: Path
) -> None:
    calm = Batch(tmp_path / "calm", sandboxes.start())
    rough = Batch(tmp_path / "rough", sandboxes.start())
    for batch in (calm, rough):
        write_list(batch.folder)
    assert finish(calm) == 0

    assert kill_again_and_again(rough) == KILLS
    code = finish(rough)
    # Cut off in the middle of an order nobody can know whether it was taken: it is not sent again.
    lost = frozenset(row["row"] for row in rough.report()["rows"] if row["status"] == "failed")
    assert code == (6 if lost else 0)
    assert outcome(rough, without=lost) == outcome(calm, without=lost)
    if not lost:
        assert rough.spent() == calm.spent()
        return
    codes = {row["error"]["code"] for row in rough.report()["rows"] if row["row"] in lost}
    assert codes == {"answer_lost"}
    assert len(rough.spent()) <= len(calm.spent())
    before = sum(rough.spent())
    assert finish(rough, "--send-unknown") == 0
    assert outcome(rough) == outcome(calm)
    assert sum(rough.spent()) - before <= sum(calm.spent())
    assert json.dumps(rough.report()).count('"status": "UNKNOWN"') == 0
