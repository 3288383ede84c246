"""The sandbox as a process, with its real engines."""

import io
import json
import signal
import subprocess
import sys
import zipfile
from typing import Any

import pytest
import requests

from scripts.build import ROOT
from tests.patience import seconds, until
from tests.sandbox.front import PRO, RAPID, TRELLIS, data_uri
from tests.sandboxes import Sandbox, Sandboxes

_USUAL = 60


def finish(sandbox: Sandbox, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a task that has to succeed, once their addresses are there."""
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    answer = requests.post(
        sandbox.address + path, json=body, headers=headers, timeout=seconds(_USUAL)
    )
    assert answer.status_code == 201, answer.text
    address = f"{sandbox.address}/v1/generation-request/{answer.json()['task_id']}/status/"

    def results() -> list[dict[str, Any]]:
        status = requests.get(address, headers=headers, timeout=seconds(_USUAL)).json()
        assert status["status"] != "FAILED", status
        ended = status["status"] == "FINISHED" and status["results"][0]["asset"]
        return list(status["results"]) if ended else []

    return until(results, usual=_USUAL, what=f"results of {path}")


def download(result: dict[str, Any]) -> bytes:
    return requests.get(result["asset"], timeout=seconds(_USUAL)).content


def test_rapid_makes_an_archive_with_an_obj(sandbox: Sandbox) -> None:
    (result,) = finish(sandbox, RAPID, {"prompt": "a wooden chair"})
    assert result["asset_type"] == "ARCHIVE"
    with zipfile.ZipFile(io.BytesIO(download(result))) as archive:
        suffixes = {name.rpartition(".")[2] for name in archive.namelist()}
    assert {"obj", "mtl", "png"} <= suffixes
    assert result["metadata"]["sandbox"]


def test_pro_makes_an_archive_and_then_a_model(sandbox: Sandbox) -> None:
    archive, model = finish(sandbox, PRO, {"model": "3.1", "prompt": "a table"})
    assert (archive["asset_type"], model["asset_type"]) == ("ARCHIVE", "3D_MODEL")
    assert download(model).startswith(b"glTF")


def test_trellis_makes_a_model_of_a_picture(sandbox: Sandbox) -> None:
    results = finish(sandbox, TRELLIS, {"image": data_uri(side=64)})
    assert download(results[0]).startswith(b"glTF")


def test_options_reach_the_process(sandboxes: Sandboxes) -> None:
    started = sandboxes.start(
        key=["mine", "yours"],
        balance=7,
        rate_limit=5,
        set=["asset_key=asset_url", "old_wallet_path=true"],
        fault="wallet-503*1",
    )
    assert started.key == "mine"
    headers = {"Authorization": "Bearer yours"}
    answers = [
        requests.get(f"{started.address}/user/wallet/", headers=headers, timeout=seconds(_USUAL))
        for _ in range(2)
    ]
    assert answers[0].status_code == 503
    assert answers[1].json() == {"balance": "7.00", "rate_limit": 5}


@pytest.mark.parametrize(
    "arguments",
    [["--fault", "nonsense"], ["--set", "asset_key=url"], ["--set", "x=1"], ["--set", "x"]],
)
def test_wrong_arguments_are_told(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.sandbox", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds(_USUAL),
        check=False,
    )
    assert ended.returncode == 2
    assert "error:" in ended.stderr
    assert not ended.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_the_key_is_in_no_log(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.sandbox", "--key", "secret-key"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = json.loads(process.stdout.readline())["address"]
        requests.get(
            f"{address}/account/user/wallet/",
            headers={"Authorization": "Bearer secret-key"},
            timeout=seconds(_USUAL),
        )
        process.send_signal(number)
        assert process.wait(seconds(_USUAL)) == 0
        log = process.stderr.read()
    assert "api GET /account/user/wallet/ 200" in log
    assert "secret-key" not in log
    assert "Traceback" not in log
