"""Every kind of trouble: exit code, one JSON error, one line with the next step, the credits."""

import time
from pathlib import Path

import pytest

from addon.jobs.store import Store
from addon.service.keys import save_key
from tests.cli.conftest import CommandLine

RAPID = ("tencent-rapid", "--prompt", "a rock", "--poll-interval", "0.2")


@pytest.mark.fault("There is no key", "Said where to put one")
def test_no_key(cli: CommandLine) -> None:
    del cli.environ["STUDIO3D_API_KEY"]
    done = cli.run("balance")
    assert done.code == 3
    assert done.document["error"]["code"] == "no_key"
    assert "STUDIO3D_API_KEY" in done.words


@pytest.mark.fault(
    "A wrong, expired or revoked key on the command line", "Each is told as what it is"
)
@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("wrong-key", "invalid_api_key"),
        ("expired-key", "api_key_expired"),
        ("revoked-key", "api_key_revoked"),
    ],
)
def test_refused_keys(cli: CommandLine, key: str, code: str) -> None:
    done = cli.run("balance", STUDIO3D_API_KEY=key)
    assert (done.code, done.document["error"]["code"]) == (3, code)


def test_the_key_is_found_in_a_dotenv_file(cli: CommandLine) -> None:
    del cli.environ["STUDIO3D_API_KEY"]
    (cli.folder / ".env").write_text(f'3D_AI_STUDIO_API_KEY="{cli.sandbox.key}"\n')
    assert cli.run("balance").code == 0


def test_a_dotenv_file_that_stands_in_for_the_saved_key_is_told(cli: CommandLine) -> None:
    (cli.folder / ".env").write_text(f"STUDIO3D_API_KEY={cli.sandbox.key}\n")
    del cli.environ["STUDIO3D_API_KEY"]
    assert "not the one saved" not in cli.run("balance").words
    save_key("another-key", Path(cli.environ["STUDIO3D_HOME"]) / "key")
    done = cli.run("balance")
    assert done.code == 0
    assert ".env, and not the one saved on this machine." in done.words


@pytest.mark.parametrize(
    "arguments",
    [
        ("tencent-rapid",),
        ("tencent-rapid", "--prompt", "x" * 1025),
        ("tencent-pro", "--prompt", "a", "--face-count", "12"),
        ("tencent-pro", "--prompt", "a", "--face-count", "many"),
        ("trellis", "--image", "missing.png"),
        ("tencent-rapd", "--prompt", "a"),
        ("tencent-rapid", "--promt", "a"),
        ("topology", "--file-url", "missing.glb"),
    ],
)
def test_usage_and_validation_send_nothing(cli: CommandLine, arguments: tuple[str, ...]) -> None:
    done = cli.run(*arguments)
    assert done.code == 2
    assert done.document["error"]["message"]
    assert done.words.count("\n") == 1
    assert cli.submissions() == 0


@pytest.mark.fault("The balance is too low for an order", "Said before anything is sent")
def test_balance_too_low_is_said_before_anything_is_sent(cli: CommandLine) -> None:
    cli.control("POST", "balance", {"balance": 20})
    try:
        done = cli.run(*RAPID)
    finally:
        cli.control("POST", "balance", {"balance": 10000})
    assert done.code == 4
    assert "the balance is 20.00. Nothing was sent." in done.words
    assert cli.submissions() == 0


def test_max_credits(cli: CommandLine) -> None:
    done = cli.run(*RAPID, "--enable-pbr", "--max-credits", "54")
    assert (done.code, done.document["error"]["code"]) == (4, "over_max_credits")
    assert cli.submissions() == 0
    assert cli.run(*RAPID, "--enable-pbr", "--max-credits", "55").code == 0


@pytest.mark.fault(
    "The service fails at an order of the command line", "Told; the balance is what it was before"
)
def test_a_failed_job_is_refunded_and_exits_5(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    before = cli.run("balance").document["balance"]
    done = cli.run(*RAPID, "--wait")
    assert done.code == 5
    assert done.document["status"] == "FAILED"
    assert "refund" in done.document["error"]["credits"]
    assert cli.run("balance").document["balance"] == before


@pytest.mark.fault(
    "The answer to an order of the command line is lost", "Told, and never sent again by itself"
)
def test_a_lost_answer_is_never_sent_again(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "submit-lost", "times": 1})
    done = cli.run(*RAPID, "--wait")
    assert done.code == 6
    assert done.document["status"] == "UNKNOWN"
    assert done.document["error"]["code"] == "answer_lost"
    assert cli.run("resume", "--poll-interval", "0.2").document == {"jobs": []}
    assert cli.submissions() == 1


def test_no_connection(cli: CommandLine) -> None:
    done = cli.run("balance", STUDIO3D_API_URL="http://127.0.0.1:9")
    assert (done.code, done.document["error"]["code"]) == (6, "network_trouble")


@pytest.mark.attack(
    "A service by plain http on the command line", "Refused; the key is sent nowhere"
)
def test_plain_http_to_another_host_is_refused(cli: CommandLine) -> None:
    done = cli.run("balance", STUDIO3D_API_URL="http://studio.example.org")
    assert (done.code, done.document["error"]["code"]) == (2, "bad_address")


@pytest.mark.fault("A task that the service does not know", "Said; its own exit code")
def test_status_of_an_unknown_task(cli: CommandLine) -> None:
    done = cli.run("status", "--task-id", "00000000-0000-0000-0000-000000000000")
    assert (done.code, done.document["error"]["code"]) == (7, "not_found")


def test_download_before_the_end(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-stuck", "times": 1})
    task = cli.run(*RAPID).document["task_id"]
    done = cli.run("download", "--task-id", task)
    assert (done.code, done.document["error"]["code"]) == (1, "not_finished")


class DayAfterOrder:
    """The machine's clock until the service has taken an order; from then on a day later."""

    def __init__(self, home: Path) -> None:
        self._store = Store(home / "jobs.sqlite")

    def now(self) -> float:
        ordered = any(job.task_id for job in self._store.all())
        return time.time() + (24 * 3600 if ordered else 0)


@pytest.mark.fault(
    "A task that never ends", "The wait ends and says how to go on without paying again"
)
def test_waiting_ends_and_says_how_to_go_on(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-stuck", "times": 1})
    cli.clock = DayAfterOrder(cli.folder / "home")
    done = cli.run(*RAPID, "--wait", "--wait-timeout", "600")
    assert (done.code, done.document["error"]["code"]) == (6, "timed_out")
    assert "without paying again" in done.words


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            "download-cut",
            marks=pytest.mark.fault("A download is cut off, on the command line", "It comes whole"),
        ),
        pytest.param(
            "download-403",
            marks=pytest.mark.fault("The storage refuses once (403)", "It comes whole"),
        ),
        pytest.param(
            "download-corrupt",
            marks=pytest.mark.fault("A download is damaged on its way", "It comes whole"),
        ),
    ],
)
def test_a_result_survives_download_trouble(cli: CommandLine, fault: str) -> None:
    value = {"value": 2000} if fault == "download-cut" else {}
    cli.control("POST", "faults", {"name": fault, "times": 1, **value})
    submitted = cli.run(*RAPID, "--wait")
    assert submitted.code == 0
    assert submitted.document["files"]


@pytest.mark.fault("A link expires between status and download", "Another one is asked for")
def test_an_expired_link_in_download_is_renewed(cli: CommandLine) -> None:
    task = cli.run(*RAPID, "--wait").document["task_id"]
    cli.control("POST", "faults", {"name": "download-403", "times": 1})
    assert cli.run("download", "--task-id", task, "--output-dir", "again").code == 0
