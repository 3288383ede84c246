"""The farm template: valid, and run end to end by the format's own tool with a real Blender."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.build import ROOT
from tests.batch.conftest import Batch, write_csv, write_model
from tests.patience import seconds

TEMPLATE = ROOT / "scripts" / "farm" / "batch.template.yaml"
OPENJD = Path(sys.executable).with_name("openjd")


def openjd(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(OPENJD), *arguments],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=seconds(240),
        check=False,
    )


def test_the_template_is_valid() -> None:
    done = openjd("check", str(TEMPLATE))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_farm_job_from_the_list_to_the_report(batch: Batch, blender: str) -> None:
    project = batch.folder / "project"  # only what a farm needs, at another place
    for part in ("addon", "scripts"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    write_model(batch.folder / "box.glb")
    listed = write_csv(
        batch.folder / "list.csv",
        ("operation", "name", "model_file", "post"),
        ("convert", "Kiste 箱", "box.glb", "size=0.5; asset=Props"),
        ("convert", "nobody", "missing.glb", ""),
    )
    paid = len(batch.spent())
    parameters = {
        "List": str(listed),
        "Out": str(batch.out),
        "Rows": "2",
        "MaxCredits": "10",
        "Scripts": str(project),
        "Blender": blender,
    }
    given = [word for name, value in parameters.items() for word in ("-p", f"{name}={value}")]
    done = openjd("run", str(TEMPLATE), *given, **batch.environ)
    # The report's task ends with the worst row's exit code, and so does the job.
    assert done.returncode != 0
    assert "exited with code: 2" in done.stdout
    assert done.stdout.count("exited with code: 0") == 3
    assert len(batch.spent()) == paid + 1
    assert batch.sandbox.key not in done.stdout
    rows = json.loads((batch.out / "report.json").read_text("utf-8"))["rows"]
    assert [row["status"] for row in rows] == ["finished", "bad"]
    made = [batch.out / name for name in (*rows[0]["files"], rows[0]["library"])]
    assert {path.suffix for path in made} == {".blend", ".glb", ".png"}
    assert all(path.stat().st_size > 0 for path in made)
    assert max(rows[0]["figures"]["dimensions"]) == 0.5
