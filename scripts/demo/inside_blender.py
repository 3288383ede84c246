"""The part of the demo that runs inside Blender, with the extension installed from its zip."""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy

# Blender's own names, whose stubs cannot know what is open and what is active here.
context: Any = bpy.context
data: Any = bpy.data
ops: Any = bpy.ops

MODULE = "bl_ext.user_default.studio3d"
SECONDS = 900.0
HEIGHT = 1.3
"""Metres the longest side of a shown model has."""
SPACING = (1.55, 1.6)
"""Metres between the models of the front row (from prompts) and of the back row."""
DEPTH = 1.9


def tell(**event: Any) -> None:
    """Report to the process that started us."""
    sys.stdout.write("studio3d-demo " + json.dumps(event) + "\n")
    sys.stdout.flush()


def install(archive: str) -> None:
    """Install and enable the built zip, as the preferences do."""
    context.preferences.system.use_online_access = True
    ops.extensions.package_install_files(
        filepath=archive, repo="user_default", enable_on_install=True
    )
    # The demo places each model on a spot of its own.
    context.preferences.addons[MODULE].preferences.place_when_ready = False


def part(name: str) -> ModuleType:
    """A module of the installed extension."""
    return importlib.import_module(f"{MODULE}.{name}")


def order_all(orders: list[dict[str, Any]]) -> list[str]:
    """Submit every order; returns the job ids."""
    planner, submission = part("jobs.planner"), part("blender.runtime.submission")
    ids = []
    for order in orders:
        values = {key: value for key, value in order.items() if key != "operation"}
        plan = planner.plan_one(order["operation"], values)
        ids.append(submission.submit(context, plan).id)
    return ids


def wait_for(ids: list[str]) -> list[Any]:
    """Look until every job has ended; in background mode nobody else does it."""
    watch, session, view = (
        part("blender.runtime.job_monitor"),
        part("blender.core.session"),
        part("blender.snapshot.snapshot"),
    )
    active = part("jobs.states").ACTIVE
    said: dict[str, str] = {}
    deadline = time.monotonic() + SECONDS
    while True:
        watch.poll_once(context)
        jobs = [session.store().get(job_id) for job_id in ids]
        for job in jobs:
            words = view.status_text(job)
            if said.get(job.id) != words:
                said[job.id] = words
                fraction = 0.0 if job.state in active else 1.0
                tell(event="job", name=title(job), words=words, fraction=fraction or progress(job))
        if all(job.state not in active for job in jobs):
            return jobs
        if time.monotonic() > deadline:
            raise SystemExit("the jobs did not end in time")
        time.sleep(0.2)


def title(job: Any) -> str:
    """What a job is called on the terminal."""
    return f"{job.name} ({job.operation})"


def progress(job: Any) -> float:
    """How far a job is, 0-1."""
    return float(job.progress) / 100.0


def place_all(jobs: list[Any]) -> list[Any]:
    """Bring every result in through the extension's operator, in two rows."""
    texts = [job for job in jobs if "prompt" in job.values]
    pictures = [job for job in jobs if "prompt" not in job.values]
    placed = []
    for row, members in enumerate((texts, pictures)):
        for column, job in enumerate(members):
            x = (column - (len(members) - 1) / 2) * SPACING[row]
            context.scene.cursor.location = (x, row * DEPTH, 0.0)
            ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
            placed.append(context.view_layer.objects.active)
            for obj in context.selected_objects:
                fit(obj)
    return placed


def fit(obj: Any) -> None:
    """Bring a model to a size that shows well beside the others, and turn it a little."""
    context.view_layer.update()
    factor = HEIGHT / max(obj.dimensions)
    obj.scale = [value * factor for value in obj.scale]
    obj.rotation_euler.z += 0.45


def stage(samples: int) -> None:
    """A floor, soft light and a camera that sees everything."""
    scene = context.scene
    ops.mesh.primitive_plane_add(size=400, location=(0, 0, 0))
    floor = context.object
    floor.name = "Floor"
    floor.data.materials.append(matte("Floor", (0.42, 0.44, 0.48, 1.0)))
    for name, location, energy, size in (
        ("Key", (-5.0, -6.0, 7.0), 900.0, 4.0),
        ("Fill", (6.0, -5.0, 4.0), 350.0, 6.0),
        ("Rim", (2.0, 7.0, 6.0), 600.0, 4.0),
    ):
        light = data.lights.new(name, "AREA")
        light.energy, light.size = energy, size
        obj = data.objects.new(name, light)
        obj.location = location
        look_at(obj, (0.0, 0.8, 0.4))
        scene.collection.objects.link(obj)
    scene.world = scene.world or data.worlds.new("World")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.9
    camera = data.objects.new("Camera", data.cameras.new("Camera"))
    camera.data.lens = 50.0
    camera.location = (0.0, -9.0, 4.2)
    look_at(camera, (0.0, 0.8, 0.5))
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples = samples
    scene.cycles.use_denoising = can_denoise()
    scene.render.resolution_x, scene.render.resolution_y = 1600, 760
    scene.render.resolution_percentage = 100
    scene.view_settings.exposure = 0.2


def can_denoise() -> bool:
    """Whether this Blender was built with a denoiser; some distributions' are not."""
    return bool(getattr(importlib.import_module("_cycles"), "with_openimagedenoise", False))


def matte(name: str, color: tuple[float, float, float, float]) -> Any:
    """A plain, rough material."""
    material = data.materials.new(name)
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = color
    shader.inputs["Roughness"].default_value = 0.9
    return material


def look_at(obj: Any, target: tuple[float, float, float]) -> None:
    """Turn an object's -Z axis towards a point."""
    from mathutils import Vector

    direction = Vector(target) - obj.location
    obj.rotation_euler = direction.to_track_quat("-Z", "Y").to_euler()


def summary(job_file: dict[str, Any], jobs: list[Any]) -> None:
    """Tell what was made and what it cost."""
    session = part("blender.core.session")
    note = session.store().wallet(jobs[0].service_address)
    tell(
        event="summary",
        blender=bpy.app.version_string,
        placed=[
            {
                "operation": job.operation,
                "name": job.name,
                "credits": job.estimate,
                "triangles": job.prepared.triangles,
            }
            for job in jobs
        ],
        spent=sum(job.estimate for job in jobs),
        balance=str(note.wallet.balance) if note and note.wallet else "unknown",
        blend=job_file["blend"],
        picture=job_file["picture"],
    )


def main(job_file: dict[str, Any]) -> None:
    """Do it all."""
    install(job_file["archive"])
    for obj in list(data.objects):
        data.objects.remove(obj)
    jobs = wait_for(order_all(job_file["orders"]))
    failed = [job for job in jobs if job.failure is not None]
    if failed:
        raise SystemExit("\n".join(f"{title(job)}: {job.failure.message}" for job in failed))
    place_all(jobs)
    stage(job_file["samples"])
    ops.wm.save_as_mainfile(filepath=job_file["blend"])
    tell(event="job", name="Rendering", words="Cycles on the CPU", fraction=0.5)
    context.scene.render.filepath = job_file["picture"]
    ops.render.render(write_still=True)
    tell(event="job", name="Rendering", words="Done", fraction=1.0)
    summary(job_file, jobs)
    part("blender.runtime.worker_host").stop()


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
