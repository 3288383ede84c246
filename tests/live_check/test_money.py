"""Nothing is paid that nobody agreed to, and nothing twice."""

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from addon.jobs.file_locks import locked
from tests.live_check.conftest import Check
from tests.live_check.service_in_between import LOSE, WALLET, Passing, between
from tests.patience import seconds, until
from tests.sandbox.front import KEY, Front
from tests.sandboxes import ROOT

PICTURE, CUT_OUT = "image-gemini25flash", "remove-bg"
BOTH = ("--only", PICTURE, "--only", CUT_OUT)


@pytest.mark.fault("The check of the service is started twice", "The second is refused")
def test_two_do_not_work_on_one_report(front: Front, check: Check, tmp_path: Path) -> None:
    """Each would pay what the other has paid, and write over what it wrote down."""
    with between(front) as service:
        with locked(tmp_path / "live-check.lock"):
            busy = check(service.address, "--yes", "--budget", "50", "--only", PICTURE)
        assert (busy.code, service.passed) == (2, [])
        assert "Another check" in busy.said
        assert check(service.address, "--yes", "--budget", "50", "--only", PICTURE).code != 2


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("--yes",), None, "--yes needs --budget"),
        (("--budget", "50"), None, "Nobody can be asked"),
        (("--yes", "--budget", "-1"), None, "0 or more"),
        (("--only", PICTURE), "y\n", "about 5 credits"),
        (("--only", PICTURE, "--yes", "--budget", "0"), None, "about 5 credits"),
        (("--yes", "--budget", "5", "--only", "convrt"), None, "Did you mean convert?"),
        (("--yes", "--budget", "5", "--report", "x.txt"), None, "Markdown"),
    ],
)
def test_usage(
    arguments: tuple[str, ...], typed: str | None, said: str, front: Front, check: Check
) -> None:
    with between(front) as service:
        checked = check(service.address, *arguments, typed=typed)
        assert service.passed == []
    assert checked.code == 2
    assert said in checked.said


def test_the_budget_ends_it(front: Front, check: Check) -> None:
    with between(front) as service:
        checked = check(service.address, "--yes", "--budget", "7", *BOTH)
        assert len(service.paid()) == 1
        again = check(service.address, "--yes", "--budget", "7", *BOTH)  # of all runs together
        assert len(service.paid()) == 1
        more = check(service.address, "--yes", "--budget", "8", *BOTH)
        assert len(service.paid()) == 2
    assert (checked.code, again.code, more.code) == (2, 2, 0)
    assert f"{PICTURE}: not taken: it costs 5, and the budget has 4 left" in checked.said
    assert more.report["credits_spent"] == "8"


@pytest.mark.parametrize("balance", ["500.00", "{:.2f}"], ids=["stands still", "is filled up"])
def test_a_balance_that_says_nothing_does_not_stretch_the_budget(
    balance: str, front: Front, check: Check
) -> None:
    looks = itertools.count(500, 100)

    def hide(passing: Passing) -> None:
        if passing.path == WALLET:
            passing.change(lambda wallet: wallet.update(balance=balance.format(next(looks))))

    with between(front, hide) as service:
        checked = check(service.address, "--yes", "--budget", "7", *BOTH)
        assert len(service.paid()) == 1
    assert checked.code == 1
    assert checked.report["credits_spent"] == "3"
    assert "The budget ended it" in checked.said


def test_a_balance_that_is_too_low(front: Front, check: Check) -> None:
    def poor(passing: Passing) -> None:
        if passing.path == WALLET:
            passing.change(lambda wallet: wallet.update(balance="2.00"))

    with between(front, poor) as service:
        checked = check(service.address, "--yes", "--budget", "50", *BOTH)
        assert service.posts() == []
    assert checked.code == 3
    assert "not enough" in checked.said
    assert checked.outcome(CUT_OUT) == "stopped here"


def test_each_paid_step_is_asked_for(front: Front, check: Check) -> None:
    with between(front) as service:
        no = check(service.address, "--budget", "50", *BOTH, typed="n\ny\n")
        assert len(service.paid()) == 1
    assert no.code == 0
    assert "About 3 credits; the budget has 50 left" in no.said
    assert no.outcome(CUT_OUT) == "not taken: you said no"
    assert no.outcome(PICTURE) == "as expected"


@pytest.mark.parametrize("typed", ["q\n", ""])
def test_no_more(typed: str, front: Front, check: Check) -> None:
    with between(front) as service:
        checked = check(service.address, "--budget", "50", *BOTH, typed=typed)
        assert service.posts() == []
    assert checked.code == 3


@pytest.mark.fault("An order of the check gets no answer", "Never sent again, also by the next run")
def test_an_unanswered_order_is_never_sent_again(front: Front, check: Check) -> None:
    def lose(passing: Passing) -> None:
        if passing.is_receipt:
            LOSE(passing)

    arguments = ("--yes", "--budget", "50", "--only", PICTURE)
    with between(front, lose) as service:
        checked = check(service.address, *arguments)
        assert len(service.posts()) == 1
    assert checked.code == 3
    with between(front) as service:
        state = checked.folder / "live-check.state.json"  # the proxy has another address now
        state.write_text(state.read_text().replace(checked.report["address"], service.address))
        again = check(service.address, *arguments)
        assert service.posts() == []
    assert again.code == 1
    assert again.differences() == [("no answer", "receipt")]
    assert again.report["credits_spent"] == "5"


@pytest.mark.fault(
    "The check is killed while a task is under way", "The next run pays nothing for it"
)
def test_it_goes_on_after_a_kill(front: Front, tmp_path: Path) -> None:
    """Killed while the task is under way; the second run pays nothing and sees it end."""
    command = [sys.executable, str(ROOT / "scripts/live_check.py"), "--yes", "--budget", "5"]

    def hold(passing: Passing) -> None:
        if passing.is_status and first:
            passing.change(lambda s: s.update(status="IN_PROGRESS", results=[]))

    first = True
    with between(front, hold) as service:
        environ = os.environ | {
            "STUDIO3D_API_URL": service.address,
            "STUDIO3D_API_KEY": KEY,
            "STUDIO3D_HOME": str(tmp_path),
        }
        process = subprocess.Popen([*command, "--only", PICTURE], cwd=tmp_path, env=environ)
        until(lambda: any(one.is_status for one in service.passed), what="a look at the task")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=seconds(10))
        kept = json.loads((tmp_path / "live-check.state.json").read_text())
        assert kept["steps"][PICTURE]["state"] == "sent"
        first = False
        done = subprocess.run(
            [*command, "--only", PICTURE],
            cwd=tmp_path,
            env=environ,
            timeout=seconds(60),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(service.posts()) == 1
    assert "0 differences, 5 credits spent." in done.stdout


def test_done_is_done(front: Front, check: Check) -> None:
    arguments = ("--yes", "--budget", "5", "--only", PICTURE)
    with between(front) as service:
        check(service.address, *arguments)
        first = len(service.passed)
        again = check(service.address, *arguments)
        assert len(service.passed) == first
    assert again.code == 0
    assert again.outcome(PICTURE) == "as expected"


def test_a_journal_of_another_account(front: Front, check: Check) -> None:
    arguments = ("--yes", "--budget", "0", "--only", "balance")
    with between(front) as one, between(front) as other:
        assert check(one.address, *arguments).code == 0
        checked = check(other.address, *arguments)
        assert other.passed == []
    assert checked.code == 2
    assert "another key or address" in checked.said


def test_a_journal_that_cannot_be_read(front: Front, check: Check, tmp_path: Path) -> None:
    (tmp_path / "live-check.state.json").write_text("{")
    checked = check(front.address, "--yes", "--budget", "0", "--only", "balance")
    assert checked.code == 2
    assert "what was paid already" in checked.said


@pytest.mark.parametrize(
    "only", [(), ("--only", "too-many-requests")], ids=["all", "the limit alone"]
)
def test_what_should_have_been_refused_ends_it(
    only: tuple[str, ...], front: Front, check: Check
) -> None:
    """A service that takes an empty order would take all of them."""

    def take(passing: Passing) -> None:
        if passing.method == "POST":
            passing.replace({"task_id": "0", "created_at": "0"}, 201)
        elif passing.path == WALLET:
            passing.change(lambda wallet: wallet.update(rate_limit=2))

    with between(front, take) as service:
        checked = check(service.address, "--yes", "--budget", "0", *only)
        assert len(service.posts()) == 1
    assert checked.code == 3
    assert "was accepted although nothing was in it" in checked.said
    step = only[-1] if only else "refused:3d-models/tencent/generate/rapid"
    assert ("status code", step) in checked.differences()
