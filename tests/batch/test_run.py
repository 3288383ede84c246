"""A batch from the list to the report, without Blender: what is sent, kept, refused and said."""

import contextlib
import io
import json
import os
import re
import threading
from pathlib import Path

import pytest
import trimesh

from addon.batch.folder import BatchFolder
from addon.batch.run import NETWORK_THREADS
from addon.cli.environment import Environment
from addon.cli.main import main
from addon.jobs.store import Store
from tests.batch.conftest import Batch, write_csv, write_model, write_picture
from tests.patience import seconds
from tests.sandboxes import Sandboxes

COLUMNS = ("operation", "name", "model_file", "prompt", "tags")
VOLUME = 20
CONVERT = 10


def test_check_finds_everything_and_sends_nothing(batch: Batch, tools: Path) -> None:
    batch.control("DELETE", "log")
    done = batch.run("list.csv", "--check")
    assert done.code == 2
    assert "list.csv:3: There is no file" in done.words
    assert done.document["estimated_credits"] == VOLUME + CONVERT
    assert done.document["enough"] is True
    seen = batch.control("GET", "log")["requests"]
    assert {entry["method"] for entry in seen} == {"GET"}
    assert not batch.out.exists()


@pytest.mark.fault("There is no Blender for what a batch asks for", "Said before anything is sent")
def test_what_needs_a_blender_is_not_ordered_without(batch: Batch) -> None:
    write_csv(
        batch.folder / "list.csv",
        ("operation", "prompt", "post"),
        ("tripo", "a vase", "size=1.8"),
        ("tripo", "a rock", ""),
    )
    batch.control("DELETE", "log")
    batch.processes = True
    for given in (("--check",), ()):
        done = batch.run("list.csv", *given, PATH="")
        assert done.code == 2
        assert "No Blender was found, and 1 row needs one" in done.words
        assert "--blender" in done.words
    assert "post" not in {
        entry["method"].lower() for entry in batch.control("GET", "log")["requests"]
    }
    (batch.folder / "list.csv").write_text("operation,prompt\ntripo,a rock\n")
    done = batch.run("list.csv", "--check", PATH="")
    assert (done.code, "the files stay as they were sent" in done.words) == (0, True)


def test_check_without_a_key_checks_and_prices_all_the_same(batch: Batch, tools: Path) -> None:
    done = batch.run("list.csv", "--check", STUDIO3D_API_KEY="")
    assert done.document["estimated_credits"] == VOLUME + CONVERT
    assert done.document["balance"] is None


@pytest.mark.fault(
    "The service does not answer while a list is checked",
    "Prices and mistakes are told all the same",
)
def test_check_tells_all_it_can_when_the_service_does_not_answer(batch: Batch, tools: Path) -> None:
    tools.write_text("operation,prompt\ntripo,a vase\n")
    batch.control("POST", "faults", {"name": "wallet-dropped", "times": 9})
    done = batch.run("list.csv", "--check")
    assert done.code == 6
    assert done.document["estimated_credits"] > 0
    assert done.document["balance"] is None
    assert "The balance cannot be asked for" in done.words
    batch.control("DELETE", "faults")
    wrong = batch.run("list.csv", "--check", STUDIO3D_API_KEY="wrong")
    assert wrong.code == 3
    assert wrong.document["estimated_credits"] == done.document["estimated_credits"]


def test_prices_that_are_not_known_are_asked_for(batch: Batch) -> None:
    write_picture(batch.folder / "a.png", side=128)
    write_csv(
        batch.folder / "new.csv",
        ("operation", "image", "version"),
        ("tripo", "a.png", "3.2"),
        ("tripo", "a.png", "3.1"),
    )
    paid = len(batch.spent())
    checked = batch.run("new.csv", "--check")
    assert "1 order has no known price. What Version 3.2 costs is not known" in checked.words
    assert checked.document["unknown_prices"] in checked.words
    for more in ((), ("--yes", "--max-credits", "999")):
        refused = batch.run("new.csv", *more)
        assert refused.code == (4 if more else 2)
        assert "no known price" in refused.words
    assert len(batch.spent()) == paid
    assert batch.run("new.csv", "--yes").code == 0
    assert len(batch.spent()) == paid + 2


@pytest.mark.fault("A row of a list is wrong", "The others are made; the report says why")
def test_a_bad_row_stops_no_good_one_and_is_in_the_report(batch: Batch, tools: Path) -> None:
    done = batch.run("list.csv")
    assert done.code == 2
    assert batch.statuses() == ["finished", "bad", "finished"]
    rows = batch.report()["rows"]
    assert "missing.glb" in rows[1]["error"]["message"]
    for row in (rows[0], rows[2]):
        assert row["delivered"]
        assert all((batch.out / name).is_file() for name in row["delivered"])
    page = (batch.out / "report.html").read_text("utf-8")
    assert "Box 箱" in page
    assert "Wie &lt;viel&gt;?" in page
    assert "<viel>" not in page
    assert "missing.glb" in page
    assert str(batch.folder) not in json.dumps(rows[2]["settings"])


def test_a_second_run_asks_for_nothing_and_costs_nothing(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    before, written = batch.spent(), files(batch.out)
    batch.control("DELETE", "log")
    batch.run("list.csv")
    requests = batch.control("GET", "log")["requests"]
    assert [entry for entry in requests if entry["method"] == "POST"] == []
    assert batch.spent() == before
    assert files(batch.out) == written


def files(out: Path) -> dict[str, int]:
    """Everything below the folder's assets with the time it was written."""
    assets = out / "assets"
    return {
        str(path.relative_to(assets)): path.stat().st_mtime_ns
        for path in assets.rglob("*")
        if path.is_file() and path.name not in {"order.json", ".lock"}
    }


def test_a_longer_list_pays_only_for_what_is_new(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    before = len(batch.spent())
    with tools.open("a") as file:
        file.write("volume,again,box.glb,,\n")
    assert batch.run("list.csv", "--check").document["still_to_pay"] == VOLUME
    batch.run("list.csv")
    assert len(batch.spent()) == before + 1


def test_a_new_name_keeps_order_and_folder(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    before = [row["folder"] for row in batch.report()["rows"] if "folder" in row]
    paid = batch.spent()
    tools.write_text(tools.read_text("utf-8").replace("Box 箱", "Kiste"), "utf-8")
    batch.run("list.csv")
    rows = batch.report()["rows"]
    assert rows[2]["name"] == "Kiste"
    assert [row["folder"] for row in rows if "folder" in row] == before
    assert batch.spent() == paid


def test_more_than_max_credits_is_refused(batch: Batch, tools: Path) -> None:
    paid = batch.spent()
    done = batch.run("list.csv", "--max-credits", str(VOLUME + CONVERT - 1))
    assert done.code == 4
    assert done.document["error"]["code"] == "over_max_credits"
    assert batch.spent() == paid


@pytest.mark.fault("A batch costs more than the balance", "Refused before anything is paid")
def test_more_than_the_balance_is_refused(sandboxes: Sandboxes, tmp_path: Path) -> None:
    batch = Batch(tmp_path, sandboxes.start(balance=25))
    write_model(tmp_path / "box.glb")
    write_csv(tmp_path / "list.csv", COLUMNS, *[("volume", "", "box.glb", "", "")] * 2)
    done = batch.run("list.csv")
    assert done.code == 4
    assert "balance is 25" in done.words
    assert batch.spent() == []


@pytest.mark.fault("A batch is started twice on one folder", "The second says who is at work")
def test_a_second_start_on_the_same_folder_is_refused(batch: Batch, tools: Path) -> None:
    with BatchFolder(batch.out).lock():
        done = batch.run("list.csv")
    assert done.code == 1
    assert done.document["error"]["code"] == "folder_busy"
    assert "process" in done.document["error"]["message"]


@pytest.mark.fault(
    "A file stands where the batch's folder should be", "Said before anything is paid"
)
def test_a_folder_that_cannot_be_made_is_said(batch: Batch, tools: Path) -> None:
    batch.out.write_text("a file where a folder should be")
    done = batch.run("list.csv")
    assert done.code == 1
    assert done.document["error"]["code"] == "folder_unusable"


@pytest.mark.fault("A batch in a Blender that is offline", "Said; nothing is asked or sent")
def test_offline_blender_is_a_clear_refusal(batch: Batch, tools: Path) -> None:
    batch.control("DELETE", "log")
    done = batch.run("list.csv", STUDIO3D_OFFLINE="command line")
    assert done.code == 6
    assert "offline mode" in done.words
    assert batch.control("GET", "log")["requests"] == []


def test_online_access_switched_off_does_not_bar_a_service_on_this_machine(
    batch: Batch, tools: Path
) -> None:
    assert batch.run("list.csv", STUDIO3D_OFFLINE="preference").code == 2
    assert batch.statuses() == ["finished", "bad", "finished"]


def test_pictures_of_a_folder_share_what_the_command_line_says(batch: Batch) -> None:
    pictures = batch.folder / "in 画"
    pictures.mkdir()
    for shade, name in enumerate(("eins", "zwei")):
        write_picture(pictures / f"{name}.png", 40 + 90 * shade)
    done = batch.run(str(pictures), "--operation", "remove-bg", "--tags", "cut")
    assert done.code == 0
    rows = batch.report()["rows"]
    assert [(row["name"], row["tags"]) for row in rows] == [("eins", ["cut"]), ("zwei", ["cut"])]
    assert all(row["preview"] == row["delivered"][0] for row in rows)
    assert (batch.out / "report.html").read_text("utf-8").count("data:image/png;base64,") == 2


def test_a_chain_passes_the_model_on(batch: Batch) -> None:
    write_model(batch.folder / "box.glb")
    write_csv(
        batch.folder / "list.csv",
        ("operation", "model_file", "post"),
        ("repair", "box.glb", "convert(output_format=stl)"),
    )
    assert batch.run("list.csv").code == 0
    (row,) = batch.report()["rows"]
    assert [order["operation"] for order in row["orders"]] == ["repair", "convert"]
    assert [Path(name).suffix for name in row["delivered"]] == [".stl"]
    assert row["spent_credits"] == row["estimated_credits"] == 60 + CONVERT


def test_a_model_in_an_archive_is_passed_on_with_its_textures(batch: Batch) -> None:
    write_csv(
        batch.folder / "list.csv",
        ("operation", "prompt", "post"),
        ("tencent-rapid", "a wooden chair", "convert(output_format=glb)"),
        ("tencent-rapid", "a wooden table", 'texture-edit(prompt="painted red")'),
    )
    assert batch.run("list.csv").code == 0
    converted, _ = batch.report()["rows"]
    (model,) = (batch.out / name for name in converted["delivered"])
    (mesh,) = trimesh.load_scene(model).geometry.values()
    assert max(mesh.visual.material.baseColorTexture.size) > 1
    assert sent_models(batch, "convert") == [".zip", ".zip"]


def test_a_step_that_may_not_take_an_archive_gets_the_model_in_it(batch: Batch) -> None:
    write_csv(
        batch.folder / "list.csv",
        ("operation", "prompt", "post"),
        ("tencent-rapid", "a wooden chair", "volume"),
    )
    assert batch.run("list.csv").code == 0
    assert sent_models(batch, "volume") == [".obj"]


def sent_models(batch: Batch, operation: str) -> list[str]:
    """The suffixes of the models that were sent to one operation."""
    jobs = Store(BatchFolder(batch.out).store).all(-1)
    sent = [str(job.values["model_file"]) for job in jobs if job.operation == operation]
    return [Path(path).suffix for path in sent]


def test_models_that_need_an_address_are_sent_ahead_once(batch: Batch) -> None:
    write_model(batch.folder / "box.glb")
    write_csv(
        batch.folder / "list.csv",
        ("operation", "name", "file_url", "face_level"),
        ("topology", "few", "box.glb", "low"),
        ("topology", "more", "box.glb", "medium"),
    )
    checked = batch.run("list.csv", "--check")
    assert "1 model first goes through Convert" in checked.words
    paid = len(batch.spent())
    # What failed on the way there is told as that step's failure, by both rows, and made good.
    batch.control("POST", "faults", {"name": "task-failed", "times": 1})
    assert batch.run("list.csv").code == 5
    rows = batch.report()["rows"]
    assert [row["error"]["message"].startswith("Convert: ") for row in rows] == [True, True]
    assert len(batch.spent()) == paid
    assert batch.run("list.csv", "--retry-failed").code == 0
    document = batch.report()
    assert len(batch.spent()) == paid + 3
    assert document["totals"]["spent_credits"] == checked.document["estimated_credits"]
    assert [row["settings"]["file_url"] for row in document["rows"]] == ["box.glb"] * 2
    assert [[order["operation"] for order in row["orders"]] for row in document["rows"]] == [
        ["convert", "topology"]
    ] * 2
    orders = [json.loads(path.read_text("utf-8")) for path in batch.out.rglob("order.json")]
    assert {order["job"]["values"]["file_url"] for order in orders} == {
        str(batch.folder / "box.glb")
    }


@pytest.mark.fault(
    "The service fails at one row of a batch", "The others are made; paid again only when asked to"
)
def test_a_failed_row_decides_the_exit_code_and_is_ordered_again_when_asked(
    batch: Batch,
) -> None:
    write_model(batch.folder / "box.glb")
    write_csv(
        batch.folder / "list.csv",
        COLUMNS,
        *[("volume", name, "box.glb", "", "") for name in ("one", "two")],
    )
    batch.control("POST", "faults", {"name": "task-failed", "times": 1})
    paid = len(batch.spent())
    assert batch.run("list.csv").code == 5
    assert sorted(batch.statuses()) == ["failed", "finished"]
    assert next_steps(batch) == ["--retry-failed"]
    assert len(batch.spent()) == paid + 1
    assert batch.run("list.csv").code == 5
    assert len(batch.spent()) == paid + 1
    assert batch.run("list.csv", "--retry-failed").code == 0
    assert batch.statuses() == ["finished", "finished"]
    assert len(batch.spent()) == paid + 2


def next_steps(batch: Batch) -> list[str]:
    """The options the report names to try again."""
    errors = [row["error"]["next_step"] for row in batch.report()["rows"] if row["error"]]
    return [word for said in errors for word in re.findall(r"--[a-z]+-[a-z]+", said)]


@pytest.mark.fault("The answer to one row's order is lost", "Sent again only when asked to")
def test_an_order_without_an_answer_is_sent_again_only_when_asked(batch: Batch) -> None:
    write_model(batch.folder / "box.glb")
    write_csv(batch.folder / "list.csv", COLUMNS, ("volume", "one", "box.glb", "", ""))
    batch.control("POST", "faults", {"name": "submit-lost", "times": 1})
    paid = len(batch.spent())
    assert batch.run("list.csv").code == 6
    assert next_steps(batch) == ["--send-unknown"]
    assert batch.run("list.csv").code == 6
    assert len(batch.spent()) == paid + 1
    assert batch.run("list.csv", "--send-unknown").code == 0
    assert len(batch.spent()) == paid + 2


@pytest.mark.parametrize("skip", [0, 3])
@pytest.mark.parametrize(
    ("fault", "code", "most"),
    [
        pytest.param(
            "submit-402",
            4,
            1,
            marks=pytest.mark.fault(
                "402 in the middle of a batch",
                "The next ones are not ordered, the exit code says why; what is held back is told",
            ),
        ),
        pytest.param(
            "submit-401",
            3,
            1,
            marks=pytest.mark.fault(
                "401 in the middle of a batch",
                "The next ones are not ordered, the exit code says why; what is held back is told",
            ),
        ),
        pytest.param(
            "submit-500",
            6,
            3,
            marks=pytest.mark.fault(
                "500 in the middle of a batch",
                "The next ones are not ordered, the exit code says why; what is held back is told",
            ),
        ),
    ],
)
def test_nothing_more_is_ordered_where_all_would_fail_alike(
    batch: Batch, fault: str, code: int, most: int, skip: int
) -> None:
    """Later in a batch those have gone out already that were under way at the same time."""
    write_model(batch.folder / "box.glb")
    names = [f"n{number}" for number in range(24)]
    rows = [("volume", name, "box.glb", "", "") for name in names]
    write_csv(batch.folder / "list.csv", COLUMNS, *rows)
    batch.control("POST", "faults", {"name": fault, "skip": skip, "times": None})
    batch.control("DELETE", "log")
    assert batch.run("list.csv").code == code
    requests = batch.control("GET", "log")["requests"]
    posts = sum(entry["method"] == "POST" for entry in requests)
    assert posts <= skip + most + (2 * NETWORK_THREADS if skip else 0)
    report = batch.report()["rows"]
    found = [row["status"] for row in report]
    assert (found.count("finished"), found.count("failed")) == (skip, posts - skip)
    held = [row["error"]["code"] for row in report if row["status"] == "waiting"]
    assert len(held) == len(names) - posts
    assert set(held) == {row["error"]["code"] for row in report if row["status"] == "failed"}


@pytest.mark.fault(
    "Credits run out in a batch, and are bought",
    "The next run orders what was held back; each row is paid once",
)
def test_what_was_held_back_is_ordered_by_the_next_run(batch: Batch) -> None:
    write_model(batch.folder / "box.glb")
    rows = [("volume", name, "box.glb", "", "") for name in ("one", "two", "three")]
    write_csv(batch.folder / "list.csv", COLUMNS, *rows)
    batch.control("POST", "faults", {"name": "submit-402", "times": 1})
    paid = len(batch.spent())
    done = batch.run("list.csv")
    assert done.code == 4
    assert sorted(batch.statuses()) == ["failed", "waiting", "waiting"]
    assert batch.run("list.csv").code == 0
    assert batch.statuses() == ["finished"] * 3
    assert len(batch.spent()) == paid + 3


def test_events_tell_every_stage_as_lines(batch: Batch, tools: Path) -> None:
    done = batch.run("list.csv", "--json")
    assert {event["event"] for event in done.documents} == {"row", "summary"}
    stages = [e["stage"] for e in done.documents if e["event"] == "row" and e["row"] == 1]
    assert stages[-1] == "finished"
    assert done.documents[-1]["finished"] == 2


@pytest.mark.fault(
    "A batch in a home that cannot be written to", "It runs, and says what it does without"
)
def test_without_a_home_to_write_to_the_batch_runs_all_the_same(batch: Batch, tools: Path) -> None:
    blocked = batch.folder / "home"
    blocked.write_text("a file where a folder should be")
    done = batch.run("list.csv")
    assert "not shared" in done.words
    assert batch.statuses() == ["finished", "bad", "finished"]


@pytest.mark.attack("A batch's folder is searched for the key", "It is not there")
def test_the_key_is_nowhere_in_the_folder(batch: Batch, tools: Path) -> None:
    batch.run("list.csv")
    holding = [
        path
        for path in batch.out.rglob("*")
        if path.is_file() and batch.sandbox.key.encode() in path.read_bytes()
    ]
    assert holding == []


@pytest.mark.posix("its consoles show nothing to the program that opened them")
def test_a_terminal_gets_a_live_table(batch: Batch, tools: Path) -> None:
    import pty  # late: Windows has none
    import termios

    screen, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (12, 100))
    with os.fdopen(terminal, "w") as stderr:
        environment = Environment(
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=stderr,
            environ={**batch.environ, "TERM": "xterm"},
            cwd=batch.folder,
            prog="test",
        )
        reader = threading.Thread(target=read_all, args=(screen, shown := bytearray()))
        reader.start()
        assert main(batch.arguments("list.csv"), environment) == 2
    reader.join(seconds(10))
    os.close(screen)
    text = shown.decode("utf-8")
    assert text.count("\x1b[1A") >= 2  # drawn again in place: up over the rows to the title
    assert "2 of 2 done" in text
    assert "Wie <viel>?" in text
    assert "finished" in text


def read_all(screen: int, into: bytearray) -> None:
    """Read a terminal until it is closed, which Linux tells as an error."""
    with contextlib.suppress(OSError):
        while chunk := os.read(screen, 65536):
            into += chunk


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        pytest.param(
            "submit-403",
            "--retry-failed",
            marks=pytest.mark.fault(
                "403 to one order of a batch",
                "Said with its row; the next run makes it when asked to; each row is paid once",
            ),
        ),
        pytest.param(
            "submit-404",
            "--retry-failed",
            marks=pytest.mark.fault(
                "404 to one order of a batch",
                "Said with its row; the next run makes it when asked to; each row is paid once",
            ),
        ),
        pytest.param(
            "submit-413",
            "--retry-failed",
            marks=pytest.mark.fault(
                "413 to one order of a batch",
                "Said with its row; the next run makes it when asked to; each row is paid once",
            ),
        ),
        pytest.param(
            "submit-502",
            "--send-unknown",
            marks=pytest.mark.fault(
                "502 to one order of a batch",
                "Called unknown; sent again only when asked to; each row is paid once",
            ),
        ),
        pytest.param(
            "submit-503",
            "--send-unknown",
            marks=pytest.mark.fault(
                "503 to one order of a batch",
                "Called unknown; sent again only when asked to; each row is paid once",
            ),
        ),
        pytest.param(
            "submit-not-json",
            "--send-unknown",
            marks=pytest.mark.fault(
                "A page in place of one receipt of a batch",
                "Called unknown; sent again only when asked to; each row is paid once",
            ),
        ),
    ],
)
def test_trouble_with_one_order(batch: Batch, fault: str, again: str) -> None:
    write_model(batch.folder / "box.glb")
    rows = [("volume", name, "box.glb", "", "") for name in ("one", "two", "three")]
    write_csv(batch.folder / "list.csv", COLUMNS, *rows)
    batch.control("POST", "faults", {"name": fault, "skip": 1, "times": 1})
    paid = len(batch.spent())
    assert batch.run("list.csv").code != 0
    assert "failed" in batch.statuses()
    (error,) = [row["error"] for row in batch.report()["rows"] if row["status"] == "failed"]
    assert error["message"]
    assert error["next_step"]
    assert batch.run("list.csv", again).code == 0
    assert batch.statuses() == ["finished"] * 3
    assert len(batch.spent()) == paid + 3
