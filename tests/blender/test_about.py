"""About, what is new after an update, the manual's pages, and the diagnostics of a report."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import bpy
import pytest

from scripts.build import ROOT
from tests.blender.conftest import PACKAGE, part
from tests.blender.results import add_job, ops
from tests.blender.test_operators import classes

KEY = "sk-of-mine-83b1c9e5d7f0"
MINE = ("anna", "petrova", "secret-client", "brass lamp", "Bust of Mr Smith", KEY)
"""What is somebody's: in the path, the prompt, a job's name, the log and the key."""
LOG = """\
2026-11-29 10:11:12,123 4711 INFO bl_ext.secret_client.studio3d.jobs.runner: job 1 is left for later
2026-11-29 10:11:13,456 4711 ERROR studio3d.jobs.runner: a step of Bust of Mr Smith ended
Traceback (most recent call last):
  File "/home/anna/petrova/studio3d/jobs/runner.py", line 135, in step
    open("/home/anna/secret-client/brass lamp.glb")
  File "/usr/lib/python3.11/pathlib.py", line 1044, in open
FileNotFoundError: [Errno 2] No such file or directory: '/home/anna/secret-client/brass lamp.glb'
anna: a second line of a message
"""
TOLD = """\
Log, without its messages:
2026-11-29 10:11:12 INFO jobs.runner
2026-11-29 10:11:13 ERROR jobs.runner
  jobs/runner.py:135 step
  pathlib.py:1044 open
  FileNotFoundError"""


@pytest.fixture
def told_version(extension: ModuleType) -> Iterator[Path]:
    """The file in which the version is kept, with what it held put back afterwards."""
    folder = Path(bpy.utils.extension_path_user(PACKAGE, create=True))
    file = folder / part("blender.runtime.news").FILE
    before = file.read_bytes() if file.exists() else None
    file.unlink(missing_ok=True)
    part("blender.core.memory").end()
    yield file
    part("blender.core.memory").end()
    file.unlink(missing_ok=True)
    if before is not None:
        file.write_bytes(before)


def test_who_installs_it_is_told_of_no_update(told_version: Path) -> None:
    news = part("blender.runtime.news")
    for _ in range(2):
        news.look()
        assert not news.is_to_be_said()
    assert told_version.read_text() == part("service.version").version()


@pytest.mark.parametrize("seen", [ops.studio3d.hide_update, None], ids=["hidden", "ignored"])
def test_an_update_is_told_of_once(told_version: Path, seen: Any) -> None:
    news = part("blender.runtime.news")
    told_version.write_text("0.0.1-beta.2")
    news.look()
    assert news.is_to_be_said()
    assert news.what_is_new()
    if seen is not None:
        assert seen() == {"FINISHED"}
        assert not news.is_to_be_said()
    part("blender.core.memory").end()  # and Blender is started again
    news.look()
    assert not news.is_to_be_said()


@pytest.mark.fault(
    "An older version of the extension is installed, or a file of its own is damaged",
    "Nothing is said of an update",
)
@pytest.mark.parametrize("before", ["99.0.0", "no version", "\ufffd"])
def test_no_update_is_made_up(told_version: Path, before: str) -> None:
    told_version.write_bytes(before.encode("utf-16") if before == "\ufffd" else before.encode())
    news = part("blender.runtime.news")
    news.look()
    assert not news.is_to_be_said()


@pytest.mark.attack(
    "A report of a fault is searched for the key, names, paths, prompts and names of jobs",
    "None of them is in it",
)
def test_diagnostics_tell_what_is_needed_and_nothing_of_whose_it_is(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO3D_API_KEY", KEY)
    part("blender.core.account").forget()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "anna")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "secret-client.blend"))
    folder = tmp_path / "anna" / "petrova" / "secret-client"
    job = add_job(store, folder, name="Bust of Mr Smith")
    states, jobs = part("jobs.states").State, part("jobs.job")
    failure = jobs.Failure("insufficient_credits", "a brass lamp for anna costs too much", KEY)
    store.change(job.id, states.FAILED, failure=failure)
    logs = part("blender.core.paths").places().logs
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "worker.log").write_text(LOG)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert part("blender.snapshot.snapshot").current().rows

    ops.studio3d.copy_diagnostics()
    text = part("blender.runtime.diagnostics").report()
    assert [mine for mine in MINE if mine.lower() in text.lower()] == []
    assert str(tmp_path) not in text
    said = part("service.version").version()
    assert text.startswith(f"3D AI Studio {said} (development)\nBlender {bpy.app.version_string} ")
    assert "tencent-rapid: FAILED, insufficient_credits" in text
    assert "Key: found in the environment or a .env file" in text
    assert text.endswith(TOLD)


def test_every_operator_has_a_page_and_its_heading_is_there(extension: ModuleType) -> None:
    """As Blender looks a page up, in what was installed."""
    find = bpy.types.WM_OT_doc_view_manual._find_reference
    beginning, patterns = part("blender.core.manual").mapping()
    own = {pattern for pattern, _ in patterns if "*" not in pattern}
    names = {f"bpy.ops.{name}" for name in classes()}
    assert own <= names, own - names
    generic = [name for name in names if ".make_" in name or name.endswith("_preset")]
    assert names - own <= set(generic), "these have no page in core/manual.py"
    asked = [*names, f"bpy.types.{part('blender.core.ids').EXTENSION}_preferences.key"]
    asked += ["bpy.types.STUDIO3D_PG_printing.size", "bpy.types.STUDIO3D_PG_scene.prompt"]
    for name in asked:
        address = urlsplit(beginning + find(name, patterns, verbose=False))
        page = Path(url2pathname(address.path)).read_text(encoding="utf-8")
        assert not address.fragment or f'id="{address.fragment}"' in page, (name, address)
    assert Path(url2pathname(urlsplit(part("blender.core.manual").start()).path)).is_file()


def test_each_panel_of_the_sidebar_has_its_part_of_the_first_page(extension: ModuleType) -> None:
    text = (ROOT / "docs" / "panels.md").read_text(encoding="utf-8")
    titles = set(re.findall(r"^## (.*)$", text, re.MULTILINE))
    panels = {getattr(bpy.types, str(one)) for one in part("blender.core.ids").PanelId}
    in_sidebar = {one.bl_label for one in panels if getattr(one, "bl_category", "")}
    assert in_sidebar
    assert in_sidebar <= titles


def test_a_log_that_is_just_gone_is_no_trouble(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may begin a new one between the look into the folder and at the file."""
    paths, stat = part("blender.core.paths"), Path.stat
    logs = paths.places().logs
    logs.mkdir(parents=True, exist_ok=True)
    for name in ("gone.log", "worker.log"):
        (logs / name).write_text("")

    def stat_of_what_is_there(path: Path, **options: Any) -> Any:
        return stat(path.with_name("nowhere") if path.name == "gone.log" else path, **options)

    monkeypatch.setattr(Path, "stat", stat_of_what_is_there)
    assert paths.newest_log() == logs / "worker.log"
