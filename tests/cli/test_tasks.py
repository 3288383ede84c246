"""``status --poll`` and ``download``: finished means that the files can be had."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from addon.cli.waiting import LATE_FILES
from tests.cli.conftest import CommandLine, Hurry
from tests.patience import until
from tests.sandboxes import Sandboxes

QUICK = ("--poll-interval", "0.1")
WAYS = (("status", "--poll"), ("download",))


def order(cli: CommandLine) -> str:
    return str(cli.run("tencent-rapid", "--prompt", "a rock").document["task_id"])


def finished(cli: CommandLine) -> str:
    """A task that the service has finished."""
    task = order(cli)
    cli.run("status", "--task-id", task, "--poll", *QUICK)
    cli.control("DELETE", "log")
    return task


@dataclass(frozen=True, slots=True)
class AfterTheFirstLook:
    """The machine's clock; from the second look at the task on it is three minutes later."""

    cli: CommandLine

    def now(self) -> float:
        looks = sum(
            "/status/" in entry["path"] for entry in self.cli.control("GET", "log")["requests"]
        )
        return time.time() + (180 if looks > 1 else 0)


def test_files_that_are_late_are_waited_for(cli: CommandLine, sandboxes: Sandboxes) -> None:
    slow = sandboxes.start(set="asset_lag=60")
    cli.sandbox = slow
    cli.environ |= {"STUDIO3D_API_URL": slow.address, "STUDIO3D_API_KEY": slow.key}
    done = cli.run("status", "--task-id", order(cli), "--poll", *QUICK)
    assert (done.code, done.document["status"]) == (0, "FINISHED")
    assert done.document["results"][0]["asset"]
    assert LATE_FILES in done.words


@pytest.mark.fault(
    "A finished task's files never come, on the command line", "No success; its own exit code"
)
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_files_that_never_come_are_no_success(cli: CommandLine, way: tuple[str, ...]) -> None:
    cli.control("POST", "faults", {"name": "task-asset-null", "times": 1})
    task = order(cli)
    until(lambda: cli.run("status", "--task-id", task).document["status"] == "FINISHED")
    assert "no file can be had yet" in cli.run("status", "--task-id", task).words
    cli.control("DELETE", "log")
    cli.clock = AfterTheFirstLook(cli)
    done = cli.run(*way, "--task-id", task, *QUICK)
    assert (done.code, done.document["error"]["code"]) == (7, "result_missing")
    assert done.document["status"] == "FINISHED"
    assert LATE_FILES in done.words


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_trouble_on_the_way_is_waited_out(cli: CommandLine, way: tuple[str, ...]) -> None:
    task = finished(cli)
    cli.control("POST", "faults", {"name": "status-429", "value": 1, "times": 1})
    done = cli.run(*way, "--task-id", task, *QUICK)
    assert (done.code, done.document["status"]) == (0, "FINISHED")


NOBODY = "http://127.0.0.1:9"


@pytest.mark.fault(
    "There is no connection while the command line waits for a task",
    "Said at once, with what to check and for how long it is tried; the end says it too",
)
@pytest.mark.parametrize("terminal", ["dumb", "xterm"])
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_a_dead_connection_is_said_at_once(
    cli: CommandLine, way: tuple[str, ...], terminal: str
) -> None:
    cli.on_terminal = terminal != "dumb"
    cli.environ |= {"STUDIO3D_API_URL": NOBODY, "TERM": terminal, "COLUMNS": "80"}
    cli.clock = Hurry(12.0)
    done = cli.run(*way, "--task-id", "a task", "--wait-timeout", "5", "--json", *QUICK)
    first, *_ = done.words.partition("It is tried again until ")
    words = " ".join(first.split())
    assert words.count("There is no connection to 127.0.0.1:9. Check the internet connection") == 1
    assert "waiting at the service" not in done.words  # nobody has heard of it there
    error = done.document["error"]
    assert (done.code, error["code"]) == (6, "timed_out")
    assert error["message"].endswith("There is no connection to 127.0.0.1:9.")
    assert "proxy" in error["next_step"]
    assert "--task-id a task" in error["next_step"]


def test_trouble_that_comes_back_is_said_again_and_each_kind_once(cli: CommandLine) -> None:
    """Its own words, not those of another; nothing that ends the command is called waited for."""
    task = finished(cli)
    for name in ("status-dropped", "download-503"):
        cli.control("POST", "faults", {"name": name, "times": 2})
    cli.clock = Hurry(3.0)
    done = cli.run("download", "--task-id", task, *QUICK)
    assert done.code == 0
    assert done.words.count("It is tried again until ") == 2
    revoked = cli.run("status", "--poll", "--task-id", task, STUDIO3D_API_KEY="revoked-key")
    assert "tried again" not in revoked.words


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_trouble_that_waiting_does_not_mend_ends_it(cli: CommandLine, way: tuple[str, ...]) -> None:
    task = order(cli)
    done = cli.run(*way, "--task-id", task, *QUICK, STUDIO3D_API_KEY="revoked-key")
    assert (done.code, done.document["error"]["code"]) == (3, "api_key_revoked")
    gone = "00000000-0000-0000-0000-000000000000"
    lost = cli.run(*way, "--task-id", gone, *QUICK)
    assert (lost.code, lost.document["error"]["code"]) == (7, "result_expired")


def test_a_task_nobody_here_ordered_is_fetched_and_stays_off_the_list(
    cli: CommandLine, tmp_path: Path
) -> None:
    task = finished(cli)
    cli.environ["STUDIO3D_HOME"] = str(tmp_path / "another home")
    done = cli.run("download", "--task-id", task, "--output-dir", "here")
    (file,) = done.document["files"]
    assert (done.code, Path(file["path"]).name) == (0, f"{task}-result.zip")
    assert Path(file["path"]).is_file()
    assert cli.run("jobs").document == {"jobs": []}


def test_a_task_that_fails_while_it_is_followed(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    done = cli.run("status", "--task-id", order(cli), "--poll", *QUICK)
    assert (done.code, done.document["status"]) == (5, "FAILED")
    assert "refund" in done.document["error"]["credits"]


def listed(cli: CommandLine, task: str) -> str:
    jobs = cli.run("jobs").document["jobs"]
    return str(next(job["status"] for job in jobs if job["task_id"] == task))


def test_status_brings_the_list_up_to_date(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    failed, made = order(cli), order(cli)
    ended = {failed: "FAILED", made: "FINISHED"}
    for task, status in ended.items():
        until(lambda: cli.run("status", "--task-id", task).document["status"] == status)  # noqa: B023
    assert (listed(cli, failed), listed(cli, made)) == ("FAILED", "IN_PROGRESS")
    resumed = cli.run("resume", *QUICK)
    assert [job["task_id"] for job in resumed.document["jobs"]] == [made]
    assert listed(cli, made) == "FINISHED"


def test_polling_brings_the_list_up_to_date(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    task = order(cli)
    cli.run("status", "--task-id", task, "--poll", *QUICK)
    assert listed(cli, task) == "FAILED"
    assert cli.run("resume").document == {"jobs": []}


def test_download_brings_the_list_up_to_date_and_finds_its_files(cli: CommandLine) -> None:
    task = finished(cli)
    first = cli.run("download", "--task-id", task)
    assert listed(cli, task) == "FINISHED"
    assert cli.run("resume").document == {"jobs": []}
    cli.control("DELETE", "log")
    again = cli.run("download", "--task-id", task)
    assert again.document == first.document
    assert cli.control("GET", "log")["requests"] == []
    Path(first.document["files"][0]["path"]).unlink()
    assert cli.run("download", "--task-id", task).document == first.document


def test_a_stranger_finds_the_same_files_again(cli: CommandLine, tmp_path: Path) -> None:
    task = finished(cli)
    cli.environ["STUDIO3D_HOME"] = str(tmp_path / "another home")
    done = [cli.run("download", "--task-id", task, "--output-dir", "here") for _ in range(2)]
    assert done[0].document == done[1].document
    assert len(list((cli.folder / "here").iterdir())) == 2  # the archive, and what is in it


@pytest.mark.fault(
    "A result is damaged at the service, on the command line",
    "Its own exit code; the file is kept and named",
)
@pytest.mark.parametrize("way", ["download", "order"])
def test_a_result_that_is_damaged_each_time_ends_with_a_verdict(cli: CommandLine, way: str) -> None:
    command = ("download", "--task-id", finished(cli)) if way == "download" else ()
    cli.control("POST", "faults", {"name": "download-corrupt", "times": 9})
    done = cli.run(*command or ("tencent-rapid", "--prompt", "a rock", "--wait"), *QUICK)
    error = done.document["error"]
    assert (done.code, error["code"]) == (7, "result_damaged")
    assert "refund" not in error["credits"]
    (kept,) = (cli.folder / "results").iterdir()
    assert str(kept) in error["next_step"]
