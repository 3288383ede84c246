"""Ctrl-C and kill -9 while waiting: the job goes on, and nothing is paid twice."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import build_request, get
from addon.cli.commands.submit import how_to_go_on
from addon.jobs.states import State
from addon.jobs.store import LEASE_SECONDS, Store
from addon.service.client import WALLET_PATHS
from tests.cli.conftest import CommandLine
from tests.patience import seconds, until
from tests.processes import CLOSING, send, start_as_from_terminal
from tests.service.dripping import Dripping, dripping
from tests.service.scripted_server import Answer, json_answer, scripted_server

SLOW = {"time_scale": 100, "asset_lag": 0}
"""The service's work takes hours, so that none ends before the test wants it to. Its files do not
come later still: who ends its engine late would wait for them in real time."""
HOURS = 12 * 3600.0
CLIENT = Path(__file__).resolve().parents[2] / "scripts" / "3d_api_client.py"


RAPID = ("tencent-rapid", "--prompt", "a rock", "--wait", "--poll-interval", "0.2")


PATIENT = ("--timeout", "9999")
"""Whoever waits for the network's own timeouts waits for ever."""


def start(cli: CommandLine, *order: str) -> subprocess.Popen[str]:
    """Start a waiting submission as a process of its own, as from a terminal."""
    return start_as_from_terminal(
        [sys.executable, str(CLIENT), *order],
        cwd=cli.folder,
        env=os.environ | cli.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def wait_until_sent(cli: CommandLine) -> str:
    """Wait until the job has a task id; returns it."""

    def task_id() -> str:
        jobs = cli.run("jobs").document["jobs"]
        return next((str(job["task_id"]) for job in jobs if job["task_id"]), "")

    return until(task_id, what="the order at the service")


@pytest.fixture
def slow_service(cli: CommandLine) -> Iterator[dict[str, Any]]:
    """A service that ends nothing by itself; its usual speed, which it has again afterwards."""
    behaviour = cli.control("PATCH", "behaviour", {})
    usual = {name: behaviour[name] for name in SLOW}
    cli.control("PATCH", "behaviour", SLOW)
    yield usual
    cli.control("PATCH", "behaviour", usual)


@pytest.mark.fault(
    "Ctrl-C, a closed terminal or kill while waiting",
    "Says how to go on; resume fetches the result; paid once",
)
@pytest.mark.parametrize("number", CLOSING)
def test_who_is_ended_says_how_to_resume_and_resume_does(
    cli: CommandLine, slow_service: dict[str, Any], number: str
) -> None:
    process = start(cli, *RAPID)
    task = wait_until_sent(cli)
    send(process, number)
    out, err = process.communicate(timeout=seconds(30))
    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert task in err
    cli.control("POST", "clock", {"seconds": HOURS})
    resumed = cli.run("resume", "--poll-interval", "0.2")
    assert resumed.code == 0
    assert [job["status"] for job in resumed.document["jobs"]] == ["FINISHED"]
    assert cli.submissions() == 1


@pytest.mark.fault(
    "Ctrl-C while an order is being sent",
    "Its answer is waited for; once more ends at once, and the order is called unanswered",
)
@pytest.mark.parametrize("again", [False, True])
def test_an_order_that_is_being_sent_is_waited_for(cli: CommandLine, again: bool) -> None:
    """Only its answer tells what became of it; it says what, and not that it may be lost."""
    answered = threading.Event()
    with scripted_server() as service:
        service.on("GET", WALLET_PATHS[0], json_answer({"balance": "500.00"}))
        path = get(RAPID[0]).routes[0].path
        service.on("POST", path, Answer(drop=True, wait=answered))
        cli.environ["STUDIO3D_API_URL"] = service.address
        process = start(cli, *PATIENT, *RAPID)
        until(lambda: service.count("POST"), what="the order on its way")
        send(process, "SIGINT")
        assert process.stderr is not None
        said = iter(process.stderr.readline, "")
        assert any("waiting for the answer" in line for line in said)
        if again:
            send(process, "SIGINT")
        else:
            answered.set()
        out, err = process.communicate(timeout=seconds(30))
        answered.set()
    assert process.returncode == 130
    (job,) = cli.run("jobs").document["jobs"]
    error = json.loads(out)["error"]
    assert job["status"] == "UNKNOWN"
    assert "UNKNOWN" in error["message"]
    assert f"settle --job {job['job']}" in error["next_step"]
    assert "Traceback" not in err


@pytest.mark.fault(
    "Ctrl-C while a file, a status or the balance comes slowly or not at all",
    "The command ends at once, and says how to go on",
)
@pytest.mark.parametrize("silent_at", ["file", "status", "wallet"])
def test_nothing_that_comes_slowly_holds_up_the_end(cli: CommandLine, silent_at: str) -> None:
    silent, path = Dripping(), "/v1/generation-request/t-1/status/"
    with dripping(silent) as nowhere, scripted_server() as service:
        moved = Answer(302, headers={"Location": f"{nowhere}/x"})
        asset = {"asset": f"{service.address}/x.glb", "asset_type": "3D_MODEL"}
        finished = json_answer({"status": "FINISHED", "progress": 100, "results": [asset]})
        service.on("GET", WALLET_PATHS[0], json_answer({"balance": "500.00"}))
        service.on("GET", path, finished)
        service.on("GET", "/x.glb", moved)
        service.on("POST", get(RAPID[0]).routes[0].path, json_answer({"task_id": "t-1"}, 201))
        cli.environ["STUDIO3D_API_URL"] = service.address if silent_at == "file" else nowhere
        order = {
            "file": ("download", "--task-id", "t-1"),
            "status": ("status", "--task-id", "t-1", "--poll"),
            "wallet": ("balance",),
        }
        process = start(cli, *PATIENT, *order[silent_at])
        until(silent.heard.is_set, what="the request that is not answered")
        send(process, "SIGINT")
        out, err = process.communicate(timeout=seconds(30))
    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert "Traceback" not in err


@pytest.mark.fault("kill -9 while waiting", "Resume fetches the result; paid once")
def test_killed_while_waiting(cli: CommandLine, slow_service: dict[str, Any]) -> None:
    process = start(cli, *RAPID)
    task = wait_until_sent(cli)
    process.kill()
    process.communicate(timeout=seconds(30))
    cli.control("POST", "clock", {"seconds": HOURS})
    # Its lease on the job has to run out first: another process could still be at work.
    minutes = seconds(2 * LEASE_SECONDS) / 60
    resumed = cli.run("resume", "--poll-interval", "0.2", "--wait-timeout", str(minutes))
    assert resumed.code == 0
    assert [job["task_id"] for job in resumed.document["jobs"]] == [task]
    assert cli.submissions() == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTING, State.UNKNOWN])
def test_an_order_is_only_called_unsent_when_it_is(tmp_path: Path, state: State) -> None:
    job = Store(tmp_path / "jobs.sqlite").add(
        build_request("tencent-rapid", {"prompt": "a rock"}),
        name="a rock",
        estimate=35,
        service_address="https://api.example",
        folder=tmp_path,
    )
    stopped = replace(job, state=state)
    words = how_to_go_on(stopped, [stopped])
    assert ("not sent yet" in words) == (state is State.QUEUED)
