import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from addon.jobs.actions import cancel, retry, retry_state
from addon.jobs.charges import ChargeStatus, charge_of
from addon.jobs.file_locks import files_of
from addon.jobs.job import Job
from addon.jobs.states import State
from addon.service.errors import Charged
from tests.jobs.world import World, glb, obj_zip, status_path
from tests.service.scripted_server import Answer, Asked


def downloading(world: World, *results: tuple[str | None, str], prepared: bool = False) -> Job:
    """A job whose task has finished with these results."""
    world.status(world.finished(*results))
    return world.until(world.add(prepared=prepared), State.DOWNLOADING)


def test_what_comes_in_is_said_to_the_preparer(world: World) -> None:
    world.serve("m.glb", glb())
    job = downloading(world, ("m.glb", "3D_MODEL"), prepared=True)
    assert world.preparer.expected == []
    world.until(job, State.PREPARING)
    assert set(world.preparer.expected) == {job.id}
    other = downloading(world, ("m.glb", "3D_MODEL"))
    world.until(other, State.READY)
    assert other.id not in world.preparer.expected


def names(job: Job) -> list[str]:
    return [file.path.name for file in job.files]


def test_several_results_have_names_of_their_own(world: World) -> None:
    for name in ("m.glb", "s.glb", "1.png", "2.png", "obj.zip"):
        picture = b"\x89PNG\r\n\x1a\n" + name.encode()
        data = {"m.glb": glb(), "s.glb": glb(500), "obj.zip": obj_zip()}.get(name, picture)
        world.serve(name, data)
    job = downloading(
        world,
        ("1.png", "EDITED_IMAGE"),
        ("2.png", "EDITED_IMAGE"),
        ("m.glb", "3D_MODEL"),
        ("s.glb", "SCALED_3D_MODEL"),
        ("obj.zip", "ARCHIVE"),
    )
    ready = world.until(job, State.READY)
    assert names(ready) == [
        "t-1-tencent-rapid-edited-image-1.png",
        "t-1-tencent-rapid-edited-image-2.png",
        "t-1-tencent-rapid-3d-model.glb",
        "t-1-tencent-rapid-scaled-3d-model.glb",
        "t-1-tencent-rapid-archive.zip",
    ]
    assert ready.files[4].contents == ()
    assert sorted(p.name for p in ready.folder.iterdir()) == sorted(names(ready))


def test_no_key_goes_to_the_storage(world: World) -> None:
    world.serve("m.glb", glb())
    world.until(downloading(world, ("m.glb", "3D_MODEL")), State.READY)
    (fetched,) = [asked for asked in world.server.asked if asked.path == "/m.glb"]
    assert "Authorization" not in fetched.headers


def test_an_archive_is_unpacked_and_its_model_prepared(world: World) -> None:
    world.serve("m.zip", obj_zip())
    ready = world.until(downloading(world, ("m.zip", "ARCHIVE"), prepared=True), State.READY)
    (file,) = ready.files
    assert [path.name for path in file.contents] == ["model.obj", "model.mtl", "texture.png"]
    assert all(path.parent == ready.folder / "t-1-tencent-rapid" for path in file.contents)
    assert world.preparer.seen == [["model.obj"]]
    assert ready.prepared is not None
    assert ready.prepared.path == ready.folder / "t-1-tencent-rapid.blend"


@pytest.mark.attack(
    "A link out of the folder, beside the model of an archive",
    "Left out and said; the model comes in",
)
def test_a_link_in_an_archive_is_left_out_and_said(world: World) -> None:
    made = io.BytesIO(obj_zip())
    with zipfile.ZipFile(made, "a") as archive:
        link = zipfile.ZipInfo("extra.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "../../key")
    world.serve("m.zip", made.getvalue())
    ready = world.until(downloading(world, ("m.zip", "ARCHIVE"), prepared=True), State.READY)
    (file,) = ready.files
    assert [path.name for path in file.contents] == ["model.obj", "model.mtl", "texture.png"]
    assert file.left_out == ("extra.png in the archive is not a plain file and was left out.",)
    assert world.preparer.seen == [["model.obj"]]


def test_the_wanted_model_is_prepared(world: World) -> None:
    world.serve("m.zip", obj_zip())
    world.serve("m.glb", glb())
    job = downloading(world, ("m.zip", "ARCHIVE"), ("m.glb", "3D_MODEL"), prepared=True)
    world.until(job, State.READY)
    assert world.preparer.seen == [["t-1-tencent-rapid-3d-model.glb"]]


def test_pictures_are_not_prepared(world: World) -> None:
    world.serve("a.png", b"\x89PNG\r\n\x1a\n....")
    ready = world.until(downloading(world, ("a.png", "IMAGE"), prepared=True), State.READY)
    assert ready.prepared is None
    assert world.preparer.seen == []


@pytest.mark.fault("A result's link has expired", "Another one is asked for at once")
def test_an_expired_link_is_renewed_once_at_once(world: World) -> None:
    world.serve("m.glb", Answer(403), glb())
    job = downloading(world, ("m.glb", "3D_MODEL"))
    looks = world.server.count("GET", status_path())
    world.runner.tick()
    assert world.store.get(job.id).state is State.READY
    assert world.server.count("GET", status_path()) == looks + 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            Answer(403),
            marks=pytest.mark.fault(
                "The storage refuses a result for an hour",
                "Tried again until it is there; paid once",
            ),
        ),
        pytest.param(
            Answer(500),
            marks=pytest.mark.fault(
                "The storage fails for an hour", "Tried again until it is there; paid once"
            ),
        ),
        pytest.param(
            Answer(200, b"x", length=9),
            marks=pytest.mark.fault(
                "A download breaks off for an hour", "Tried again until it is there; paid once"
            ),
        ),
    ],
)
def test_a_paid_result_is_not_given_up_for_download_trouble(world: World, answer: Answer) -> None:
    world.serve("m.glb", answer)
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.run(3600)
    waiting = world.store.get(job.id)
    assert waiting.state is State.DOWNLOADING
    assert waiting.failure is not None
    assert waiting.failure.credits == "The credits for this job were spent."
    assert waiting.next_at - world.clock.time <= 130
    world.serve("m.glb", glb())
    assert world.until(job, State.READY, within=200).failure is None
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "A result is damaged at the service",
    "Said at once; the file is kept, and can be fetched again for nothing",
)
@pytest.mark.parametrize("data", [glb()[:-4], obj_zip()[:40] + b"?" + obj_zip()[41:]])
def test_a_result_that_is_damaged_each_time_ends_at_once(world: World, data: bytes) -> None:
    world.serve("m.glb", Answer(200, data))
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.runner.tick()
    ended = world.store.get(job.id)
    assert ended.state is State.FAILED
    assert ended.failure is not None
    assert (ended.failure.code, ended.failure.charged) == ("result_damaged", Charged.SPENT)
    (kept,) = ended.folder.iterdir()
    assert kept.read_bytes() == data
    assert str(kept) in ended.failure.hint
    assert world.server.count("GET", "/m.glb") == 2
    world.serve("m.glb", glb())
    retry(world.store, ended)
    assert names(world.until(job, State.READY)) == ["t-1-tencent-rapid.glb"]
    assert [path.name for path in ended.folder.iterdir()] == ["t-1-tencent-rapid.glb"]


@pytest.mark.fault("A result is damaged on its way", "Fetched again at once")
def test_damage_on_the_way_is_mended_at_once(world: World) -> None:
    world.serve("m.glb", Answer(200, glb()[:-4]), glb())
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.runner.tick()
    assert world.store.get(job.id).state is State.READY


def test_files_that_are_there_are_not_fetched_again(world: World) -> None:
    world.serve("a.png", b"\x89PNG\r\n\x1a\n....")
    world.serve("m.glb", Answer(500), Answer(500), glb())
    job = downloading(world, ("a.png", "EDITED_IMAGE"), ("m.glb", "3D_MODEL"))
    world.until(job, State.READY)
    assert world.server.count("GET", "/a.png") == 1
    assert world.server.count("GET", "/m.glb") == 3


@pytest.mark.attack("A result that announces 5 GB", "Refused in words")
def test_a_result_that_is_too_large_has_failed(world: World) -> None:
    world.serve("m.glb", Answer(200, b"", length=5 * 1024**3))
    failed = world.until(downloading(world, ("m.glb", "3D_MODEL")), State.FAILED)
    assert failed.failure is not None
    assert "limit" in failed.failure.message


@pytest.mark.attack("An archive whose model is a link", "Refused in words; the archive is kept")
def test_an_archive_that_is_not_safe_is_kept_and_said(world: World) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("model.obj")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "../../key")
    world.serve("m.zip", stream.getvalue())
    failed = world.until(downloading(world, ("m.zip", "ARCHIVE")), State.FAILED)
    assert failed.failure is not None
    assert failed.failure.code == "bad_archive"
    assert [path.name for path in failed.folder.iterdir()] == ["t-1-tencent-rapid.zip"]


@pytest.mark.fault(
    "A job is stopped in the middle of a download", "The download ends and leaves no half model"
)
def test_progress_is_written_and_a_decision_of_the_user_stops_the_download(world: World) -> None:
    job = downloading(world, ("m.glb", "3D_MODEL"))

    def abandon(_: Asked) -> Answer:
        world.clock.time += 2
        cancel(world.store, job)
        return Answer(200, glb(3_000_000))

    world.server.on("GET", "/m.glb", abandon)
    world.runner.tick()
    assert world.store.get(job.id).state is State.ABANDONED
    assert not list(job.folder.iterdir())


def broken_off(world: World) -> Job:
    """A job with the first half of its model and of another file beside it, of somebody's."""
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.serve("m.glb", Answer(200, glb(900_000)[:300_000], length=900_000))
    world.runner.tick()
    assert {path.name for path in job.folder.iterdir()} == {
        "t-1-tencent-rapid.part",
        "t-1-tencent-rapid.part.json",
    }
    (job.folder / "t-1-tencent-rapid-2.part").mkdir()  # killed while it unpacked
    (job.folder / "t-10-tencent-rapid.part").write_text("of another job")
    (job.folder / "mine.part").write_text("of the user")
    return job


@pytest.mark.fault(
    "A job ends whose download broke off", "The part that came is removed, and nothing else"
)
@pytest.mark.parametrize("end", ["expires", "stopped by the user", "too large", "ready"])
def test_what_came_of_a_file_goes_when_the_job_has_ended(world: World, end: str) -> None:
    job = broken_off(world)
    if end == "expires":
        world.status(Answer(404))
    elif end == "too large":
        world.serve("m.glb", Answer(200, b"", length=5 * 1024**3))
    elif end == "ready":
        world.serve("m.glb", glb())
    else:
        cancel(world.store, job)
    world.run(3600)
    state = {"expires": State.EXPIRED, "too large": State.FAILED, "ready": State.READY}
    assert world.store.get(job.id).state is state.get(end, State.ABANDONED)
    left = {path.name for path in job.folder.iterdir()} - {"t-1-tencent-rapid.glb"}
    assert left == {"mine.part", "t-10-tencent-rapid.part"}


def test_what_another_works_on_stays_until_it_has_ended(world: World) -> None:
    job = broken_off(world)
    with files_of(job):
        cancel(world.store, job)
        assert (job.folder / "t-1-tencent-rapid.part").exists()


def test_bytes_are_counted(world: World) -> None:
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.serve("m.glb", Answer(200, glb(900_000)[:300_000], length=900_000))
    world.runner.tick()
    half = world.store.get(job.id)
    assert half.bytes_total == 900_000


def test_a_large_file_is_noted_as_often_as_a_small_one_that_takes_as_long(world: World) -> None:
    written = []
    for size in (300_000, 9_000_000):
        world.serve("m.glb", glb(size))
        job = downloading(world, ("m.glb", "3D_MODEL"))
        before = world.store.newest_change()
        world.runner.tick()
        assert world.store.get(job.id).files[0].path.stat().st_size == size
        written.append(world.store.newest_change() - before)
    assert written[0] == written[1]


def test_stopping_leaves_the_job_for_later(world: World) -> None:
    world.serve("m.glb", glb())
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.runner.context.stop.set()
    world.runner.tick()
    assert world.store.get(job.id).state is State.DOWNLOADING
    world.runner.context.stop.clear()
    world.until(job, State.READY, within=5)


@pytest.mark.fault(
    "A result cannot be prepared", "The files are kept and named; it can be tried again; paid once"
)
def test_a_failed_preparation_keeps_the_files_and_can_be_repeated(world: World) -> None:
    world.preparer.failures = 1
    world.serve("m.glb", glb())
    failed = world.until(downloading(world, ("m.glb", "3D_MODEL"), prepared=True), State.FAILED)
    assert failed.failure is not None
    assert failed.failure.code == "prepare_failed"
    assert str(failed.files[0].path) in failed.failure.hint
    assert failed.failure.credits == "The credits for this job were spent."
    assert retry_state(failed) is State.PREPARING
    retry(world.store, failed)
    ready = world.until(failed, State.READY, within=5)
    assert ready.prepared is not None
    assert ready.failure is None
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "A result is of a kind this Blender does not read",
    "Kept, with the way to open it; it can be tried again; paid once",
)
@pytest.mark.parametrize(("suffix", "converts"), [(".3mf", False), (".usdz", True)])
def test_what_no_reader_exists_for_is_kept_and_can_be_tried_again(
    world: World, suffix: str, converts: bool
) -> None:
    world.preparer.unread = {suffix}
    world.serve(f"m{suffix}", obj_zip())
    job = downloading(world, (f"m{suffix}", "3D_MODEL"), prepared=True)
    kept = world.until(job, State.READY)
    assert (kept.is_kept, kept.prepared) == (True, None)
    assert kept.failure is not None
    assert kept.failure.message == "It is of a kind that is not read."
    assert kept.failure.hint.startswith("Another program opens it.")
    assert str(kept.files[0].path) in kept.failure.hint
    assert ("Convert" in kept.failure.hint) == ("10 credits" in kept.failure.hint) == converts
    assert charge_of(kept).fate is ChargeStatus.SPENT
    world.preparer.unread = set()
    assert retry_state(kept) is State.PREPARING
    retry(world.store, kept)
    ready = world.until(kept, State.READY, within=5)
    assert (ready.is_kept, ready.failure) == (False, None)
    assert ready.prepared is not None
    assert world.server.count("POST") == 1


@pytest.mark.fault(
    "A result ends the worker each time it is prepared",
    "Given up after three times; the files are kept",
)
def test_a_file_that_kills_its_preparer_each_time_is_given_up(world: World) -> None:
    class Killed(BaseException):
        pass

    class Killing:
        def expect(self, *_: object) -> None:
            pass

        def prepare(self, *_: object) -> None:
            raise Killed

    world.serve("m.glb", glb())
    job = downloading(world, ("m.glb", "3D_MODEL"), prepared=True)
    killing = replace(world.runner.context, preparer=Killing())  # type: ignore[arg-type]
    world.until(job, State.PREPARING)
    for _ in range(3):
        dying = world.new_runner()
        dying.context = replace(killing, owner=f"dying-{world.clock.time}")
        with pytest.raises(Killed):
            dying.tick()
        world.clock.time += 61
    failed = world.until(job, State.FAILED, within=5)
    assert failed.files[0].path.exists()


def test_without_a_preparer_the_job_waits_for_one(world: World) -> None:
    world.serve("m.glb", glb())
    job = downloading(world, ("m.glb", "3D_MODEL"), prepared=True)
    plain = world.new_runner(prepares=False)
    plain.tick()
    assert world.store.get(job.id).state is State.PREPARING
    assert plain.tick() == float("inf")
    world.until(job, State.READY, within=5)


@pytest.mark.fault(
    "The folder for results cannot be written", "Said; the result is fetched as soon as it can be"
)
def test_a_folder_that_cannot_be_written_is_said(world: World) -> None:
    Path(world.folder / "results").write_text("in the way")
    world.serve("m.glb", glb())
    job = downloading(world, ("m.glb", "3D_MODEL"))
    world.run(10)
    waiting = world.store.get(job.id)
    assert waiting.failure is not None
    assert "could not be written" in waiting.failure.message
    Path(world.folder / "results").unlink()
    assert names(world.until(job, State.READY, within=130)) == ["t-1-tencent-rapid.glb"]
