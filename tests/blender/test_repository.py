"""The published repository in a real Blender: added, installed from, and updated from."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import addon_utils
import bpy
import pytest

from addon.service.changelog import Channel
from scripts.extension_tool import ExtensionTool
from scripts.release import repository
from tests.blender import conftest
from tests.blender.conftest import PACKAGE, part
from tests.blender.round_trips import at_service, wait_for
from tests.blender.test_installation import look_often, looked_at, of_version, paid_tasks
from tests.patience import until
from tests.sandboxes import Sandbox

REPOSITORY = "studio3d_channel"
PUBLISHED = f"bl_ext.{REPOSITORY}.studio3d"
ID = "studio3d"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a web server that knows nothing of Blender; gives its address."""
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--directory", str(folder), "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            port = server.stdout.readline().split(" port ")[1].split()[0]
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


@contextmanager
def added(address: str) -> Iterator[int]:
    """Blender knows that repository, as people add it, in place of our local one; its number."""
    preferences = bpy.context.preferences
    online = preferences.system.use_online_access
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    preferences.system.use_online_access = True
    bpy.ops.preferences.extension_repo_add(type="REMOTE", remote_url=address)
    repositories = preferences.extensions.repos
    made = repositories[-1]
    made.module = REPOSITORY
    try:
        yield repositories.find(made.name)
    finally:
        if PUBLISHED in preferences.addons:
            bpy.ops.preferences.addon_disable(module=PUBLISHED)
        repositories.remove(made)
        preferences.system.use_online_access = online
        bpy.ops.preferences.addon_enable(module=PACKAGE)


def publisher(folder: Path) -> Callable[[str, Channel], None]:
    """What makes the zip of a version and publishes it in the channels it is for."""
    tool = ExtensionTool.of_scripts(sys.executable, Path(bpy.utils.system_resource("SCRIPTS")))
    published = folder / "published"

    def publish(version: str, channel: Channel) -> None:
        repository.publish(of_version(version, folder), channel, published, tool)

    published.mkdir()
    return publish


@pytest.mark.oldest_and_newest
@pytest.mark.fault(
    "The extension is updated from its repository while a job is under way",
    "The job goes on in the new version and its result lands; it is paid once",
)
def test_a_job_goes_on_when_the_repository_has_a_new_version(
    extension: ModuleType, tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = publisher(tmp_path)
    publish("0.0.1", Channel.STABLE)
    before = paid_tasks(sandbox)
    with (
        served(tmp_path / "published") as address,
        added(f"{address}/stable/index.json") as number,
    ):
        operators: Any = bpy.ops.extensions
        operators.repo_sync(repo_index=number)
        operators.package_install(repo_index=number, pkg_id=ID, enable_on_install=True)
        assert addon_utils.check(PUBLISHED) == (True, True)
        monkeypatch.setattr(conftest, "PACKAGE", PUBLISHED)
        assert part("service.version").version() == "0.0.1"
        with at_service(tmp_path, sandbox):
            plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": "a red chair"})
            job = part("blender.runtime.submission").submit(bpy.context, plan)
            until(lambda: looked_at(job).task_id, what="the order")
            assert part("blender.runtime.worker_host").is_running()

            publish("0.0.2-beta.1", Channel.LATEST)  # which this Blender does not follow
            operators.repo_sync(repo_index=number)
            operators.package_upgrade_all()
            assert part("service.version").version() == "0.0.1"

            publish("99.0.0", Channel.STABLE)
            operators.repo_sync(repo_index=number)
            operators.package_upgrade_all()
            assert part("service.version").version() == "99.0.0"
            look_often()
            done = wait_for(job)
        assert done.state == "PLACED", done.failure
        assert [task for task in paid_tasks(sandbox) if task not in before] == [done.task_id]
        monkeypatch.undo()
    assert sorted(path.name for path in (tmp_path / "published").glob("*/*.zip")) == [
        "99.0.0.zip",
        "99.0.0.zip",
    ]
