"""Trouble that passes is waited out by every command, and the wait is said."""

import pytest

from addon.cli.patience import LONGEST_WAIT, WAITS
from tests.cli.conftest import CommandLine

RAPID = ("tencent-rapid", "--prompt", "a rock")
ASKING = {
    "balance": ("wallet", ("balance",)),
    "doctor": ("wallet", ("doctor",)),
    "order": ("wallet", RAPID),
    "status": ("status", ("status", "--task-id")),
}


def command_of(cli: CommandLine, name: str) -> tuple[str, tuple[str, ...]]:
    stage, command = ASKING[name]
    if command[-1] == "--task-id":
        command = (*command, cli.run(*RAPID).document["task_id"])
    return stage, command


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("fault", ["502", "503", "504", "dropped"])
def test_trouble_is_waited_out(cli: CommandLine, name: str, fault: str) -> None:
    stage, command = command_of(cli, name)
    cli.control("POST", "faults", {"name": f"{stage}-{fault}", "times": 2})
    done = cli.run(*command)
    assert done.code == 0, done.words
    assert cli.waits == list(WAITS[:2])
    assert "Trying again in 1 s (2 of 4)." in done.words


@pytest.mark.parametrize("name", ASKING)
def test_a_busy_service_says_how_long(cli: CommandLine, name: str) -> None:
    stage, command = command_of(cli, name)
    cli.control("POST", "faults", {"name": f"{stage}-429", "value": 7, "times": 1})
    done = cli.run(*command)
    assert (done.code, cli.waits) == (0, [7.0])
    assert "in 7 s" in done.words


@pytest.mark.fault("The service stays busy", "Given up after some waits, with a next step")
def test_it_gives_up_and_says_what_to_do(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "wallet-503", "times": 9})
    done = cli.run("balance")
    assert (done.code, cli.waits) == (6, list(WAITS))
    assert "by itself" not in done.words
    assert "later" in done.document["error"]["next_step"]


@pytest.mark.fault("The service asks to wait for minutes", "Said at once in place of waiting")
def test_nobody_waits_for_minutes(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "wallet-429", "value": LONGEST_WAIT + 1, "times": 1})
    done = cli.run("balance")
    assert (done.code, cli.waits) == (6, [])
