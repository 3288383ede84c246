import json
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addon.catalog import build_request
from addon.catalog.messages import Message
from addon.jobs.job import Job, Prepared, ResultFile
from addon.jobs.origin import ChainPlace, Identity, Origin, SentGeometry, SentSelection
from addon.jobs.runner_deps import NoReader, PreparationFailed
from addon.jobs.store import Store
from addon.service.keys import KEY_NAMES
from addon.service.stopping import Stopped
from addon.worker import script_process
from addon.worker.prepare import BlenderPreparer
from tests.patience import seconds, until
from tests.processes import is_running

PROGRAM = [sys.executable, "-I", str(Path(__file__).parent / "background_program.py")]


ASKED = "tencent-rapid", {"prompt": "a chair"}


def job_named(
    name: str,
    folder: Path,
    asked: tuple[str, dict[str, Any]] = ASKED,
    origin: Origin | None = None,
) -> Job:
    store = Store(folder / "jobs.sqlite")
    job = store.add(
        build_request(*asked),
        name=name,
        estimate=1,
        service_address="https://api.example",
        folder=folder,
        origin=origin,
    )
    store.close()
    return job


def prepare(
    name: str,
    folder: Path,
    *,
    stop: threading.Event | None = None,
    command: list[str] = PROGRAM,
    **job: Any,
) -> Prepared:
    preparer = BlenderPreparer(command, seconds(30), stop or threading.Event())
    files = [folder / "a.glb"]
    return preparer.prepare(job_named(name, folder, **job), files, folder / "t-1.blend")


def seen_by_program(folder: Path) -> dict[str, object]:
    (path,) = folder.glob("*.seen.json")
    found: dict[str, object] = json.loads(path.read_text())
    return found


@pytest.mark.fault(
    "A background Blender is ended in the middle of its work",
    "What it had among temporary files goes with it",
)
@pytest.mark.parametrize("name", ["vase", "crash"])
def test_what_it_makes_among_temporary_files_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with suppress(PreparationFailed):
        prepare(name, tmp_path)
    environment = seen_by_program(tmp_path)["environment"]
    assert isinstance(environment, dict)
    used = {Path(environment[variable]).parent for variable in ("TMPDIR", "TEMP", "TMP")}
    assert used == {temporary}
    assert list(temporary.iterdir()) == []


def test_a_file_is_prepared(tmp_path: Path) -> None:
    prepared = prepare("vase", tmp_path)
    assert prepared == Prepared(tmp_path / "t-1.blend", (4, 3, 2), "Vase", 12, (1.0, 2.0, 3.5))
    assert prepared.path.read_bytes() == b"BLENDER-v403"
    order = seen_by_program(tmp_path)["order"]
    assert isinstance(order, dict)
    assert order["files"] == [str(tmp_path / "a.glb")]
    assert order["root"] == str(tmp_path)


def test_what_was_left_out_is_told_in_words_that_can_be_translated(tmp_path: Path) -> None:
    (words,) = prepare("incomplete", tmp_path).left_out
    assert words == "The texture a.png is missing."
    assert isinstance(words, Message)
    assert words.template == "The texture {name} is missing."


SENT = {"blend": "/sent.blend", "settings": {"objects": ["Fox"]}}
SELECTION = SentSelection(
    (Identity("Fox", 1),), (0.0, 0.0, 0.0), ((1.0, 0.0, 0.0, 0.0),) * 4, 1.0, True,
    SentGeometry("/sent.blend", {"objects": ["Fox"]}),
)  # fmt: skip
REPAIR = "repair", {"model_file": "https://files.example/a.glb"}


@pytest.mark.parametrize(
    ("asked", "step", "outcome"),
    [
        (REPAIR, None, "REPLACEMENT"),
        (REPAIR, 2, "REPLACEMENT"),
        (("segment", {"model_file": "https://files.example/a.glb"}), 1, "PARTS"),
        (("convert", {"model_file": "https://files.example/a.glb"}), 1, None),
        (ASKED, None, None),
    ],
)
def test_what_takes_the_originals_place_gets_to_know_it(
    tmp_path: Path, asked: tuple[str, dict[str, Any]], step: int | None, outcome: str | None
) -> None:
    chain = None if step is None else ChainPlace("c", step, 2)
    for textures, uv_map in ((0, ""), (1024, "Packed")):
        sent = replace(SELECTION, textures=textures, uv_map=uv_map)
        prepare("vase", tmp_path, asked=asked, origin=Origin(sent=sent, chain=chain))
        order: Any = seen_by_program(tmp_path)["order"]
        told = {**SENT, "outcome": outcome, "step": step or 1}
        told |= {"textures": textures, "uv_map": uv_map}
        assert order["sent"] == (outcome and told)


@pytest.mark.fault(
    "The background Blender crashes over the original",
    "The result comes in without what the original had",
)
def test_a_result_can_do_without_its_original(tmp_path: Path) -> None:
    origin = Origin(sent=SELECTION)
    prepared = prepare("crash with original", tmp_path, asked=REPAIR, origin=origin)
    assert prepared.path.is_file()
    (words,) = prepared.left_out
    assert "could not be carried over" in words


def test_a_preview_lies_beside_the_blend(tmp_path: Path) -> None:
    preview = prepare("draw", tmp_path).preview
    assert preview == tmp_path / "t-1-preview.png"
    assert preview.read_bytes().startswith(b"\x89PNG")


@pytest.mark.fault(
    "The background Blender crashes while it draws the small picture",
    "The result comes in without one",
)
def test_without_a_preview_the_result_is_as_good(tmp_path: Path) -> None:
    assert prepare("half drawn", tmp_path) == replace(prepare("vase", tmp_path), preview=None)
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.attack(
    "Outside bytes are read in a background Blender", "The key is not in its environment"
)
def test_the_background_blender_does_not_get_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEY_NAMES:
        monkeypatch.setenv(name, "secret-key")
    prepare("vase", tmp_path)
    assert "secret-key" not in json.dumps(seen_by_program(tmp_path))


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        pytest.param(
            "refuse",
            "No mesh.",
            marks=pytest.mark.fault(
                "The background Blender refuses a result", "Said in words; no half file is left"
            ),
        ),
        pytest.param(
            "crash",
            "without a report",
            marks=pytest.mark.fault(
                "The background Blender crashes over a result",
                "Said in words; no half file is left",
            ),
        ),
        pytest.param(
            "silent",
            "without a report",
            marks=pytest.mark.fault(
                "The background Blender ends without a report",
                "Said in words; no half file is left",
            ),
        ),
        pytest.param(
            "no file",
            "wrote no file",
            marks=pytest.mark.fault(
                "The background Blender says it is done and wrote nothing",
                "Said in words; no half file is left",
            ),
        ),
    ],
)
def test_every_failure_has_words(tmp_path: Path, behaviour: str, message: str) -> None:
    with pytest.raises(PreparationFailed, match=message) as caught:
        prepare(behaviour, tmp_path)
    assert behaviour != "refuse" or caught.value.hint == "Look inside."
    assert not list(tmp_path.glob("*.blend"))


def test_files_that_no_reader_exists_for_are_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NoReader, match=r"A 3MF file\."):
        prepare("no reader", tmp_path)
    assert "the whole story" in caplog.text


def test_what_there_is_to_fall_back_on_goes_along(tmp_path: Path) -> None:
    files = [ResultFile(tmp_path / name, "3D_MODEL") for name in ("a.glb", "b.obj", "c.png")]
    job = replace(job_named("vase", tmp_path), files=tuple(files))
    preparer = BlenderPreparer(PROGRAM, seconds(30), threading.Event())
    preparer.prepare(job, [tmp_path / "a.glb"], tmp_path / "t-1.blend")
    order = seen_by_program(tmp_path)["order"]
    assert isinstance(order, dict)
    assert order["files"] == [str(tmp_path / "a.glb")]
    assert order["others"] == [[str(tmp_path / "b.obj")]]


@pytest.mark.fault("Blender is gone from where it was", "Said; the files stay")
def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PreparationFailed):
        prepare("vase", tmp_path, command=[str(tmp_path / "no-blender")])


@pytest.mark.fault("The background Blender hangs", "Ended after the wait, and said")
def test_one_that_takes_too_long_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def a_year_after_it_began() -> float:
        return 3e7 if list(tmp_path.glob("*.seen.json")) else 0.0

    clock = SimpleNamespace(monotonic=a_year_after_it_began)
    monkeypatch.setattr(script_process, "time", clock)
    with pytest.raises(PreparationFailed, match="longer than"):
        prepare("hang", tmp_path)
    assert not is_running(seen_by_program(tmp_path)["pid"])


@pytest.mark.posix(
    "Windows has no groups of processes: Blender itself ends, see test_background.py"
)
@pytest.mark.fault(
    "The worker is stopped while a background Blender works", "Both end, with all they started"
)
def test_stopping_kills_it_with_everything_it_started(tmp_path: Path) -> None:
    stop = threading.Event()
    wrapper = "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()"

    def stop_when_running() -> None:
        until(lambda: list(tmp_path.glob("*.seen.json")))
        stop.set()

    stopper = threading.Thread(target=stop_when_running)
    stopper.start()
    with pytest.raises(Stopped):
        # Left alone it hangs for ever.
        prepare("hang", tmp_path, stop=stop, command=[sys.executable, "-c", wrapper, *PROGRAM])
    stopper.join(seconds(10))
    pid = seen_by_program(tmp_path)["pid"]
    until(lambda: not is_running(pid), usual=5, what="the end of the wrapped program")
