"""What a batch tells of a Blender that makes no asset, and that it leaves nothing half done."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addon.batch.folder import BatchFolder
from addon.batch.processing import Blender, Processor
from addon.service.stopping import Stopped
from addon.worker import memory_limit
from addon.worker.blenders import Blenders
from tests.patience import seconds, until

ORDER = {"work": "w", "kind": "model", "name": "Vase", "files": ["a.glb"], "post": {}}

SILENT = "echo starting; echo the disk is full; exit 3"
REFUSES = """cat >"$(dirname "$job")/report.json" <<end
{"ok": false, "message": "No mesh.", "hint": "Look inside."}
end"""
HANGS = "exec sleep 1000"


def process(
    tmp_path: Path,
    does: str,
    *,
    timeout: float | None = None,
    stop: threading.Event | None = None,
    blenders: Blenders | None = None,
) -> Mapping[str, Any]:
    """The record of one asset, made by a program that ``does`` that in place of Blender."""
    program = tmp_path / "blender"
    program.write_text(f'#!/bin/sh\nfor job; do :; done\ncat "$job" >{tmp_path}/seen\n{does}\n')
    program.chmod(0o755)
    folder = BatchFolder(tmp_path / "out")
    folder.asset("vase").mkdir(parents=True)
    blender = Blender(str(program))
    if timeout is not None:
        blender = replace(blender, timeout=timeout)
    processor = Processor(folder, blender, stop or threading.Event(), blenders or Blenders())
    return processor.process("vase", ORDER)


@pytest.mark.posix("a script stands for Blender, which Windows does not start as a program")
@pytest.mark.parametrize(
    ("does", "timeout", "message", "hint"),
    [
        pytest.param(
            SILENT,
            None,
            "Blender ended with 3 and without a report.",
            "the disk is full",
            marks=pytest.mark.fault(
                "Blender ends without a report while it makes an asset",
                "Its last words are told with the row",
            ),
        ),
        pytest.param(
            REFUSES,
            None,
            "No mesh.",
            "Look inside.",
            marks=pytest.mark.fault(
                "Blender refuses to make an asset", "Its reason is told with the row"
            ),
        ),
        pytest.param(
            HANGS,
            0.0,
            "The background Blender took longer than 0 seconds.",
            "smaller model",
            marks=pytest.mark.fault(
                "Blender hangs while it makes an asset", "Ended after the wait; told with the row"
            ),
        ),
    ],
)
def test_it_tells_why(
    tmp_path: Path, does: str, timeout: float | None, message: str, hint: str
) -> None:
    failure = process(tmp_path, does, timeout=timeout)["failure"]
    assert failure["message"] == message
    assert hint in failure["next_step"]
    (record,) = tmp_path.glob("out/assets/vase/*.json")  # and no folder of the work
    assert json.loads(record.read_text())["failure"] == failure


TAKES_ALL = """made="$(dirname "$job")/made"
if [ -n "$STUDIO3D_MEMORY_MB" ]; then touch "$made/half"; echo MemoryError; exit 1; fi
echo "$STUDIO3D_MEMORY_MB" >"$made/whole"
echo '{"ok": true}' >"$(dirname "$job")/report.json"
"""


@pytest.mark.posix("a script stands for Blender, which Windows does not start as a program")
def test_what_is_too_large_for_its_share_is_made_by_itself_with_nothing_of_the_first_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(memory_limit.VARIABLE, raising=False)
    monkeypatch.setitem(ORDER, "post", {"asset": False})
    record = process(tmp_path, TAKES_ALL, blenders=Blenders(2, 2 * memory_limit.LEAST))
    assert record["failure"] is None
    assert record["files"] == ["whole"]
    assert list((tmp_path / "out/assets/vase").glob(".work-*")) == []


@pytest.mark.posix("a script stands for Blender, which Windows does not start as a program")
@pytest.mark.fault(
    "A batch is stopped while Blender makes an asset", "Blender ends; nothing half done is left"
)
def test_a_stop_ends_it_and_sweeps_up(tmp_path: Path) -> None:
    stop = threading.Event()

    def stop_when_running() -> None:
        until((tmp_path / "seen").exists)
        stop.set()

    stopper = threading.Thread(target=stop_when_running)
    stopper.start()
    with pytest.raises(Stopped):
        process(tmp_path, HANGS, stop=stop)
    stopper.join(seconds(10))
    assert list((tmp_path / "out/assets/vase").glob(".work-*")) == []
