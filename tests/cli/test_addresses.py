"""Local models where the service only takes addresses: one order, priced and kept whole."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import trimesh
from PIL import Image

from tests.cli.conftest import CommandLine
from tests.cli.test_interrupted import HOURS, slow_service, start, wait_until_sent
from tests.patience import seconds
from tests.processes import send

__all__ = ["slow_service"]

CONVERT, TOPOLOGY, BAKE = 10, 100, 5
QUICK = ("--poll-interval", "0.2")


def model_in(folder: Path, name: str, size: float = 1.0) -> str:
    path = folder / name
    trimesh.creation.box((size, size, size)).export(path)
    return str(path)


@pytest.fixture
def model(tmp_path: Path) -> str:
    return model_in(tmp_path, "model.glb")


@pytest.fixture
def other(tmp_path: Path) -> str:
    return model_in(tmp_path, "other.glb", 2.0)


def balance(cli: CommandLine) -> Decimal:
    return Decimal(cli.run("balance").document["balance"])


def test_without_a_yes_nothing_is_sent(cli: CommandLine, model: str) -> None:
    done = cli.run("topology", "--model-file", model)
    assert (done.code, done.document["error"]["code"]) == (2, "not_confirmed")
    assert "Convert, for about 10 credits more" in done.words
    assert "110 credits" in done.words
    assert cli.submissions() == 0


def test_the_detour_counts_for_max_credits(cli: CommandLine, model: str, other: str) -> None:
    both = ("--high-poly-file", model, "--low-poly-file", other)
    done = cli.run("bake-texture", *both, "--yes", "--max-credits", "19")
    assert (done.code, done.document["error"]["code"]) == (4, "over_max_credits")
    assert cli.submissions() == 0


@pytest.mark.parametrize("most", [CONVERT, 50, TOPOLOGY, TOPOLOGY + CONVERT - 1])
def test_max_credits_is_for_all_of_it(cli: CommandLine, model: str, most: int) -> None:
    before = balance(cli)
    done = cli.run("topology", "--model-file", model, "--yes", "--max-credits", str(most))
    assert (done.code, done.document["error"]["code"]) == (4, "over_max_credits")
    assert "110 credits" in done.document["error"]["message"]
    assert cli.submissions() == 0
    assert balance(cli) == before


def test_the_balance_has_to_be_enough_for_all_of_it(cli: CommandLine, model: str) -> None:
    cli.control("POST", "balance", {"balance": TOPOLOGY})
    try:
        done = cli.run("topology", "--model-file", model, "--yes")
    finally:
        cli.control("POST", "balance", {"balance": 10000})
    assert (done.code, done.document["error"]["code"]) == (4, "insufficient_credits")
    assert cli.submissions() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("texture-edit", "--file-url", "{model}"),
        ("texture-edit", "--file-url", "{model}", "--prompt", "x" * 1025),
        ("texture-edit", "--file-url", "{model}", "--image", "missing.png"),
        ("texture-edit", "--file-url", "{model}", "--image", "narrow.png"),
        ("texture-edit", "--file-url", "{model}", "--image", "{model}"),
        ("topology", "--file-url", "{model}", "--face-level", "none"),
        ("topology", "--file-url", "empty.glb"),
        ("topology", "--file-url", "narrow.png"),
        ("bake-texture", "--high-poly-file", "{model}"),
        ("bake-texture", "--high-poly-file", "{model}", "--low-poly-file", "missing.glb"),
        ("bake-texture", "--high-poly-file", "{model}", "--low-poly-file", "empty.glb"),
    ],
)
def test_what_is_wrong_is_found_before_anything_is_paid(
    cli: CommandLine, model: str, arguments: tuple[str, ...]
) -> None:
    (cli.folder / "empty.glb").write_bytes(b"")
    Image.new("RGB", (10, 400)).save(cli.folder / "narrow.png")
    done = cli.run(*(argument.format(model=model) for argument in arguments), "--yes")
    assert done.code == 2
    assert done.document["error"]["message"]
    assert cli.submissions() == 0


def test_estimate_prices_local_models(cli: CommandLine, model: str, other: str) -> None:
    def price(*arguments: str) -> int:
        done = cli.run("estimate", *arguments)
        assert done.code == 0, done.words
        document = done.document
        lines = sum(line["credits"] for line in document["lines"]) * document["times"]
        assert document["estimated_credits"] == lines
        return int(lines)

    both = ("bake-texture", "--high-poly-file", model, "--low-poly-file")
    assert price(*both, other) == 2 * CONVERT + BAKE
    assert price(*both, model) == CONVERT + BAKE
    assert price(*both, "http://127.0.0.1:9/low.glb") == CONVERT + BAKE
    assert price("topology", "--model-file", "not-there-yet.glb") == CONVERT + TOPOLOGY
    assert cli.control("GET", "log")["requests"] == []


def test_the_same_file_goes_ahead_once(cli: CommandLine, model: str) -> None:
    before = balance(cli)
    both = ("--high-poly-file", model, "--low-poly-file", model, "--texture-resolution", "64")
    done = cli.run("bake-texture", *both, "--yes", "--max-credits", "15", "--wait", *QUICK)
    assert done.code == 0, done.words
    assert done.document["operation"] == "bake-texture"
    assert cli.submissions() == 2
    assert before - balance(cli) == CONVERT + BAKE


def test_without_waiting_it_returns_when_the_last_job_is_sent(cli: CommandLine, model: str) -> None:
    done = cli.run("topology", "--model-file", model, "--yes", *QUICK)
    assert done.code == 0, done.words
    assert (done.document["operation"], done.document["status"]) == ("topology", "PENDING")
    assert done.document["task_id"]
    assert done.document["name"] == "model"
    assert [step["operation"] for step in done.document["steps"]] == ["convert", "topology"]
    assert all(step["task_id"] for step in done.document["steps"])


def test_a_failure_on_the_way_is_the_orders_failure(cli: CommandLine, model: str) -> None:
    before = balance(cli)
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    done = cli.run("topology", "--model-file", model, "--yes", "--wait", *QUICK)
    assert (done.code, done.document["error"]["code"]) == (5, "task_failed")
    assert done.document["error"]["message"].startswith("Convert: ")
    assert cli.submissions() == 1
    assert balance(cli) == before


def test_a_lost_answer_on_the_way_waits_for_nobody(cli: CommandLine, model: str) -> None:
    cli.control("POST", "faults", {"name": "submit-lost", "times": 1})
    done = cli.run("topology", "--model-file", model, "--yes", "--wait", *QUICK)
    assert (done.code, done.document["error"]["code"]) == (6, "answer_lost")
    assert cli.run("resume", *QUICK, "--wait-timeout", "0.05").document == {"jobs": []}
    assert cli.submissions() == 1


def test_stopped_between_the_steps_resume_finishes_it_as_one(
    cli: CommandLine, model: str, slow_service: dict[str, Any]
) -> None:
    before = balance(cli)
    process = start(cli, "topology", "--model-file", model, "--yes")
    task = wait_until_sent(cli)
    send(process, "SIGINT")
    out, err = process.communicate(timeout=seconds(30))
    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert task in err
    assert "resume" in err
    cli.control("PATCH", "behaviour", slow_service)
    cli.control("POST", "clock", {"seconds": HOURS})
    paid = cli.run("resume", *QUICK)
    assert (paid.code, paid.document["error"]["code"]) == (2, "not_confirmed")
    assert [job["operation"] for job in paid.document["not_sent"]] == ["topology"]
    assert cli.submissions() == 1
    resumed = cli.run("resume", *QUICK, "--yes", "--max-credits", str(TOPOLOGY))
    assert resumed.code == 0, resumed.words
    assert [job["status"] for job in resumed.document["jobs"]] == ["FINISHED"]
    assert [job["operation"] for job in resumed.document["jobs"]] == ["topology"]
    assert resumed.document["jobs"][0]["files"]
    assert paid.document["jobs"][0]["task_id"] == task
    assert cli.submissions() == 2
    assert before - balance(cli) == CONVERT + TOPOLOGY


def test_an_address_needs_no_detour(cli: CommandLine) -> None:
    done = cli.run("topology", "--model-url", "http://127.0.0.1:9/model.glb", "--wait")
    assert cli.submissions() == 1
    assert done.code == 5  # the sandbox cannot fetch it, and says so
