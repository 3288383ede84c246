"""Every odd answer that the service's documentation and its clients tell of, on the command line.

Exit code, words, what lies on disk, and how often something was ordered. That the key is nowhere,
``strict_cli`` looks at after each test.
"""

import itertools
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from addon.cli.waiting import LATE_FILES
from tests.cli.conftest import CommandLine, Finished, Hurry
from tests.strict_service.files import FILES
from tests.strict_service.service import StrictService, Trouble

QUICK: Final = ("--poll-interval", "0.02")
RAPID: Final = ("tencent-rapid", "--prompt", "a chair")
PRO: Final = ("tencent-pro", "--prompt", "a chair")
TRIPO: Final = ("tripo", "--prompt", "a chair")
GATEWAY: Final = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
SOON: Final = "Request was throttled. Expected available in 20 seconds."


def order(cli: CommandLine, *command: str) -> str:
    """The id of a task that was ordered and not waited for."""
    done = cli.run(*(command or RAPID))
    assert done.code == 0, done.words
    return str(done.document["task_id"])


def on_disk(cli: CommandLine) -> list[bytes]:
    """What lies in the folder for results, by name; what was unpacked is left out."""
    folder = cli.folder / "results"
    return [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]


def types(done: Finished) -> list[str]:
    """The asset types of what was downloaded."""
    return [file["asset_type"] for file in done.document["files"]]


# ---------------------------------------------------------------- submitting


@pytest.mark.parametrize("status", [200, 201, 202])
def test_each_success_of_a_submission(
    strict_cli: CommandLine, strict: StrictService, status: int
) -> None:
    receipt = {"task_id": "given-by-the-service", "id": 7, "queue": {"position": 3}}
    strict.trouble("submit", Trouble(status, receipt))
    done = strict_cli.run(*RAPID)
    assert (done.code, done.document["task_id"]) == (0, "given-by-the-service")


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(
            Trouble(429, {"error": SOON, "error_code": "RATE_LIMITED"}, {"Retry-After": "20"}),
            marks=pytest.mark.fault(
                "429 with Retry-After to an order of the command line",
                "Waited out, which is said; paid once",
            ),
        ),
        Trouble(429, {"detail": SOON}),
        Trouble(429, {"error": "Rate limit reached."}, {"Retry-After": "20"}),
        pytest.param(
            Trouble(429, {"error": "Rate limit reached."}),
            marks=pytest.mark.fault(
                "429 without Retry-After to an order", "Waited out, which is said; paid once"
            ),
        ),
        pytest.param(
            Trouble(429, GATEWAY),
            marks=pytest.mark.fault(
                "429 with a page in place of a reason to an order",
                "Waited out, which is said; paid once",
            ),
        ),
    ],
    ids=["header and sentence", "detail", "header alone", "nothing", "page"],
)
def test_too_many_submissions_are_waited_out(
    strict_cli: CommandLine, strict: StrictService, trouble: Trouble
) -> None:
    strict.trouble("submit", trouble)
    strict_cli.clock = Hurry(12.0)
    done = strict_cli.run(*RAPID)
    assert (done.code, len(strict.orders), strict.refusals) == (0, 1, [])
    assert "the service asks to wait" in done.words


def test_the_limit_of_the_account_is_kept(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.rate_limit = 2
    strict_cli.clock = clock = Hurry(12.0)
    strict.clock = clock.now
    for _ in range(3):
        assert strict_cli.run(*RAPID).code == 0
    posts = [path for method, path in strict.requests if method == "POST"]
    assert (len(strict.orders), len(posts)) == (3, 3)


@pytest.mark.parametrize("done", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(
            Trouble(500, {"detail": "Server error."}),
            marks=pytest.mark.fault(
                "500 to an order of the command line",
                "Never sent again by itself; the next step is told",
            ),
        ),
        pytest.param(
            Trouble(502, GATEWAY),
            marks=pytest.mark.fault(
                "502 with a gateway's page to an order",
                "Never sent again by itself; the next step is told",
            ),
        ),
        pytest.param(
            Trouble(503, GATEWAY),
            marks=pytest.mark.fault(
                "503 to an order", "Never sent again by itself; the next step is told"
            ),
        ),
        pytest.param(
            Trouble(504, b""),
            marks=pytest.mark.fault(
                "504 with nothing to an order", "Never sent again by itself; the next step is told"
            ),
        ),
        pytest.param(
            Trouble(cut=True),
            marks=pytest.mark.fault(
                "The connection is cut at an order, taken or not",
                "Never sent again by itself; the next step is told",
            ),
        ),
        pytest.param(
            Trouble(201, b"{"),
            marks=pytest.mark.fault(
                "Truncated JSON in answer to an order",
                "Never sent again by itself; the next step is told",
            ),
        ),
        pytest.param(
            Trouble(201, {"created_at": "2026-03-01T12:00:00Z"}),
            marks=pytest.mark.fault(
                "A receipt without a task, on the command line",
                "Never sent again by itself; the next step is told",
            ),
        ),
    ],
    ids=["500", "502", "503", "504", "cut", "half", "no id"],
)
def test_an_order_without_an_answer_is_never_sent_again(
    strict_cli: CommandLine, strict: StrictService, trouble: Trouble, done: bool
) -> None:
    strict.trouble("submit", Trouble(trouble.status, trouble.body, done=done, cut=trouble.cut))
    lost = strict_cli.run(*RAPID, "--wait", *QUICK)
    assert (lost.code, lost.document["status"]) == (6, "UNKNOWN")
    assert lost.document["error"]["code"] == "answer_lost"
    job = lost.document["job"]
    assert f"settle --job {job}" in lost.document["error"]["next_step"]
    assert strict_cli.run("resume", "--yes", "--max-credits", "100", *QUICK).code == 0
    assert [method for method, _ in strict.requests].count("POST") == 1
    if done:  # the account's page shows it
        task = strict.orders[0].task_id
        assert strict_cli.run("settle", "--job", job, "--task-id", task).code == 0
        assert strict_cli.run("resume", *QUICK).code == 0
        assert on_disk(strict_cli) == [FILES["zip"]]
    assert len(strict.orders) == done


REFUSALS: Final[dict[str, tuple[int, Any]]] = {
    "service": (400, {"error": "prompt is too odd", "error_code": "VALIDATION_FAILED"}),
    "lower case": (400, {"error": "prompt is too odd", "error_code": "validation_failed"}),
    "code and message": (400, {"message": "prompt is too odd", "code": "VALIDATION_FAILED"}),
    "detail": (400, {"detail": "prompt is too odd"}),
    "fields": (400, {"prompt": ["prompt is too odd"]}),
    "no field": (400, {"non_field_errors": ["prompt is too odd"]}),
    "wrapped": (400, {"error": {"prompt": ["prompt is too odd"]}, "error_code": "X"}),
    "more": (400, {"error": "prompt is too odd", "request_id": "r", "details": {"a": [1]}}),
    "too large": (413, GATEWAY),
}


@pytest.mark.fault(
    "A refusal in each shape that the service has for one",
    "Its reason is told; nothing was charged",
)
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_in_each_of_its_shapes(
    strict_cli: CommandLine, strict: StrictService, name: str
) -> None:
    status, body = REFUSALS[name]
    strict.trouble("submit", Trouble(status, body))
    done = strict_cli.run(*RAPID, "--wait", *QUICK)
    assert (done.code, done.document["status"], strict.orders) == (2, "FAILED", [])
    assert "prompt is too odd" in done.words or name == "too large"
    assert "<" not in done.words
    assert "othing was charged" in done.document["error"]["credits"]
    assert [method for method, _ in strict.requests].count("POST") == 1


@pytest.mark.parametrize("code", ["INSUFFICIENT_CREDITS", "insufficient_credits"])
def test_a_price_above_the_balance_that_only_the_service_knows(
    strict_cli: CommandLine, strict: StrictService, code: str
) -> None:
    strict.trouble("submit", Trouble(402, {"error": "Not enough.", "error_code": code}))
    done = strict_cli.run(*RAPID, "--wait", *QUICK)
    assert (done.code, done.document["error"]["code"]) == (4, "insufficient_credits")
    assert "othing was charged" in done.document["error"]["credits"]


def test_another_price_than_expected_is_what_the_list_says(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict_cli.run("balance")
    strict.balance -= 7
    strict.trouble("wallet", Trouble(200, {"balance": "10000.00", "rate_limit": 1000}))
    assert strict_cli.run(*RAPID).document["estimated_credits"] == 35
    strict_cli.on_terminal = True
    _, table, _ = strict_cli.printed("jobs")
    assert table.splitlines()[1].split()[3] == "42"
    assert strict.balance == Decimal("9958.00")


@pytest.mark.fault(
    "The key expires between two commands", "Told as what it is; nothing more is ordered"
)
@pytest.mark.parametrize("stage", ["wallet", "submit", "status"])
@pytest.mark.parametrize("code", ["invalid_api_key", "API_KEY_EXPIRED", "Api_Key_Revoked"])
def test_a_key_that_is_refused(
    strict_cli: CommandLine, strict: StrictService, stage: str, code: str
) -> None:
    task = order(strict_cli)
    strict.trouble(stage, Trouble(401, {"error": "No.", "error_code": code}))
    command = {"wallet": ("balance",), "submit": RAPID, "status": ("status", "--task-id", task)}
    done = strict_cli.run(*command[stage])
    assert (done.code, done.document["error"]["code"]) == (3, code.lower())
    assert len(strict.orders) == 1


@pytest.mark.fault("A task of another account", "Said to be forbidden")
def test_a_task_of_another_account(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.trouble("status", Trouble(403, {"error": "Access denied."}))
    done = strict_cli.run("status", "--task-id", order(strict_cli))
    assert (done.code, done.document["error"]["code"]) == (3, "forbidden")


# ---------------------------------------------------------------- asking


@pytest.mark.fault(
    "A question is answered by 429, a gateway's page, half an answer or none",
    "Asked again after a wait that is told",
)
@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(429, {"detail": SOON}, {"Retry-After": "20"}),
        Trouble(429, {"error": "Limit reached."}),
        Trouble(502, GATEWAY),
        Trouble(503, {"detail": "Maintenance."}),
        Trouble(504, b""),
        Trouble(cut=True),
        Trouble(short_by=5),
    ],
    ids=["429", "429 without a time", "502", "503", "504", "cut", "half"],
)
@pytest.mark.parametrize("stage", ["wallet", "status"])
def test_a_question_is_asked_again(
    strict_cli: CommandLine, strict: StrictService, stage: str, trouble: Trouble
) -> None:
    command = ("balance",) if stage == "wallet" else ("status", "--task-id", order(strict_cli))
    strict.trouble(stage, trouble)
    done = strict_cli.run(*command)
    assert done.code == 0, done.words
    assert len(strict_cli.waits) == 1
    assert "Trying again in" in done.words
    assert "charged" not in done.words


@pytest.mark.fault("Trouble at each look at a task, on the command line", "Waited out; paid once")
@pytest.mark.parametrize("way", ["order", "status --poll", "download"])
@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(429, {"error": "Limit reached.", "error_code": "RATE_LIMITED"}),
        Trouble(502, GATEWAY),
        Trouble(cut=True),
        Trouble(short_by=5),
    ],
    ids=["429", "502", "cut", "half"],
)
def test_trouble_while_a_task_is_watched_is_waited_out(
    strict_cli: CommandLine, strict: StrictService, way: str, trouble: Trouble
) -> None:
    strict_cli.clock = Hurry(12.0)
    command = (
        (*RAPID, "--wait") if way == "order" else (*way.split(), "--task-id", order(strict_cli))
    )
    strict.finished_at = 0
    strict.trouble("status", trouble, trouble)
    done = strict_cli.run(*command)
    assert (done.code, done.document["status"]) == (0, "FINISHED"), done.words
    assert way == "status --poll" or on_disk(strict_cli) == [FILES["zip"]]
    assert len(strict.orders) == 1


def test_the_wallet_of_the_older_documentation(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict.trouble("wallet", Trouble(404, {"detail": "Not found."}))
    strict.trouble("status", Trouble(200, {"balance": "12.50"}))  # any other path
    done = strict_cli.run("balance")
    assert (done.code, done.document["balance"]) == (0, "12.50")
    assert strict.requests[-1] == ("GET", "/user/wallet/")


def test_a_wallet_with_more_and_less_than_documented(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    more = {"balance": "150.00", "currency": "credits", "expiring": [{"at": None}]}
    strict.trouble("wallet", Trouble(200, more), Trouble(200, more))
    assert strict_cli.run("balance").document["balance"] == "150.00"
    assert strict_cli.run(*RAPID).code == 0


# ---------------------------------------------------------------- finished

WAYS: Final = ["order", "status --poll", "download"]


def finish(cli: CommandLine, way: str, command: tuple[str, ...]) -> Finished:
    """Order it and wait for the files in one of the three ways."""
    if way == "order":
        return cli.run(*command, "--wait", *QUICK)
    return cli.run(*way.split(), "--task-id", order(cli, *command), *QUICK)


@pytest.mark.fault(
    "A finished task's file comes later, on the command line",
    "Waited for, which is said; paid once",
)
@pytest.mark.parametrize("way", WAYS)
def test_finished_without_its_file_for_a_while(
    strict_cli: CommandLine, strict: StrictService, way: str
) -> None:
    strict.lag, strict.finished_at = 3, 0
    done = finish(strict_cli, way, RAPID)
    assert (done.code, done.document["status"]) == (0, "FINISHED")
    assert LATE_FILES in done.words
    if way == "status --poll":
        assert done.document["results"][0]["asset"]
    else:
        assert on_disk(strict_cli) == [FILES["zip"]]
    assert len(strict.orders) == 1


@pytest.mark.fault(
    "A finished task's file never comes, in each way to fetch it",
    "Said to be missing, and not to be refunded",
)
@pytest.mark.parametrize("way", WAYS)
def test_finished_and_its_file_never_comes(
    strict_cli: CommandLine, strict: StrictService, way: str
) -> None:
    strict.lag, strict.finished_at = 1_000_000, 0
    strict_cli.clock = Hurry(4.0)
    done = finish(strict_cli, way, RAPID)
    assert (done.code, done.document["error"]["code"]) == (7, "result_missing")
    assert LATE_FILES in done.words
    assert "refund" not in done.words
    assert len(strict.orders) == 1


@pytest.mark.parametrize("way", WAYS)
def test_finished_with_a_reason_why_not(
    strict_cli: CommandLine, strict: StrictService, way: str
) -> None:
    strict.lag, strict.finished_at = 1_000_000, 0
    strict.shape = lambda answer: {**answer, "failure_reason": "the copy got lost"}
    done = finish(strict_cli, way, RAPID)
    assert (done.code, done.document["error"]["code"]) == (5, "task_failed")
    assert "the copy got lost" in done.words


@pytest.mark.parametrize("way", WAYS)
def test_failed_is_refunded_and_said(
    strict_cli: CommandLine, strict: StrictService, way: str
) -> None:
    strict.shape = lambda answer: {
        **answer,
        "status": "FAILED",
        "failure_reason": "no face was found",
        "results": [],
    }
    done = finish(strict_cli, way, RAPID)
    assert (done.code, done.document["status"]) == (5, "FAILED")
    assert "no face was found" in done.words
    assert "refund" in done.words
    assert len(strict.orders) == 1


@pytest.mark.fault("A task that has expired, in each way to fetch it", "Said; its own exit code")
@pytest.mark.parametrize("way", WAYS)
def test_what_has_expired(strict_cli: CommandLine, strict: StrictService, way: str) -> None:
    strict_cli.clock = Hurry(5.0)
    strict.trouble("status", *[Trouble(404, {"detail": "No match."})] * 20)
    done = finish(strict_cli, way, RAPID)
    assert (done.code, done.document["error"]["code"]) == (7, "result_expired")
    assert len(strict.orders) == 1


def renamed(answer: dict[str, Any]) -> dict[str, Any]:
    """The address under the name of older documentation."""
    results = [
        {"asset_url": one["asset"], "asset_type": one["asset_type"], "thumbnail": "https://a.org/t"}
        for one in answer["results"]
    ]
    return {**answer, "results": results}


def larger(answer: dict[str, Any]) -> dict[str, Any]:
    """Fields that nobody knows, at every level."""
    results = [
        {**one, "size": 7, "metadata": {"thumbnail": "https://a.org/t.png", "a": {"b": [1]}}}
        for one in answer["results"]
    ]
    return {**answer, "results": results, "queue": {"position": 1}, "cost": "35.00"}


def smaller(answer: dict[str, Any]) -> dict[str, Any]:
    """Nothing but what is needed."""
    results = [
        {"asset": one["asset"], "asset_type": one["asset_type"]} for one in answer["results"]
    ]
    return {"status": answer["status"], "results": results}


def early(answer: dict[str, Any]) -> dict[str, Any]:
    """No results before the end, in each way to say so."""
    return answer if answer["results"] else {**answer, "results": None}


SHAPES: Final = [renamed, larger, smaller, early]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.__name__))
@pytest.mark.parametrize("way", ["order", "download"])
def test_each_shape_of_a_result(
    strict_cli: CommandLine,
    strict: StrictService,
    way: str,
    shape: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    strict.shape = shape
    strict.finished_at = 0 if way == "download" else 1
    done = finish(strict_cli, way, PRO)
    assert (done.code, done.document["status"]) == (0, "FINISHED")
    assert sorted(types(done)) == ["3D_MODEL", "ARCHIVE"]
    assert sorted(on_disk(strict_cli)) == sorted([FILES["glb"], FILES["zip"]])


def test_one_model_in_several_formats(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.extra = (("3D_MODEL", "fbx"), ("3D_MODEL", "obj"))
    done = strict_cli.run(*TRIPO, "--wait", "--output", "chair", *QUICK)
    assert types(done) == ["3D_MODEL"] * 3
    assert len(on_disk(strict_cli)) == 3
    assert Path(done.document["output"]).read_bytes() == FILES["glb"]


def test_the_model_of_several_types_is_the_result(strict_cli: CommandLine) -> None:
    done = strict_cli.run(*PRO, "--wait", "--output", "chair.glb", *QUICK)
    assert types(done)[0] == "ARCHIVE"
    assert (strict_cli.folder / "chair.glb").read_bytes() == FILES["glb"]


def test_some_files_are_later_than_others(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.finished_at = 0
    looks = itertools.count()

    def later(answer: dict[str, Any]) -> dict[str, Any]:
        if next(looks) < 3:
            answer["results"][1]["asset"] = None
        return answer

    strict.shape = later
    done = strict_cli.run(*PRO, "--wait", *QUICK)
    assert (done.code, sorted(types(done))) == (0, ["3D_MODEL", "ARCHIVE"])


def test_some_files_never_come_and_the_others_are_kept(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict.finished_at = 0
    strict_cli.clock = Hurry(3.0)

    def never(answer: dict[str, Any]) -> dict[str, Any]:
        answer["results"][0]["asset"] = None
        return answer

    strict.shape = never
    done = strict_cli.run(*PRO, "--wait")
    assert (done.code, types(done)) == (0, ["3D_MODEL"])
    assert on_disk(strict_cli) == [FILES["glb"]]


VOLUME: Final = ("volume", "--model-url", "https://files.example.org/model.glb")


@pytest.mark.parametrize("way", ["order", "download"])
def test_figures_without_a_file_are_a_result(
    strict_cli: CommandLine, strict: StrictService, way: str
) -> None:
    strict.finished_at = 0 if way == "download" else 1
    done = finish(strict_cli, way, VOLUME)
    assert done.code == 0, done.words
    assert done.document["files"][0]["metadata"] == {"volume_cm3": 12.5}
    assert b"12.5" in on_disk(strict_cli)[0]
    assert LATE_FILES not in done.words


def test_figures_are_all_that_status_waits_for(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict.finished_at = 0
    task = order(strict_cli, *VOLUME)
    done = strict_cli.run("status", "--task-id", task)
    assert (done.code, done.document["status"]) == (0, "FINISHED")
    assert "no file can be had" not in done.words
    assert strict_cli.run("jobs").document["jobs"][0]["status"] == "IN_PROGRESS"
    polled = strict_cli.run("status", "--task-id", task, "--poll", *QUICK)
    assert (polled.code, LATE_FILES in polled.words) == (0, False)


def test_figures_that_somebody_else_ordered(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.finished_at = 0
    task = order(strict_cli, *VOLUME)
    strict_cli.environ["STUDIO3D_HOME"] = str(strict_cli.folder / "another home")
    strict_cli.clock = Hurry(4.0)
    done = strict_cli.run("download", "--task-id", task)
    assert done.code == 0, done.words
    assert b"12.5" in on_disk(strict_cli)[0]


# ---------------------------------------------------------------- downloading


@pytest.mark.attack(
    "A storage on another host answers with refusals, pages and halves",
    "The whole file comes in the end; the storage never sees the key",
)
@pytest.mark.parametrize("way", ["order", "download"])
@pytest.mark.parametrize(
    "troubles",
    [
        [Trouble(403, b"<Error><Code>AccessDenied</Code></Error>")],
        [Trouble(400, b"<Error><Code>ExpiredToken</Code></Error>")],
        [Trouble(503, GATEWAY)],
        [Trouble(cut=True)],
        [Trouble(short_by=40), Trouble(cut=True)],
        [Trouble(200, GATEWAY)],
    ],
    ids=["403", "400", "503", "cut", "half, then cut", "page"],
)
def test_trouble_with_a_file_is_waited_out(
    strict_cli: CommandLine, strict: StrictService, way: str, troubles: list[Trouble]
) -> None:
    strict_cli.clock = Hurry(3.0)
    strict.finished_at = 0 if way == "download" else 1
    strict.trouble("file", *troubles)
    done = finish(strict_cli, way, TRIPO)
    assert (done.code, done.document["status"]) == (0, "FINISHED"), done.words
    assert on_disk(strict_cli) == [FILES["glb"]]
    assert len(strict.orders) == 1


def test_a_link_that_has_expired_is_renewed(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.finished_at = 0
    task = order(strict_cli, *TRIPO)
    shown = strict_cli.run("status", "--task-id", task)
    strict.expire_links()
    done = strict_cli.run("download", "--task-id", task, *QUICK)
    assert (done.code, on_disk(strict_cli)) == (0, [FILES["glb"]])
    assert "X-Amz-Signature" in shown.document["results"][0]["asset"]


@pytest.mark.fault(
    "Links that have expired as soon as they are given out", "Ends when the wait does"
)
def test_links_that_expire_each_time_end_when_the_wait_does(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict.finished_at = 0
    task = order(strict_cli, *TRIPO)
    strict.trouble("file", *[Trouble(403, b"no")] * 500)
    strict_cli.clock = Hurry(12.0)
    done = strict_cli.run("download", "--task-id", task, "--wait-timeout", "5")
    assert (done.code, done.document["error"]["code"]) == (6, "timed_out")
    assert on_disk(strict_cli) == []
