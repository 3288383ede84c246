"""An artist at a Blender with the extension, connected to a sandbox."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.patience import LOOK_OFTEN
from tests.sandboxes import Sandbox
from tests.window.harness import BlenderWindow

TAB = "3D AI Studio"
NOWHERE = "http://127.0.0.1:9"
"""An address no worker looks after: jobs for it stay where they are put."""

NAMES = """
import dataclasses, importlib
def part(name):
    return importlib.import_module("bl_ext.user_default.studio3d." + name)
def rows():
    return part("blender.snapshot.snapshot").current().rows
def row(job_id):
    return part("blender.snapshot.snapshot").current().row(job_id)
def submit(prompt):
    plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": prompt})
    return part("blender.runtime.submission").submit(bpy.context, plan).id
def add_elsewhere(prompt, address):
    request = part("catalog").build_request("tencent-rapid", {"prompt": prompt})
    store = part("blender.core.session").store()
    job = store.add(
        request, name=prompt, estimate=35, service_address=address,
        folder=part("blender.core.paths").new_job_folder(prompt),
        origin=part("blender.core.session").origin(bpy.context), wants_prepared=True,
    )
    part("blender.runtime.job_monitor").wake()
    return job.id
def look_often():
    host = part("blender.runtime.worker_host")
    usual = host._settings
    host._settings = lambda *account: dataclasses.replace(usual(*account), **OFTEN)
if "OFTEN" not in globals():
    OFTEN = {often!r}
    look_often()
def watching():
    name = "STUDIO3D_OT_watch"
    return any(o.bl_idname == name for w in bpy.context.window_manager.windows
               for o in w.modal_operators)
"""
"""Defined inside Blender; survives files, not a restart."""


def environment(home: Path, sandbox: Sandbox | None = None) -> dict[str, str]:
    """Variables of a user with a key for that sandbox, or without a key."""
    variables = {"STUDIO3D_HOME": str(home)}
    if sandbox is not None:
        variables |= {"STUDIO3D_API_KEY": sandbox.key, "STUDIO3D_API_URL": sandbox.address}
    return variables


class Artist:
    """Speaks about jobs instead of expressions."""

    def __init__(self, window: BlenderWindow) -> None:
        self.window = window
        window.execute(NAMES.replace("{often!r}", repr(LOOK_OFTEN)))

    def submit(self, prompt: str) -> str:
        """Order a model in the sidebar's way; returns the job's id."""
        return str(self.window.evaluate(f"submit({prompt!r})"))

    def add_idle_job(self, prompt: str) -> str:
        """A job that stays under way for ever."""
        return str(self.window.evaluate(f"add_elsewhere({prompt!r}, {NOWHERE!r})"))

    def job(self, job_id: str) -> Mapping[str, Any]:
        """State, text and waiting reason as the sidebar has them."""
        found: Mapping[str, Any] = self.window.evaluate(
            f"(lambda r: dict(state=r.job.state, text=r.text, waiting=r.waiting))(row({job_id!r}))"
        )
        return found

    def wait_for(self, job_id: str, state: str, usual: float = 60.0) -> None:
        """Until the sidebar shows the job in that state."""
        shown = f"getattr(getattr(row({job_id!r}), 'job', None), 'state', None)"
        self.window.wait_until(f"{shown} == {state!r}", usual)

    def wait_until_watching(self) -> None:
        """Until the watch operator runs."""
        self.window.wait_until("watching()")

    def in_viewport(self, keys: str) -> None:
        """Press keys with the mouse over the 3D viewport."""
        self.window.display.move(self.window.region("VIEW_3D", "WINDOW").center)
        self.window.key(keys)

    def scene_objects(self) -> list[str]:
        """Names of the scene's objects."""
        return sorted(self.window.evaluate("[o.name for o in bpy.context.scene.objects]"))
