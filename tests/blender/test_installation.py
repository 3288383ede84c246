"""The built zip in a real Blender: installed, enabled, disabled, and what that loads."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import bpy
import pytest
import requests

from scripts import wheels
from tests.blender.conftest import PACKAGE, part
from tests.blender.results import ADDRESS, add_job, finish, make_blend, ops, own_home
from tests.blender.round_trips import at_service, wait_for
from tests.patience import LOOK_OFTEN, seconds, until
from tests.sandboxes import Sandbox

NEVER_AT_START = (
    *("requests", "urllib3", "http.client", "ssl", "asyncio", "sqlite3"),
    *("dotenv", "rich", "numpy"),
)
"""Each costs tens of milliseconds at every start of Blender; the worker process may have them."""

# Blender loads things of its own while it enables an extension, for example to check the manifest
# again: what counts is what is imported with our code on the stack.
ENABLE_AND_TELL = f"""
import sys, json, os, bpy
ours = []

class Listener:
    def find_spec(self, name, path=None, target=None):
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_globals.get("__name__", "").startswith({PACKAGE!r}):
                ours.append(name)
                return None
            frame = frame.f_back
        return None

sys.meta_path.insert(0, Listener())
bpy.ops.preferences.addon_enable(module={PACKAGE!r})
read = [
    name.removeprefix({PACKAGE + "."!r})
    for name, module in sys.modules.items()
    if name.startswith({PACKAGE + "."!r}) and type(module) is type(sys)
    if not hasattr(module, "__path__")
]
with open(sys.argv[-1], "w") as report:
    json.dump({{"imported": ours, "read": read}}, report)
    report.flush()
os._exit(0)
"""


class Loaded(NamedTuple):
    """What a Blender loads to enable the extension."""

    imported: list[str]
    """Names of the modules that our code imports from elsewhere."""
    read: list[str]
    """Names of our own modules that are read and run, without the package's."""


def enable_in_a_fresh_blender(folder: Path) -> Loaded:
    script, report = folder / "enable.py", folder / "loaded.json"
    script.write_text(ENABLE_AND_TELL)
    blender = bpy.app.binary_path
    start = (
        [blender, "--background", "--factory-startup", "--python-exit-code", "1", "--python"]
        if blender
        else [sys.executable]
    )
    subprocess.run([*start, str(script), "--", str(report)], check=True, timeout=seconds(120))
    return Loaded(**json.loads(report.read_text()))


# Operators, panels and operations are what is registered: each has a module of its own.
REGISTERED = re.compile(r"blender\.(operators|panels)\.|catalog\.declared\.")
READ_AT_START = {
    "blender.registration",
    *(
        f"blender.core.{name}"
        for name in ("access", "ids", "late_modules", "memory", "rna_enums", "signals", "ticker")
    ),
    *("blender.core.translation", "blender.core.units", "blender.scripting.command"),
    *(f"blender.runtime.{name}" for name in ("handlers", "job_monitor", "prepare_here")),
    *("blender.runtime.worker_link", "blender.snapshot.redraw"),
    *(f"blender.scene.{name}" for name in ("object_links", "print_state", "read_cache")),
    *(f"blender.settings.{name}" for name in ("field_labels", "field_properties", "key_entry")),
    *(f"blender.settings.{name}" for name in ("interface_state", "panel_drafts", "preferences")),
    *(f"blender.settings.{name}" for name in ("placement_settings", "print_settings")),
    *(f"blender.settings.{name}" for name in ("properties", "result_filter", "targets")),
    *(f"blender.widgets.{name}" for name in ("base", "previews", "text", "told_apart")),
    *(f"catalog.{name}" for name in ("asset_types", "conditions", "encoders", "fields", "goals")),
    *(f"catalog.{name}" for name in ("group", "kinds", "messages", "operation", "prices")),
    *("catalog.registry", "catalog.validation", "catalog.values"),
    *("jobs.alternatives", "jobs.placement_options", "jobs.states"),
    *(f"printing.{name}" for name in ("findings", "limits", "orders", "printers", "scales")),
    *("service.errors", "service.picture_types"),
    # What the settings of recipes are made of, and what About says.
    *(f"recipes.{name}" for name in ("game_engines", "local_steps", "post", "print_steps")),
    *("blender.core.manual", "blender.settings.recipe_settings"),
    *("service.changelog", "service.version"),
    *("jobs.candidates", "jobs.errors"),
}
"""The rest is read when first used. What is added here is paid for at each start of Blender."""


def test_enabling_loads_no_network_library_and_of_ours_what_it_needs(
    extension: ModuleType, tmp_path: Path
) -> None:
    loaded = enable_in_a_fresh_blender(tmp_path)
    assert f"{PACKAGE}.blender.core.late_modules" in loaded.imported
    assert [name for name in loaded.imported if name.partition(".")[0] in NEVER_AT_START] == []
    assert [name for name in loaded.imported if name in NEVER_AT_START] == []
    read = {name for name in loaded.read if not REGISTERED.match(name)}
    added = sorted(read - READ_AT_START)
    assert added == [], ", ".join(added)


@pytest.mark.fault("The extension is disabled and enabled", "Nothing is left; it works again")
def test_disabling_leaves_nothing_and_enabling_again_works(extension: ModuleType) -> None:
    try:
        bpy.ops.preferences.addon_disable(module=PACKAGE)
        assert not hasattr(bpy.types.Scene, "studio3d")
        left = [name for name in dir(bpy.types) if name.startswith("STUDIO3D_")]
        assert left == []
    finally:
        bpy.ops.preferences.addon_enable(module=PACKAGE)
    assert hasattr(bpy.types.Scene, "studio3d")


def ordered_before_and_ready_after(folder: Path, between: Callable[[], None]) -> tuple[str, str]:
    """What becomes of a job that was under way while ``between`` was done: its state, and why.

    A state of READY is of one that waits for the user, whose one click brings it in.
    """
    with own_home(folder) as before:
        job = add_job(before, folder)
        blend = make_blend(folder / "result.blend", "Lamp")
        between()
        store = part("blender.core.session").store()
        finish(store, store.get(job.id), blend)

        def look() -> Any:
            return part("blender.runtime.job_monitor").poll_once(bpy.context).placeable == 0

        until(look, what="the decision about the result")
        row = part("blender.snapshot.snapshot").current().row(job.id)
        if row.job.state == "READY":
            ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
            assert store.get(job.id).state == "PLACED"
        return str(row.job.state), str(row.waiting)


@pytest.mark.fault(
    "The extension is updated while a job of a file that was never saved runs",
    "The result lands in the scene as if nothing had happened",
)
def test_a_result_lands_after_an_update(extension: ModuleType, tmp_path: Path) -> None:
    def update() -> None:
        install(Path(os.environ["STUDIO3D_TEST_ZIP"]))

    assert ordered_before_and_ready_after(tmp_path, update) == ("PLACED", "")


def install(archive: Path) -> None:
    """As Install from Disk does it, over what is installed."""
    bpy.ops.extensions.package_install_files(
        filepath=str(archive), repo="user_default", enable_on_install=True
    )


def of_version(version: str, folder: Path) -> Path:
    """The zip under test, as if it were of that version."""
    made = folder / f"{version}.zip"
    said = re.compile(rb'^version = "[^"]*"', re.MULTILINE)
    with (
        zipfile.ZipFile(os.environ["STUDIO3D_TEST_ZIP"]) as known,
        zipfile.ZipFile(made, "w") as other,
    ):
        for entry in known.infolist():
            content = known.read(entry)
            if entry.filename == "blender_manifest.toml":
                content, found = said.subn(b'version = "%s"' % version.encode(), content)
                assert found == 1
            other.writestr(entry, content)
    return made


@pytest.mark.oldest_and_newest
@pytest.mark.fault(
    "An older version of the extension is installed while a job runs",
    "The job goes on in it and lands; it is paid once",
)
def test_a_job_goes_on_in_an_older_version(
    extension: ModuleType, tmp_path: Path, sandbox: Sandbox
) -> None:
    """In a newer one: ``test_repository.py``."""
    before = paid_tasks(sandbox)
    try:
        with at_service(tmp_path, sandbox):
            plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": "a red chair"})
            job = part("blender.runtime.submission").submit(bpy.context, plan)
            until(lambda: looked_at(job).task_id, what="the order")
            install(of_version("0.0.1", tmp_path))
            assert part("service.version").version() == "0.0.1"
            look_often()
            done = wait_for(job)
    finally:
        install(Path(os.environ["STUDIO3D_TEST_ZIP"]))
    assert done.state == "PLACED", done.failure
    assert [task for task in paid_tasks(sandbox) if task not in before] == [done.task_id]


def paid_tasks(sandbox: Sandbox) -> list[str]:
    """One entry for each charge."""
    log = requests.get(f"{sandbox.address}/_sandbox/log", timeout=seconds(20)).json()
    return [one["task"] for one in log["transactions"] if one["kind"] == "spent"]


def looked_at(job: Any) -> Any:
    """The job after a look of the watch."""
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    return part("blender.core.session").store().get(job.id)


def look_often() -> None:
    """Another version of the extension knows nothing of how tests want it."""
    host: Any = part("blender.runtime.worker_host")
    usual = host._settings
    host._settings = lambda *account: replace(usual(*account), **LOOK_OFTEN)


def test_what_was_saved_is_known_after_an_update(extension: ModuleType, tmp_path: Path) -> None:
    def save_and_update() -> None:
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "lamp.blend"))
        bpy.ops.preferences.addon_disable(module=PACKAGE)
        bpy.ops.preferences.addon_enable(module=PACKAGE)
        bpy.ops.wm.revert_mainfile()

    assert ordered_before_and_ready_after(tmp_path, save_and_update) == ("PLACED", "")


def factory_settings() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.preferences.addon_enable(module=PACKAGE)


@pytest.mark.fault(
    "Factory settings are loaded while a job runs, and the extension is switched on again",
    "The result lands when its file is opened; of an unsaved one, one click brings it in here",
)
def test_a_result_after_factory_settings(
    extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = ordered_before_and_ready_after(tmp_path, factory_settings)
    assert waiting == ("READY", "Made for an unsaved file")

    path = str(tmp_path / "lamp.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)

    def open_again() -> None:
        factory_settings()
        # Nobody knows any more that it was this Blender.
        monkeypatch.setattr(part("blender.placement.policy"), "HEAD_START", 0.0)
        bpy.ops.wm.open_mainfile(filepath=path)

    assert ordered_before_and_ready_after(tmp_path / "saved", open_again) == ("PLACED", "")


@pytest.mark.fault(
    "Blender crashes while a job runs, and a copy that it saved by itself is opened",
    "What it was made for is said; one click brings it in",
)
@pytest.mark.parametrize("name", ["lamp.blend", ""], ids=["saved", "never saved"])
def test_a_result_where_an_autosave_was_opened(
    extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    bpy.ops.wm.read_homefile(use_empty=True)
    if name:
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / name))
    autosave = str(tmp_path / "1234_autosave.blend")

    def crash_and_open() -> None:
        bpy.ops.wm.save_as_mainfile(filepath=autosave, copy=True)
        part("blender.core.memory").end()
        del bpy.app.driver_namespace[part("blender.core.session").KEPT]
        bpy.ops.wm.open_mainfile(filepath=autosave)

    waiting = f"Made for {name or 'an unsaved file'}"
    assert ordered_before_and_ready_after(tmp_path, crash_and_open) == ("READY", waiting)


def test_blenders_own_tool_finds_nothing_wrong_with_the_zip() -> None:
    scripts = Path(bpy.utils.system_resource("SCRIPTS"))
    tool = scripts / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"
    tags = next(scripts.glob("**/extensions/tags.py"))
    archive = os.environ["STUDIO3D_TEST_ZIP"]
    done = subprocess.run(
        [sys.executable, str(tool), "validate", f"--valid-tags={tags}", archive],
        capture_output=True,
        text=True,
        timeout=seconds(60),
        check=False,
    )
    assert (done.returncode, "Success" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_package_is_the_installed_one(extension: ModuleType) -> None:
    home = Path(str(extension.__file__)).parent
    assert home.is_relative_to(os.environ["BLENDER_USER_RESOURCES"])
    assert (home / "LICENSE").is_file()


# In a Python as the worker has it; the arguments are the file to start from, and LIBRARIES.
LOAD_AND_TELL = """
import io, json, pathlib, runpy, sys
runpy.run_path(sys.argv[1])["load_package"](sys.argv[2])
import dotenv, requests, rich
import studio3d.cli.batch.table, studio3d.cli.environment, studio3d.cli.output
import studio3d.service.client
class Terminal(io.StringIO):
    def isatty(self):
        return True

stream = Terminal()
environ = {"TERM": "xterm", "COLUMNS": "120"}
environment = studio3d.cli.environment.Environment(
    stream, stream, stream, environ, pathlib.Path(), "client"
)
with studio3d.cli.output.RichBar(studio3d.cli.output.Output(environment), "a vase") as bar:
    bar.update(50, "half of it")
assert "half of it" in stream.getvalue()
found = [vars(module) for module in (requests, requests.packages.urllib3, requests.packages.idna)]
print(json.dumps({
    "versions": [module["__version__"] for module in found],
    "files": [module["__file__"] for module in (*found, vars(dotenv), vars(rich))],
    "certificates": len(open(requests.certs.where()).read()),
}))
"""


def versions_that_came_along() -> list[str]:
    """Of the libraries that LOAD_AND_TELL tells about."""
    found = dict(path.name.split("-")[:2] for path in wheels.named())
    return [found[name] for name in ("requests", "urllib3", "idna")]


@pytest.mark.parametrize("hidden", [(), ("-S",)], ids=["the host's too", "the host has none"])
@pytest.mark.parametrize("unpacked", [True, False], ids=["unpacked", "packed"])
def test_a_child_has_the_libraries_that_came_along(
    extension: ModuleType, hidden: tuple[str, ...], unpacked: bool
) -> None:
    libraries = part("blender.core.paths").libraries()
    assert {entry.name for entry in libraries.iterdir()} >= {"dotenv", "requests", "rich"}
    python, *options, script, named = part("blender.runtime.worker_host").worker_command()
    assert named == str(libraries)
    command = [python, *options, *hidden, "-c", LOAD_AND_TELL, script, named if unpacked else ""]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds(60), check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["certificates"] > 100_000
    if unpacked:
        assert {Path(file).parents[1] for file in told["files"]} == {libraries}
    if unpacked or hidden:
        assert told["versions"] == versions_that_came_along()


def test_blender_itself_reads_a_dotenv_file_with_the_library_that_came_along(
    extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(
        "3D_AI_STUDIO_API_KEY='a-key' # mine\nSTUDIO3D_API_URL=https://example.org\n"
    )
    account = part("blender.core.account")
    with own_home(tmp_path):
        found = account.current()
    assert found.key is not None
    assert (found.key.key, found.address) == ("a-key", ADDRESS)
    assert Path(sys.modules["dotenv"].__file__ or "").is_relative_to(
        part("blender.core.paths").libraries()
    )
