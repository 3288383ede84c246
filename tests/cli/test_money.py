"""Nothing is paid for by mistake: doubled options, resuming, taking back, settling, folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from addon.catalog import build_request
from addon.jobs.job import Job
from addon.jobs.states import State
from addon.jobs.store import Store
from tests.cli.conftest import CommandLine

QUICK = ("--poll-interval", "0.1")
RAPID = ("tencent-rapid", "--prompt", "a rock")
RAPID_CREDITS = 35


@contextmanager
def job_list(cli: CommandLine) -> Iterator[Store]:
    store = Store(Path(cli.environ["STUDIO3D_HOME"]) / "jobs.sqlite")
    yield store
    store.close()


def queued(cli: CommandLine) -> Job:
    """An order that was interrupted before it was sent."""
    with job_list(cli) as store:
        return store.add(
            build_request("tencent-rapid", {"prompt": "a rock"}),
            name="a rock",
            estimate=RAPID_CREDITS,
            service_address=cli.sandbox.address,
            folder=cli.folder / "results",
        )


def state_of(cli: CommandLine, job_id: str) -> State:
    with job_list(cli) as store:
        return store.get(job_id).state


def unanswered(cli: CommandLine) -> str:
    """The id of a job whose answer was lost; the service has taken it."""
    cli.control("POST", "faults", {"name": "submit-lost", "times": 1})
    done = cli.run(*RAPID)
    assert done.document["status"] == "UNKNOWN"
    assert f"settle --job {done.document['job']}" in done.document["error"]["next_step"]
    return str(done.document["job"])


@pytest.mark.fault("An option is given twice with different values", "Refused; nothing is sent")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("repair", "--model-url", "a.glb", "--model-file", "b.glb"), "--model-file"),
        (("image-gemini25flash", "--prompt", "a", "--count", "1", "--num-images", "4"), "--count"),
        (("tripo", "--prompt", "a", "--enable-pbr", "--no-pbr"), "--no-pbr"),
        (("trellis", "--image", "a.png", "--no-textures", "--enable-pbr"), "--enable-pbr"),
        ((*RAPID, "--enable-pbr", "--no-enable-pbr"), "--no-enable-pbr"),
        ((*RAPID, "--prompt", "a stool"), "--prompt"),
        ((*RAPID, "--max-credits", "40", "--max-credits", "400"), "--max-credits"),
        (
            ("tripo", "--images", "front=a.png", "--images", "left=b.png;front=c.png"),
            "front",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
@pytest.mark.parametrize("before", [(), ("estimate",)], ids=["order", "estimate"])
def test_what_is_said_twice_is_not_bought(
    cli: CommandLine, before: tuple[str, ...], arguments: tuple[str, ...], named: str
) -> None:
    if before and "--max-credits" in arguments:
        arguments = (*RAPID, "--prompt", "x")
        named = "--prompt"
    done = cli.run(*before, *arguments)
    assert (done.code, done.document["error"]["code"]) == (2, "usage")
    assert named in done.document["error"]["message"]
    assert cli.control("GET", "log")["requests"] == []


def test_a_switch_and_what_it_stands_for_may_agree(cli: CommandLine) -> None:
    done = cli.run("estimate", "tripo", "--prompt", "a", "--enable-pbr", "--pbr")
    assert done.code == 0


@pytest.mark.parametrize(
    "option",
    [
        ("--timeout", "-1"),
        ("--timeout", "0"),
        ("--timeout", "nan"),
        ("--timeout", "1e300"),
        ("--poll-interval", "-5"),
        ("--poll-interval", "inf"),
        ("--wait-timeout", "0"),
        ("--wait-timeout", "soon"),
        ("--max-credits", "-1"),
        ("--max-credits", "1.5"),
    ],
    ids=" ".join,
)
def test_numbers_that_mean_nothing_are_refused(cli: CommandLine, option: tuple[str, ...]) -> None:
    done = cli.run(*RAPID, *option)
    assert (done.code, done.document["error"]["code"]) == (2, "usage")
    assert option[0] in done.document["error"]["message"]
    assert cli.control("GET", "log")["requests"] == []


def test_field_values_that_are_no_numbers_are_refused(cli: CommandLine) -> None:
    order = ("convert", "--model-url", "https://a.example/a.glb", "--max-size")
    for value in ("nan", "inf", "much"):
        assert cli.run("estimate", *order, value).code == 2


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "not_confirmed"),
        (("--yes",), 2, "not_confirmed"),
        (("--max-credits", "100"), 2, "not_confirmed"),
        (("--yes", "--max-credits", "34"), 4, "over_max_credits"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_resume_sends_nothing_without_a_yes_and_a_limit(
    cli: CommandLine, options: tuple[str, ...], code: int, said: str
) -> None:
    job = queued(cli)
    done = cli.run("resume", *QUICK, *options)
    assert (done.code, done.document["error"]["code"]) == (code, said)
    assert done.document["estimated_credits"] == RAPID_CREDITS
    assert [one["job"] for one in done.document["not_sent"]] == [job.id]
    assert "35 credits" in done.words
    assert cli.submissions() == 0
    assert state_of(cli, job.id) is State.QUEUED


def test_resume_with_a_yes_and_a_limit_sends(cli: CommandLine) -> None:
    queued(cli)
    done = cli.run("resume", *QUICK, "--yes", "--max-credits", str(RAPID_CREDITS))
    assert (done.code, cli.submissions()) == (0, 1)
    assert done.document["jobs"][0]["files"]


def test_resume_of_what_has_no_known_price_is_as_the_order_itself(cli: CommandLine) -> None:
    """No limit can be kept for it, so it is sent with a yes alone, and never called cheap."""
    values = {"prompt": "a rock", "version": "3.2"}
    with job_list(cli) as store:
        store.add(
            build_request("tripo", values),
            name="a rock",
            estimate=40,
            service_address=cli.sandbox.address,
            folder=cli.folder / "results",
        )
    limited = cli.run("resume", *QUICK, "--yes", "--max-credits", "500")
    assert (limited.code, limited.document["error"]["code"]) == (4, "over_max_credits")
    asked = cli.run("resume", *QUICK)
    assert (asked.code, asked.document["error"]["code"]) == (2, "not_confirmed")
    for refused in (limited, asked):
        assert refused.document["estimated_credits"] is None
        assert "What Version 3.2 costs is not known" in refused.words
        assert "40 credits" not in refused.words
    assert "`resume --yes` sends it." in asked.document["error"]["next_step"]
    assert cli.submissions() == 0
    cli.run("resume", *QUICK, "--yes")
    assert cli.submissions() == 1


@pytest.mark.parametrize(("answer", "sent"), [("y\n", 1), ("n\n", 0), ("", 0)])
def test_on_a_terminal_resume_asks_with_the_price(cli: CommandLine, answer: str, sent: int) -> None:
    queued(cli)
    cli.on_terminal, cli.answers = True, answer
    done = cli.run("resume", *QUICK)
    assert "Send for about 35 credits?" in done.words
    assert (done.code, cli.submissions()) == (0 if sent else 2, sent)


def test_resume_finishes_what_is_paid_and_leaves_the_rest(cli: CommandLine) -> None:
    task = cli.run(*RAPID).document["task_id"]
    queued(cli)
    done = cli.run("resume", *QUICK)
    assert done.code == 2
    assert [job["task_id"] for job in done.document["jobs"]] == [task]
    assert done.document["jobs"][0]["files"]
    assert cli.submissions() == 1


def test_resume_of_one_task(cli: CommandLine) -> None:
    tasks = [cli.run(*RAPID).document["task_id"] for _ in range(2)]
    done = cli.run("resume", *QUICK, "--task-id", tasks[1])
    assert [(job["task_id"], job["status"]) for job in done.document["jobs"]] == [
        (tasks[1], "FINISHED")
    ]
    with job_list(cli) as store:
        first = store.find_task(cli.sandbox.address, tasks[0])
    assert first is not None
    assert first.state is State.PENDING
    missing = cli.run("resume", "--task-id", "00000000-0000-0000-0000-000000000000")
    assert (missing.code, missing.document["error"]["code"]) == (2, "no_such_job")


def test_resume_of_a_task_that_was_given_up_looks_again(cli: CommandLine) -> None:
    task = cli.run(*RAPID).document["task_id"]
    with job_list(cli) as store:
        job = store.find_task(cli.sandbox.address, task)
        assert job is not None
        store.change(job.id, State.ABANDONED)
    assert cli.run("resume", *QUICK).document == {"jobs": []}
    done = cli.run("resume", *QUICK, "--task-id", task)
    assert (done.code, cli.submissions()) == (0, 1)
    assert done.document["jobs"][0]["files"]


@pytest.mark.fault("A failed task is resumed", "Not ordered again")
def test_resume_never_orders_a_failed_task_again(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    task = cli.run(*RAPID, "--wait", *QUICK).document["task_id"]
    done = cli.run("resume", "--task-id", task, "--yes", "--max-credits", "100")
    assert (done.code, done.document["error"]["code"]) == (2, "not_open")
    assert cli.submissions() == 1


def test_cancel_takes_back_what_is_not_sent(cli: CommandLine) -> None:
    job = queued(cli)
    done = cli.run("cancel", "--job", job.id)
    assert (done.code, done.document["jobs"][0]["status"]) == (0, "ABANDONED")
    everything = ("--yes", "--max-credits", "1000")
    assert cli.run("resume", *QUICK, *everything).document == {"jobs": []}
    assert cli.submissions() == 0


def test_cancel_says_that_the_service_cancels_nothing(cli: CommandLine) -> None:
    task = cli.run(*RAPID).document["task_id"]
    done = cli.run("cancel", "--task-id", task)
    assert (done.code, done.document["error"]["code"]) == (1, "already_sent")
    assert cli.run("jobs").document["jobs"][0]["status"] == "PENDING"


def test_an_unanswered_order_is_settled_with_its_task(cli: CommandLine) -> None:
    job = unanswered(cli)
    elsewhere = str(cli.folder / "another home")
    task = cli.run(*RAPID, STUDIO3D_HOME=elsewhere).document["task_id"]
    done = cli.run("settle", "--job", job, "--task-id", task)
    assert (done.code, done.document["status"]) == (0, "PENDING")
    resumed = cli.run("resume", *QUICK, "--job", job)
    assert resumed.code == 0
    assert resumed.document["jobs"][0]["task_id"] == task
    assert resumed.document["jobs"][0]["files"]
    assert cli.submissions() == 2
    again = cli.run("settle", "--job", job, "--drop")
    assert (again.code, again.document["error"]["code"]) == (2, "not_open")


def test_a_task_nobody_has_settles_nothing(cli: CommandLine) -> None:
    job = unanswered(cli)
    gone = "00000000-0000-0000-0000-000000000000"
    assert cli.run("settle", "--job", job, "--task-id", gone).code == 7
    assert state_of(cli, job) is State.UNKNOWN


def test_an_unanswered_order_is_sent_again_only_by_resume(cli: CommandLine) -> None:
    job = unanswered(cli)
    done = cli.run("settle", "--job", job, "--send-again")
    assert (done.code, done.document["status"]) == (0, "QUEUED")
    assert "resume --yes --max-credits 35" in done.words
    assert cli.submissions() == 1
    assert cli.run("resume", *QUICK, "--yes", "--max-credits", "35").code == 0
    assert cli.submissions() == 2


def test_an_unanswered_order_is_dropped(cli: CommandLine) -> None:
    job = unanswered(cli)
    assert cli.run("settle", "--job", job, "--drop").document["status"] == "ABANDONED"
    assert cli.run("resume", *QUICK).document == {"jobs": []}


@pytest.mark.fault(
    "The folder for results cannot be made, on the command line", "Said before anything is sent"
)
@pytest.mark.parametrize("command", [RAPID, ("download", "--task-id", "x")], ids=lambda c: c[0])
def test_the_folder_is_tried_before_anything_is_paid(
    cli: CommandLine, command: tuple[str, ...]
) -> None:
    (cli.folder / "taken").write_text("a file")
    done = cli.run(*command, "--output-dir", "taken/results")
    assert (done.code, done.document["error"]["code"]) == (2, "output_unusable")
    assert "taken" in done.document["error"]["message"]
    assert cli.submissions() == 0


@pytest.mark.fault("Balance or status cannot be asked for", "Said; nothing is called charged")
@pytest.mark.parametrize("command", [("balance",), ("status", "--task-id", "x")], ids=" ".join)
@pytest.mark.parametrize("fault", ["500", "503", "dropped", "not-json"])
def test_a_question_that_fails_charges_nothing(
    cli: CommandLine, command: tuple[str, ...], fault: str
) -> None:
    stage = "wallet" if command[0] == "balance" else "status"
    cli.control("POST", "faults", {"name": f"{stage}-{fault}", "times": 9})
    done = cli.run(*command)
    assert done.code == 6
    assert "may" not in done.document["error"]["credits"]
    assert "not known" not in str(done.document)


@pytest.mark.fault(
    "An order's answer is lost and the balance is asked for",
    "The balance shows that it was paid, once",
)
def test_the_balance_after_a_lost_answer_is_the_truth(cli: CommandLine) -> None:
    before = Decimal(cli.run("balance").document["balance"])
    unanswered(cli)
    assert before - Decimal(cli.run("balance").document["balance"]) == RAPID_CREDITS
