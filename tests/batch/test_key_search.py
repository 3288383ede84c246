"""The key is looked for in all that batch, farm, command line and worker leave behind or start.

What Blender itself writes is searched in ``tests/blender/test_key_search.py``.
"""

import base64
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from addon.catalog import build_request
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.keys import save_key
from addon.worker.process import WorkerProcess
from addon.worker.settings import WorkerSettings
from scripts.build import ROOT
from tests.batch.conftest import CLIENT, Batch, write_csv, write_model, write_picture
from tests.key_search import KEY, Watch, all_held, files_with, held
from tests.patience import seconds, until
from tests.sandboxes import Sandboxes

BACKGROUND = b"/blender/background/"
"""In the command line of every Blender that reads what comes from outside."""

LOUD = """
import logging, runpy, sys
logging.Logger.isEnabledFor = lambda *_: True
logging.Logger.setLevel = lambda *_: None
logging.getLogger().level = logging.DEBUG
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs the worker with everything logged that anybody logs, libraries too."""


@dataclass
class Outcome:
    """What all the programs said, and what was seen of them while they ran."""

    said: list[bytes] = field(default_factory=list)
    command_lines: list[bytes] = field(default_factory=list)
    environments: dict[bytes, bytes] = field(default_factory=dict)
    """Of each process that was started by ours: its command line -> its environment."""


@pytest.fixture(scope="module")
def all_of_it(
    sandboxes: Sandboxes, tmp_path_factory: pytest.TempPathFactory, blender: str
) -> tuple[Path, Outcome]:
    """A batch in phases, as on a farm, orders of the command line, and a worker that tells all."""
    folder = tmp_path_factory.mktemp("everything")
    batch = Batch(folder, sandboxes.start(key=[KEY]))
    assert batch.sandbox.key == KEY
    outcome = Outcome()
    write_model(folder / "box.glb")
    write_picture(folder / "dots.png")
    write_csv(
        folder / "list.csv",
        ("operation", "name", "model_file", "image", "post"),
        ("convert", "Box", "box.glb", "", "height=1; asset=Props"),
        ("volume", "How much?", "box.glb", "", ""),
        ("remove-bg", "", "", "dots.png", ""),
        ("convert", "gone", "missing.glb", "", ""),
    )
    out = ("--out", str(batch.out))
    quick = ("--poll-interval", "0.1")
    batch.control("POST", "faults", {"name": "task-failed", "times": 1, "skip": 1})
    for arguments in (
        ("batch", "fetch", "list.csv", *out, *quick),
        *(("batch", "process", *out, "--row", str(row), "--blender", blender) for row in (1, 3)),
        ("batch", "report", *out),
        ("convert", "--model-file", "box.glb", "--output-format", "obj", "--wait", *quick),
        ("doctor",),
        ("jobs", "--json"),
        ("balance",),
    ):
        run(batch, outcome, arguments)
    batch.control("DELETE", "faults")
    work(batch, outcome)
    return folder, outcome


def run(batch: Batch, outcome: Outcome, arguments: tuple[str, ...]) -> None:
    """One command line with the key in its environment."""
    with (
        subprocess.Popen(
            [sys.executable, str(CLIENT), *arguments],
            cwd=batch.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **batch.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
        Watch(process.pid) as watch,
    ):
        outcome.said += process.communicate(timeout=seconds(240))
    note(outcome, watch)


def note(outcome: Outcome, watch: Watch) -> None:
    outcome.command_lines += watch.command_lines.values()
    for process, environment in watch.environments.items():
        outcome.environments[watch.command_lines.get(process, b"?")] = environment


def work(batch: Batch, outcome: Outcome) -> None:
    """A job of the worker, at the loudest, with the key in the file where Blender keeps it."""
    home = batch.folder / "home of the worker"
    save_key(KEY, home / "key")
    loud = batch.folder / "loud.py"
    loud.write_text(LOUD)
    settings = WorkerSettings(
        store=home / "jobs.sqlite",
        address=batch.sandbox.address,
        key=KEY,
        user_agent="test/1",
        log_file=home / "logs" / "worker.log",
        prepare_command=[],
        export_command=[],
        min_poll=0.1,
        max_poll=0.2,
    )
    store = Store(settings.store)
    bootstrap = str(ROOT / "addon" / "worker" / "bootstrap.py")
    worker = WorkerProcess((sys.executable, str(loud), bootstrap, ""), settings)
    job = store.add(
        build_request(
            "convert", {"model_file": str(batch.folder / "box.glb"), "output_format": "glb"}
        ),
        name="a box",
        estimate=10,
        service_address=batch.sandbox.address,
        folder=home / "results",
    )
    with Watch(os.getpid()) as watch:
        worker.check()
        worker.nudge()
        until(lambda: store.get(job.id).state is State.READY, what="the job")
        pid = worker.pid
        watch.note()
    assert pid is not None
    outcome.command_lines.append(watch.command_lines[pid])
    outcome.environments[watch.command_lines[pid]] = watch.environments[pid]
    assert worker.stop(timeout=seconds(10))
    store.close()
    assert "DEBUG" in settings.log_file.read_text()


@pytest.mark.attack(
    "All files of batches, farm, command line and worker are searched for the key",
    "In none of them: plain, quoted, in base64, hex or UTF-16, packed or in pictures' text",
)
def test_no_file_holds_it(all_of_it: tuple[Path, Outcome]) -> None:
    folder, _ = all_of_it
    names = {path.name for path in folder.rglob("*")}
    assert {"report.html", "report.json", "batch.sqlite", "jobs.sqlite", "worker.log"} <= names
    assert {".blend", ".png", ".json"} <= {Path(name).suffix for name in names}
    assert set(files_with(folder)) == {folder / "home of the worker" / "key"}


@pytest.mark.attack("All that the programs say is searched for the key", "It is not said")
def test_nothing_said_it(all_of_it: tuple[Path, Outcome]) -> None:
    _, outcome = all_of_it
    assert len(b"".join(outcome.said)) > 1000
    assert all_held(outcome.said) == []


@pytest.mark.attack(
    "Command lines and environments of every process are searched for the key",
    "In no command line, and in no environment of what reads bytes from outside",
)
def test_no_process_shows_it(all_of_it: tuple[Path, Outcome]) -> None:
    _, outcome = all_of_it
    assert any(BACKGROUND in line for line in outcome.command_lines)
    assert all_held(outcome.command_lines) == []
    assert all_held(outcome.environments.values()) == []


@pytest.mark.parametrize("before", [b"", b"a", b"ab"])
@pytest.mark.parametrize("after", [b"", b"z", b"yz"])
def test_the_search_finds_it_in_each_form(tmp_path: Path, before: bytes, after: bytes) -> None:
    key = KEY.encode()
    inside = before + key + after
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", inside)
    picture = io.BytesIO()
    text = PngInfo()
    text.add_text("note", inside.decode(), zip=True)
    Image.new("RGB", (2, 2)).save(picture, "PNG", pnginfo=text)
    hidden = (
        inside,
        base64.b64encode(inside),
        base64.urlsafe_b64encode(inside),
        quote(inside.decode(), safe="").encode(),
        before + KEY.encode("utf-16-le"),
        key.hex().encode(),
        packed.getvalue(),
        picture.getvalue(),
    )
    for data in hidden:
        assert held(data), data
    assert not held(b"nothing of it" * 100 + KEY[:-1].encode())
    (tmp_path / "a").write_bytes(hidden[1])
    assert list(files_with(tmp_path)) == [tmp_path / "a"]
