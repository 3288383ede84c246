"""Commands that cost nothing: operations, estimate, jobs, doctor, help."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from addon.catalog import operations
from addon.cli.parser import make_parser
from scripts.wheels import ROOT
from tests.cli.conftest import CommandLine
from tests.patience import seconds


def test_operations_lists_the_catalogue(cli: CommandLine) -> None:
    done = cli.run("operations", "--json")
    listed = done.document["operations"]
    assert [entry["name"] for entry in listed] == [operation.name for operation in operations()]
    rapid = next(entry for entry in listed if entry["name"] == "tencent-rapid")
    assert (rapid["price"]["from"], rapid["price"]["to"]) == (35, 55)
    assert {field["name"] for field in rapid["fields"]} >= {"prompt", "image", "enable_pbr"}
    assert done.words == ""
    assert "tencent-rapid" in cli.run("operations").words


def test_estimate_sends_nothing(cli: CommandLine) -> None:
    done = cli.run("estimate", "tencent-pro", "--prompt", "a", "--enable-pbr")
    assert done.document["estimated_credits"] == 80
    assert "60 credits + 20 credits PBR textures" in done.words
    assert cli.control("GET", "log")["requests"] == []


def test_jobs_lists_the_newest_first(cli: CommandLine) -> None:
    for prompt in ("a rock", "a stool"):
        cli.run("tencent-rapid", "--prompt", prompt)
    jobs = cli.run("jobs").document["jobs"]
    assert [job["name"] for job in jobs] == ["a stool", "a rock"]


def test_status_and_poll(cli: CommandLine) -> None:
    task = cli.run("tencent-rapid", "--prompt", "a rock").document["task_id"]
    once = cli.run("status", "--task-id", task)
    assert once.document["status"] in {"PENDING", "IN_PROGRESS", "FINISHED"}
    done = cli.run("status", "--task-id", task, "--poll", "--poll-interval", "0.2")
    assert done.document["status"] == "FINISHED"
    assert done.document["results"][0]["asset_type"] == "ARCHIVE"


def test_doctor_says_all_is_well_and_never_the_key(cli: CommandLine) -> None:
    done = cli.run("doctor")
    assert done.code == 0
    checks = done.document["checks"]
    assert all(check["ok"] for check in checks)
    names = {"key", "address", "account", "clock", "disk", "blender"}
    assert {check["name"] for check in checks} == names
    assert cli.sandbox.key not in done.words + str(done.document)


def test_doctor_finds_what_is_missing(cli: CommandLine) -> None:
    del cli.environ["STUDIO3D_API_KEY"]
    done = cli.run("doctor")
    assert done.code == 3
    assert [check["name"] for check in done.document["checks"] if not check["ok"]] == [
        "key",
        "account",
    ]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_every_operation_has_help(operation: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = getattr(operation, "name", "")
    with pytest.raises(SystemExit) as left:
        make_parser("client").parse_args([name, "--help"])
    assert left.value.code == 0
    assert "--wait" in capsys.readouterr().out


def run_bare(cli: CommandLine, root: Path) -> "subprocess.CompletedProcess[str]":
    """Ask for the balance with the checkout in ``root`` and a Python without a single library."""
    client = root / "scripts" / "3d_api_client.py"
    return subprocess.run(
        [sys.executable, "-I", "-S", str(client), "balance"],
        env=cli.environ,
        cwd=cli.folder,
        capture_output=True,
        text=True,
        timeout=seconds(30),
        check=False,
    )


def test_a_bare_python_and_the_wheels_are_enough(cli: CommandLine) -> None:
    done = run_bare(cli, ROOT)
    assert done.returncode == 0, done.stderr
    assert "balance" in json.loads(done.stdout)


def test_without_the_wheels_it_says_how_to_get_them(cli: CommandLine, tmp_path: Path) -> None:
    for part in ("addon", "scripts/3d_api_client.py"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        (tmp_path / part).parent.mkdir(exist_ok=True)
        copy(ROOT / part, tmp_path / part)
    done = run_bare(cli, tmp_path)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "library_missing")
    assert "make setup" in done.stderr
