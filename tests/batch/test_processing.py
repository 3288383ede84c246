"""Processing with a real Blender: a power cut in the middle of it redoes and repays nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import trimesh

from scripts.build import ROOT
from tests.batch.conftest import CLIENT, QUICK, Batch, write_csv, write_model
from tests.patience import seconds

ROWS = 3


def start(batch: Batch, blender: str) -> "subprocess.Popen[str]":
    arguments = ["batch", "list.csv", "--out", str(batch.out), *QUICK, "--json"]
    return subprocess.Popen(
        [sys.executable, str(CLIENT), *arguments, "--blender", blender],
        cwd=batch.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **batch.environ},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.fault(
    "A batch is killed while Blender makes assets",
    "The next run makes the rest; each row is paid once",
)
def test_killed_while_blender_works(batch: Batch, blender: str) -> None:
    rows = []
    for number in range(ROWS):
        model = write_model(batch.folder / f"m{number}.glb", 1 + number)
        rows.append(("convert", model.name, "height=2; lods=0.5"))
    write_csv(batch.folder / "list.csv", ("operation", "model_file", "post"), *rows)
    paid = len(batch.spent())

    with start(batch, blender) as process:
        assert process.stdout is not None
        finished = cut_off_after_first(process)
    first = record(batch, finished)
    assert len(list((batch.out / "assets").glob("*/asset.json"))) < ROWS

    with start(batch, blender) as process:
        said, _ = process.communicate(timeout=seconds(240))
    assert process.returncode == 0, said
    assert batch.statuses() == ["finished"] * ROWS
    assert len(batch.spent()) == paid + ROWS
    assert record(batch, finished) == first
    assert list((batch.out / "assets").glob("*/.work-*")) == []
    for row in batch.report()["rows"]:
        assert row["figures"]["dimensions"][2] == 2.0
        assert row["figures"]["lod1"] < row["figures"]["triangles"]


def cut_off_after_first(process: "subprocess.Popen[str]") -> str:
    """Kill it when one row is finished and another being processed; returns the first's asset."""
    assert process.stdout is not None
    finished = ""
    for line in process.stdout:
        event = json.loads(line)
        if event["stage"] == "finished":
            finished = event["asset"]
        if finished and event["stage"] == "processing":
            break
    process.send_signal(signal.SIGKILL)
    return finished


def record(batch: Batch, asset: str) -> tuple[int, bytes]:
    """The finished row's record: when it was written, and what it says."""
    path: Path = batch.out / "assets" / asset / "asset.json"
    return path.stat().st_mtime_ns, path.read_bytes()


@pytest.mark.fault(
    "A row's result is of a kind Blender does not read",
    "Delivered as it is, where that was ordered",
)
def test_files_that_blender_does_not_read_are_what_was_ordered(batch: Batch, blender: str) -> None:
    """Unless the row wants more of them than the service delivers."""
    model = write_model(batch.folder / "m.glb", 1)
    columns = ("operation", "model_file", "output_format", "post")
    rows = [("convert", model.name, "3mf", post) for post in ("", "size=2")]
    write_csv(batch.folder / "list.csv", columns, *rows)
    with start(batch, blender) as process:
        process.communicate(timeout=seconds(240))
    as_delivered, unmade = batch.report()["rows"]
    assert as_delivered["status"] == "finished"
    assert "3MF file, which Blender does not read" in as_delivered["warnings"][0]
    assert as_delivered["error"] is None
    assert unmade["status"] == "failed"
    assert "3MF file, which Blender does not read" in unmade["error"]["message"]


def test_models_for_a_printer(batch: Batch, blender: str) -> None:
    """One that does not print is told so, and costs no more than the other."""
    write_model(batch.folder / "sound.glb", 1)
    torn = trimesh.creation.box((1.0, 1.0, 2.0))
    torn.update_faces(np.arange(len(torn.faces)) > 1)
    torn.export(batch.folder / "torn.glb")
    columns = ("operation", "model_file", "post")
    base = 'height=40mm; base(hex, 3cm, text=""Anna""); export=stl,3mf'
    rows = [
        ("convert", "sound.glb", f'"{base}"'),
        ("convert", "torn.glb", "height=40mm; print-check(printer=prusa-mini)"),
    ]
    write_csv(batch.folder / "list.csv", columns, *rows)
    with start(batch, blender) as process:
        said, _ = process.communicate(timeout=seconds(240))
    assert process.returncode == 0, said
    sound, open_one = batch.report()["rows"]
    assert [sound["status"], open_one["status"]] == ["finished", "finished"]
    assert {Path(name).suffix for name in sound["files"]} >= {".stl", ".3mf", ".glb"}
    assert not {Path(name).suffix for name in open_one["files"]} & {".stl", ".3mf"}
    (figurine,) = sound["print"]["figurines"]
    assert figurine["figures"]["watertight"]
    (figurine,) = open_one["print"]["figurines"]
    worst = {one["kind"]: (one["severity"], one["count"]) for one in figurine["findings"]}
    assert worst["open_edges"] == ("error", 4)
    page = (batch.out / "report.html").read_text("utf-8")
    assert "Not to be printed as it is: Open edges" in page


def test_what_cannot_be_printed_is_refused_before_it_is_paid(batch: Batch) -> None:
    write_model(batch.folder / "m.glb", 1)
    columns = ("operation", "model_file", "post")
    write_csv(batch.folder / "list.csv", columns, ("convert", "m.glb", "base(round)"))
    paid = len(batch.spent())
    ended = batch.run("list.csv")
    assert ended.code == 2
    assert len(batch.spent()) == paid
    assert "none of disc, square, hex, plinth" in batch.report()["rows"][0]["error"]["message"]
