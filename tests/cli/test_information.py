"""Commands that cost nothing: operations, estimate, jobs, doctor, help."""

import io
import json
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from addon.catalog import operations
from addon.cli.commands.doctor import check_clock
from addon.cli.environment import Environment
from addon.cli.parser import make_parser
from addon.cli.session import Session
from addon.service.keys import save_key
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


@pytest.mark.attack("The key's file was made readable for others", "doctor says so")
def test_doctor_says_that_others_can_read_the_key(cli: CommandLine) -> None:
    file = cli.folder / "home" / "key"
    save_key(cli.environ.pop("STUDIO3D_API_KEY"), file)
    assert cli.run("doctor").code == 0
    key = file.read_text()
    file.unlink()
    file.write_text(key)
    file.chmod(0o644)
    done = cli.run("doctor")
    assert done.code == 1
    assert f"NO  key: others can read it in {file}" in done.words


def test_doctor_says_that_a_blender_is_none(cli: CommandLine) -> None:
    cli.environ |= {"BLENDER": str(cli.folder / "no blender"), "PATH": ""}
    done = cli.run("doctor")
    assert done.code == 1
    assert "NO  blender" in done.words
    assert "Correct the variable BLENDER" in done.words
    del cli.environ["BLENDER"]
    assert "pictures go as they are" in cli.run("doctor").words


def test_the_clock_is_asked_for_again_after_trouble(cli: CommandLine) -> None:
    answer = b"HTTP/1.1 200 OK\r\nDate: Mon, 02 Mar 2026 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n"

    def serve(listening: socket.socket) -> None:
        listening.accept()[0].close()
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        arguments = make_parser("a").parse_all(["--base-url", base, "doctor"])
        said = io.StringIO()
        there = Environment(
            io.StringIO(), io.StringIO(), said, {}, cli.folder, "a", sleep=cli.waits.append
        )
        check = check_clock(Session(there, arguments))
        thread.join()
    assert (check.ok, len(cli.waits)) == (False, 1)
    assert "Trying again" in said.getvalue()


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
