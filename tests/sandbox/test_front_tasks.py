"""The life of a task: inputs, phases, results, credits, restarts."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from scripts.sandbox.tasks import Task, phase
from tests.sandbox.front import (
    CONVERT,
    OTHER_KEY,
    PRO,
    RAPID,
    REMOVE_BG,
    TRELLIS,
    TRIPO_TEXT,
    VOLUME,
    Front,
    data_uri,
    picture,
    running,
)

_MULTIVIEW = "/v1/3d-models/tripo/multiview-to-3d/"
_SEEDREAM_EDIT = "/v1/images/seedream/v5/lite/edit/"


def make_task(**more: object) -> Task:
    """A task of ten seconds from 1000 on, whose engine needs three."""
    values = {
        "id": "t",
        "account": "a",
        "path": RAPID,
        "kind": "rapid",
        "parameters": {},
        "files": {},
        "remotes": {},
        "price": 35,
        "shows_progress": True,
        "created_at": 998.0,
        "starts_at": 1000.0,
        "ends_at": 1010.0,
        "asset_lag": 4.0,
        "engine_ended_at": 1003.0,
    }
    return Task.model_validate(values | more)


@pytest.mark.parametrize(
    ("now", "status", "progress", "ready"),
    [
        (999, "PENDING", 0, False),
        (1005, "IN_PROGRESS", 50, False),
        (1010, "FINISHED", 100, False),
        (1014, "FINISHED", 100, True),
    ],
)
def test_phases(now: float, status: str, progress: int, ready: bool) -> None:
    current = phase(make_task(), now)
    assert (current.status, current.progress, current.assets_ready) == (status, progress, ready)


def test_nothing_finishes_before_its_engine() -> None:
    running_on = phase(make_task(engine_ended_at=None), 2000)
    assert (running_on.status, running_on.progress) == ("IN_PROGRESS", 99)
    late = make_task(engine_ended_at=1500.0)
    assert phase(late, 1499).status == "IN_PROGRESS"
    assert phase(late, 1500).status == "FINISHED"


def test_a_failure_shows_before_the_usual_time() -> None:
    assert phase(make_task(failure_reason="no"), 1004).status == "FAILED"


def test_tripo_tells_no_progress() -> None:
    assert phase(make_task(shows_progress=False), 1009).progress == 0


def test_submit_answers_an_id_and_a_time(front: Front) -> None:
    answer = front.post(RAPID, {"prompt": "a chair"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"task_id", "created_at"}
    assert UUID(answer.json()["task_id"]).version == 4
    assert datetime.fromisoformat(answer.json()["created_at"]).tzinfo is not None


def test_results_keep_their_order_and_say_that_a_sandbox_made_them(front: Front) -> None:
    status = front.wait(front.submit(PRO, {"model": "3.1", "prompt": "a chair"}))
    assert [entry["asset_type"] for entry in status["results"]] == ["ARCHIVE", "3D_MODEL"]
    assert status["results"][0]["metadata"] == {"sandbox": "packed its input"}
    assert status["results"][1]["metadata"]["sandbox"]
    assert (status["progress"], status["failure_reason"]) == (100, None)


def test_the_engine_gets_every_default(front: Front) -> None:
    assert front.parameters(front.submit(RAPID, {"prompt": "a chair"})) == {
        "prompt": "a chair",
        "enable_pbr": False,
        "enable_geometry": False,
    }
    tripo = front.parameters(front.submit(TRIPO_TEXT, {"prompt": "a chair"}))
    assert (tripo["version"], tripo["texture"], tripo["face_limit"]) == ("3.1", True, None)


def test_pictures_reach_the_engine_as_files(front: Front) -> None:
    task = front.submit(RAPID, {"image": data_uri("JPEG", "image/jpeg")})
    with front.packed(task) as packed:
        assert packed.read("image/image.jpg") == picture("JPEG")


def test_views_reach_the_engine_by_name(front: Front) -> None:
    views = [{"view_type": view, "view_image": data_uri()} for view in ("front", "back")]
    with front.packed(front.submit(PRO, {"model": "3.0", "multi_view_images": views})) as packed:
        assert {"front/front.png", "back/back.png"} < set(packed.namelist())
    images = {"images": [{"image": data_uri()}, {"image": data_uri()}, {"image": data_uri()}]}
    with front.packed(front.submit(_MULTIVIEW, images)) as packed:
        names = {"front/front.png", "left/left.png", "back/back.png"}
        assert names < set(packed.namelist())


def test_an_uploaded_model_reaches_the_engine(front: Front) -> None:
    task = front.submit(
        CONVERT,
        data={"output_format": "stl", "max_size": "2.5"},
        files={"model_file": ("Chair 1.GLB", b"glTF model")},
    )
    with front.packed(task) as packed:
        assert packed.read("model/model.glb") == b"glTF model"
    assert front.parameters(task) == {"output_format": "stl", "max_size": 2.5, "unit": "cm"}


def test_a_result_can_be_the_next_input(front: Front) -> None:
    model = front.asset(front.submit())
    task = front.submit(CONVERT, {"model_url": model, "output_format": "obj"})
    with front.packed(task) as packed:
        assert packed.read("model/model.glb").startswith(b"glTF")


def test_addresses_and_data_uris_may_be_mixed(front: Front) -> None:
    task = front.submit(_SEEDREAM_EDIT, {"prompt": "x", "image_urls": [data_uri(), data_uri()]})
    with front.packed(task) as packed:
        assert {"image_1/image_1.png", "image_2/image_2.png"} < set(packed.namelist())


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.com/a.glb", "only local addresses"),
        ("http://127.0.0.1:1/a.glb", "no connection"),
        ("http://127.0.0.1:1/a.exe", "file format"),
    ],
)
def test_an_address_that_gives_nothing_fails_the_task(
    front: Front, address: str, reason: str
) -> None:
    before = front.balance()
    status = front.wait(front.submit(CONVERT, {"model_url": address, "output_format": "obj"}))
    assert status["status"] == "FAILED"
    assert reason in status["failure_reason"]
    assert front.balance() == before


def test_a_refused_link_is_named_without_its_signature(front: Front) -> None:
    broken = front.asset(front.submit()).replace("Signature=", "Signature=0")
    status = front.wait(front.submit(CONVERT, {"model_url": broken, "output_format": "obj"}))
    assert "FORBIDDEN" in status["failure_reason"].upper()
    assert "X-Amz" not in status["failure_reason"]


def test_a_fetched_picture_has_to_be_one(front: Front) -> None:
    archive = front.wait(front.submit())["results"][0]["asset"]
    status = front.wait(front.submit(TRELLIS, {"image_url": archive}))
    assert "file format" in status["failure_reason"]


@pytest.mark.parametrize(
    ("name", "content"), [("a.png", b"no picture"), ("a.txt", picture()), ("a.png", b"")]
)
def test_an_uploaded_picture_has_to_be_one(front: Front, name: str, content: bytes) -> None:
    answer = front.post(REMOVE_BG, files={"image_file": (name, content)})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_FAILED")


def test_figures_come_without_a_file(front: Front) -> None:
    task = front.submit(VOLUME, files={"model_file": ("a.stl", b"solid")})
    (result,) = front.wait(task)["results"]
    assert result["asset"] is None
    assert result["metadata"]["volume"] == 1.5


def test_the_price_is_taken_at_submission_and_kept(front: Front) -> None:
    front.control("POST", "balance", {"balance": 100})
    task = front.submit(RAPID, {"prompt": "x", "enable_pbr": True})
    assert front.balance() == "45.00"
    front.wait(task)
    assert front.balance() == "45.00"
    assert [
        (entry["kind"], entry["amount"])
        for entry in front.log()["transactions"]
        if entry["task"] == task
    ] == [("spent", -55)]


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("refuse", "the engine refuses"),
        ("crash", "internal error"),
        ("die", "internal error"),
        ("nothing", "internal error"),
        ("no file", "internal error"),
    ],
)
def test_failures_are_refunded(front: Front, prompt: str, reason: str) -> None:
    before = front.balance()
    task = front.submit(RAPID, {"prompt": prompt})
    status = front.wait(task)
    assert (status["status"], status["failure_reason"]) == ("FAILED", reason)
    assert status["results"] == []
    assert front.balance() == before
    amounts = [e["amount"] for e in front.log()["transactions"] if e["task"] == task]
    assert amounts == [-35, 35]


def test_too_few_credits_are_a_402(front: Front) -> None:
    front.control("POST", "balance", {"balance": 34})
    answer = front.post(RAPID, {"prompt": "x"})
    assert (answer.status_code, answer.json()["error_code"]) == (402, "INSUFFICIENT_CREDITS")
    assert front.balance() == "34.00"


def test_assets_come_some_time_after_the_end(front: Front) -> None:
    front.behave(time_scale=1, asset_lag=30)
    task = front.submit()
    assert front.status(task)["status"] == "PENDING"
    # Once the engine has ended, only the clock holds this task back.
    front.behave(time_scale=0, asset_lag=0)
    front.wait(front.submit())
    while (current := front.status(task))["status"] != "FINISHED":
        front.control("POST", "clock", {"seconds": 10})
    assert {"asset": None, "asset_type": "ARCHIVE", "metadata": None} in current["results"]
    front.control("POST", "clock", {"seconds": 30})
    assert all(entry["asset"] for entry in front.status(task)["results"])


def test_the_key_of_the_address_can_be_the_old_one(front: Front) -> None:
    front.behave(asset_key="asset_url")
    (first, _) = front.wait(front.submit())["results"]
    assert set(first) == {"asset_url", "asset_type", "metadata"}


def test_a_task_is_private_and_forgotten_after_a_day(front: Front) -> None:
    task = front.submit()
    front.wait(task)
    path = f"/v1/generation-request/{task}/status/"
    assert front.get(path, key=OTHER_KEY).status_code == 403
    front.control("POST", "clock", {"seconds": 24 * 3600 + 1})
    answer = front.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "No PublicAPIGenerationRequest matches the given query."}
    assert front.get("/v1/generation-request/none/status/").json() == answer.json()


def test_tasks_and_wallet_outlive_the_process(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        done = first.submit()
        first.wait(done)
        first.arm("task-stuck")
        stuck = first.submit()
        first.submit(CONVERT, {"model_url": "http://127.0.0.1:1/a.glb", "output_format": "obj"})
    with running(tmp_path) as second:
        with second.packed(done) as packed:
            assert "parameters.json" in packed.namelist()
        assert second.status(stuck)["status"] == "IN_PROGRESS"
        assert second.balance() == "9930.00"


def test_work_cut_off_by_the_end_is_done_again(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        cut_off = [first.submit(RAPID, {"image": data_uri()}) for _ in range(4)]
    with running(tmp_path) as second:
        for task in cut_off:
            with second.packed(task) as packed:
                assert "image/image.png" in packed.namelist()
        amounts = [entry["amount"] for entry in second.log()["transactions"]]
        assert amounts == [-35] * 4
