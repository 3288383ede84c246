"""Jobs and prepared results for tests, without a service and without a worker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from tests.blender.conftest import part
from tests.patience import LOOK_OFTEN

ops: Any = bpy.ops
"""With our own operators, of which the type stubs know nothing."""

ADDRESS = "http://127.0.0.1:9"
"""Nobody answers there."""


@contextmanager
def own_home(folder: Path, **environment: str) -> Iterator[Any]:
    """A job list of the test's own; gives the store. No key is found unless one is passed."""
    names = ("STUDIO3D_HOME", "STUDIO3D_API_KEY", "STUDIO3D_API_URL", "3D_AI_STUDIO_API_KEY")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["STUDIO3D_HOME"] = str(folder / "home")
    os.environ["STUDIO3D_API_URL"] = ADDRESS
    os.environ.update(environment)
    part("blender.core.memory").end()
    host: Any = part("blender.runtime.worker_host")
    usual_settings = host._settings
    host._settings = lambda *account: replace(usual_settings(*account), **LOOK_OFTEN)
    try:
        yield part("blender.core.session").store()
    finally:
        host._settings = usual_settings
        part("blender.core.memory").end()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def make_blend(path: Path, collection: str, *sizes: float) -> Any:
    """Write a prepared .blend with one box per size, standing on the origin; its record."""
    made = bpy.data.collections.new(collection)
    for size in sizes or (2.0,):
        half = size / 2
        mesh = bpy.data.meshes.new(collection)
        corners = [(x, y, z) for x in (-half, half) for y in (-half, half) for z in (0.0, size)]
        faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
        mesh.from_pydata(corners, [], faces)
        mesh.materials.append(bpy.data.materials.new(collection))
        made.objects.link(bpy.data.objects.new(collection, mesh))
    name = made.name
    bpy.data.libraries.write(str(path), {made}, fake_user=True)
    bpy.data.batch_remove(
        [
            *{material for obj in made.objects for material in obj.data.materials},
            *{obj.data for obj in made.objects},
            *made.objects,
            made,
        ]
    )
    return part("jobs.job").Prepared(path, bpy.app.version, name, 12, (2.0, 2.0, 2.0))


def add_job(store: Any, folder: Path, *, name: str = "Brass Lamp", **values: Any) -> Any:
    """Queue a job asked for from the open file and scene."""
    request = part("catalog").build_request("tencent-rapid", {"prompt": "a brass lamp", **values})
    return store.add(
        request,
        name=name,
        estimate=35,
        service_address=ADDRESS,
        folder=folder,
        origin=part("blender.core.session").origin(bpy.context),
        wants_prepared=True,
    )


def finish(store: Any, job: Any, prepared: Any) -> Any:
    """Take a queued job to READY, as the worker does."""
    state = part("jobs.states").State
    for step in (state.SUBMITTING, state.PENDING, state.DOWNLOADING, state.PREPARING):
        store.change(job.id, step)
    return store.change(job.id, state.READY, prepared=prepared, task_id=f"task-{job.id}")


def ready_job(store: Any, folder: Path, **options: Any) -> Any:
    """A job whose result waits to be placed."""
    job = add_job(store, folder, **options)
    return finish(store, job, make_blend(folder / f"{job.id}.blend", job.name))
