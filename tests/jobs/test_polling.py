import io
import json
from itertools import pairwise

import pytest
from PIL import Image

from addon.cli.listed import told_failure
from addon.jobs.actions import cancel, retry
from addon.jobs.job import Job
from addon.jobs.states import State
from addon.jobs.trying_again import once
from tests.jobs.world import EPOCH, IN_PROGRESS, PENDING, World, glb, status_path
from tests.service.scripted_server import Answer, json_answer

NOT_FOUND = json_answer({"detail": "No PublicAPIGenerationRequest matches the given query."}, 404)
NO_FILE = (None, "ARCHIVE")


def sent(world: World, *answers: Answer) -> Job:
    """A job the service has taken, with these status answers to come."""
    world.status(*answers)
    return world.until(world.add(), State.PENDING)


def test_progress_is_followed(world: World) -> None:
    job = sent(world, PENDING, IN_PROGRESS)
    assert world.until(job, State.RUNNING).progress == 40


def test_looks_grow_further_apart_and_stay_so(world: World) -> None:
    times: list[float] = []

    def note(_: object) -> Answer:
        times.append(world.clock.time)
        return IN_PROGRESS

    world.server.on("GET", status_path(), note)
    world.add()
    world.run(300)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert times[0] == EPOCH + 5.0
    assert gaps == sorted(gaps)
    assert gaps[0] == pytest.approx(5.0)
    assert 15.0 <= gaps[-1] <= 20.0


@pytest.mark.fault(
    "The service could not do what was ordered", "Its reason is told, and that credits are refunded"
)
def test_a_failed_task_is_refunded(world: World) -> None:
    job = sent(
        world, json_answer({"status": "FAILED", "failure_reason": "No object found", "results": []})
    )
    failed = world.until(job, State.FAILED)
    assert failed.failure is not None
    assert "No object found" in failed.failure.message
    assert failed.failure.credits == "The service refunds the credits."


@pytest.mark.fault("A finished task has no files yet", "They are waited for")
def test_a_finished_task_without_files_is_waited_for(world: World) -> None:
    lag = world.finished(NO_FILE)
    world.serve("a.glb", glb())
    job = sent(world, lag, lag, lag, lag, world.finished(("a.glb", "3D_MODEL")))
    ready = world.until(job, State.READY, within=90)
    assert [file.path.name for file in ready.files] == ["t-1-tencent-rapid.glb"]


@pytest.mark.fault(
    "A finished task has no file for two minutes", "Said; a look later finds it; paid once"
)
@pytest.mark.parametrize("results", [[NO_FILE], []])
def test_after_two_minutes_without_a_file_it_is_given_up_until_the_user_looks_again(
    world: World, results: list[tuple[str | None, str]]
) -> None:
    job = sent(world, world.finished(*results))
    world.run(5)
    finished_at = world.store.get(job.id).finished_at
    assert finished_at is not None
    failed = world.until(job, State.FAILED, within=140)
    assert world.clock.time - finished_at >= 120
    assert failed.failure is not None
    assert failed.failure.code == "result_missing"
    world.serve("a.glb", glb())
    world.status(world.finished(("a.glb", "3D_MODEL")))
    retry(world.store, world.store.get(job.id))
    assert world.until(job, State.READY).task_id == "t-1"
    assert world.server.count("POST") == 1


@pytest.mark.fault("A finished task has a reason in place of a file", "A failure with that reason")
def test_a_reason_without_a_file_is_a_failure(world: World) -> None:
    job = sent(world, world.finished(NO_FILE, reason="Storage refused it"))
    failed = world.until(job, State.FAILED, within=20)
    assert failed.failure is not None
    assert "Storage refused it" in failed.failure.message


@pytest.mark.fault("One of several files never comes", "The others are taken")
def test_what_is_there_is_taken_after_a_while(world: World) -> None:
    world.serve("a.glb", glb())
    job = sent(world, world.finished(NO_FILE, ("a.glb", "3D_MODEL")))
    world.run(25)
    assert world.store.get(job.id).state is State.PENDING
    ready = world.until(job, State.READY, within=40)
    assert [(file.index, file.asset_type) for file in ready.files] == [(1, "3D_MODEL")]


def test_a_picture_that_is_there_first_is_shown_first(world: World) -> None:
    """Whether it is listed while the work goes on, or before the files of what has ended."""
    stream = io.BytesIO()
    Image.new("RGB", (128, 128)).save(stream, "PNG")
    shown = stream.getvalue()
    world.serve("styled.png", shown)
    world.serve("a.glb", glb())
    picture, model = ("styled.png", "EDITED_IMAGE"), ("a.glb", "3D_MODEL")
    world.server.on("POST", "/v1/flow/miniature/", json_answer({"task_id": "t-1"}, 201))
    world.status(
        world.finished(picture, status="IN_PROGRESS"),
        world.finished((None, "3D_MODEL"), picture),
        world.finished(model, picture),
    )
    photo = world.folder / "me.png"
    photo.write_bytes(shown)
    job = world.add("miniature", image=str(photo), preset="v4_miniature_general")
    running = world.until(job, State.RUNNING)
    (early,) = running.files
    assert (early.asset_type, early.path.read_bytes()) == ("EDITED_IMAGE", shown)
    ready = world.until(job, State.READY, within=600)
    assert sorted((file.index, file.asset_type) for file in ready.files) == [
        (0, "3D_MODEL"),
        (1, "EDITED_IMAGE"),
    ]
    assert all(file.path.is_file() for file in ready.files)


@pytest.mark.fault("A picture that is listed early cannot be had", "The job goes on to its result")
def test_a_picture_that_cannot_be_had_early_is_had_later(world: World) -> None:
    world.serve("a.glb", glb())
    job = sent(
        world,
        world.finished(("gone.png", "EDITED_IMAGE"), (None, "3D_MODEL"), status="IN_PROGRESS"),
        world.finished(("a.glb", "3D_MODEL")),
    )
    ready = world.until(job, State.READY, within=600)
    assert [file.asset_type for file in ready.files] == ["3D_MODEL"]


@pytest.mark.fault(
    "The connection breaks in the middle of a picture that is fetched early",
    "It is fetched with the rest; nothing half of it stays in the folder",
)
def test_a_picture_that_broke_off_early_leaves_nothing_behind(world: World) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (128, 128)).save(stream, "PNG")
    whole = stream.getvalue()
    world.serve("a.png", Answer(200, whole[:50], length=len(whole)), whole)
    world.server.on(
        "POST", "/v1/images/gemini/2.5/flash/generate/", json_answer({"task_id": "t-1"}, 201)
    )
    world.status(world.finished(("a.png", "IMAGE")))
    ready = world.until(world.add("image-gemini25flash"), State.READY, within=600)
    (file,) = ready.files
    assert file.path.read_bytes() == whole
    assert list(ready.folder.iterdir()) == [file.path]


def test_figures_alone_are_a_result_where_the_catalogue_says_so(world: World) -> None:
    world.server.on("POST", "/v1/tools/calculate-volume/", json_answer({"task_id": "t-1"}))
    figures = {"volume_cm3": 12.5, "heights": [5, 10]}
    world.status(
        json_answer(
            {
                "status": "FINISHED",
                "progress": 100,
                "results": [{"asset": None, "asset_type": "METADATA", "metadata": figures}],
            }
        )
    )
    job = world.add(
        "volume",
        model_url="https://example.org/a.glb",
        target_heights=["5", "10"],
        prepared=True,
    )
    (file,) = world.until(job, State.READY).files
    assert file.metadata == figures
    assert json.loads(file.path.read_text()) == figures


@pytest.mark.fault(
    "The service does not know a task yet, or not any more",
    "Waited for at first; said to have expired later",
)
def test_a_task_not_known_yet_and_one_not_known_any_more(world: World) -> None:
    job = sent(world, NOT_FOUND, NOT_FOUND, PENDING)
    world.run(30)
    assert world.store.get(job.id).state is State.PENDING
    assert world.store.get(job.id).failure is None
    world.status(NOT_FOUND)
    world.clock.time += 120
    expired = world.until(job, State.EXPIRED)
    assert expired.failure is not None
    assert "24 hours" in expired.failure.hint


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            json_answer({"error": "x", "error_code": "API_KEY_EXPIRED"}, 401),
            marks=pytest.mark.fault(
                "The key expires while a job runs",
                "The job waits, asks seldom, and goes on when it is over",
            ),
        ),
        pytest.param(
            json_answer({"detail": "x"}, 403),
            marks=pytest.mark.fault(
                "403 on every question", "The job waits, asks seldom, and goes on when it is over"
            ),
        ),
        pytest.param(
            json_answer({"detail": "x"}, 429),
            marks=pytest.mark.fault(
                "429 on every question, without Retry-After",
                "The job waits, asks seldom, and goes on when it is over",
            ),
        ),
        pytest.param(
            Answer(502, b"<html>"),
            marks=pytest.mark.fault(
                "A gateway's page in place of every answer",
                "The job waits, asks seldom, and goes on when it is over",
            ),
        ),
        pytest.param(
            Answer(drop=True),
            marks=pytest.mark.fault(
                "Every connection breaks while a task is watched",
                "The job waits, asks seldom, and goes on when it is over",
            ),
        ),
        pytest.param(
            Answer(200, b"not json"),
            marks=pytest.mark.fault(
                "Garbage in place of every answer",
                "The job waits, asks seldom, and goes on when it is over",
            ),
        ),
        pytest.param(
            json_answer({"status": "SOMETHING_NEW"}),
            marks=pytest.mark.fault(
                "A status that nobody knows",
                "The job waits, asks seldom, and goes on when it is over",
            ),
        ),
    ],
)
def test_trouble_while_watching_is_waited_out(world: World, answer: Answer) -> None:
    job = sent(world, answer)
    world.run(1800)
    waiting = world.store.get(job.id)
    assert waiting.state is State.PENDING
    assert world.server.count("GET", status_path()) < 1800 / 20
    if waiting.failure is not None:
        assert waiting.failure.message
        assert "goes on" in waiting.failure.credits
    world.status(IN_PROGRESS)
    assert world.until(job, State.RUNNING, within=700).failure is None


@pytest.mark.fault(
    "The service cannot be reached while a job is under way, and later",
    "It is said to be tried again by itself only as long as it is",
)
def test_another_try_is_promised_only_where_there_will_be_one(world: World) -> None:
    world.status(PENDING, Answer(503, b"busy"))
    job = world.until(world.add(), State.PENDING)
    world.run(30)
    waiting = world.store.get(job.id).failure
    assert waiting is not None
    assert waiting.hint == "The trouble is on the service's side. It is tried again by itself."
    assert once(waiting).hint == "The trouble is on the service's side."
    told = told_failure(world.store.get(job.id))
    assert told is not None
    assert "by itself" not in told.hint
    assert "resume" in told.hint


@pytest.mark.fault("The key is refused for longer than results are kept", "Said to have expired")
def test_trouble_that_outlasts_the_result_is_final(world: World) -> None:
    job = sent(world, json_answer({"error_code": "INVALID_API_KEY"}, 401))
    world.clock.time += 26 * 3600
    world.until(job, State.EXPIRED)


@pytest.mark.fault(
    "A job is given up while the service works on it", "A look later fetches the result; paid once"
)
def test_the_user_may_stop_watching_and_look_again(world: World) -> None:
    job = sent(world, PENDING)
    cancel(world.store, job)
    world.run(600)
    assert world.store.get(job.id).state is State.ABANDONED
    world.serve("a.glb", glb())
    world.status(world.finished(("a.glb", "3D_MODEL")))
    retry(world.store, world.store.get(job.id))
    world.until(job, State.READY)
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "The result of an operation this version does not know",
    "Its figures are taken, its files waited for",
)
@pytest.mark.parametrize(("kind", "state"), [("METADATA", "READY"), ("3D_MODEL", "RUNNING")])
def test_figures_of_an_unknown_operation_are_told_from_files_that_are_late(
    world: World, kind: str, state: str
) -> None:
    metadata = {"thumbnail": "https://example.org/a.png"}
    asset = {"asset": None, "asset_type": kind, "metadata": metadata}
    world.status(IN_PROGRESS, json_answer({"status": "FINISHED", "results": [asset]}))
    job = world.store.add_task(
        "t-1",
        operation="newer",
        service_address=world.server.address,
        folder=world.folder,
        submitted_at=EPOCH,
    )
    world.run(60)
    assert world.store.get(job.id).state is State(state)
