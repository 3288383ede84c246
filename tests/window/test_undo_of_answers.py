"""Answers that take the place of what was sent: one undo step each, whatever hangs on them.

In a real window, where Blender keeps the steps; the service and the worker are played.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.window.artist import NOWHERE, Artist, environment
from tests.window.harness import BlenderWindow

pytestmark = pytest.mark.newest

PLAY = """
import numpy as np
from mathutils import Matrix
for name in ("nudge", "check", "ensure"):
    setattr(part("blender.runtime.worker_host"), name, lambda: None)  # nobody works on the jobs

def put(mesh, name, x=0.0):
    obj = bpy.data.objects.new(name, mesh)
    obj.location = (x, 0, 0)
    bpy.context.scene.collection.objects.link(obj)
    return obj

def cube(name, x=0.0):
    mesh = bpy.data.objects["Cube"].data.copy()
    mesh.name = name
    return put(mesh, name, x)

def state():
    bpy.context.view_layer.update()
    layer = bpy.context.view_layer
    kinds = ("meshes", "materials", "images", "collections", "libraries", "actions")
    seen = {kind: [one.name for one in getattr(bpy.data, kind)] for kind in kinds}
    for obj in bpy.data.objects:
        body = obj.rigid_body
        there = obj.name in layer.objects
        seen[obj.name_full] = (  # what is linked may have the same name
            [round(side, 5) for row in obj.matrix_world for side in row],
            obj.parent and obj.parent.name, obj.parent_type, list(obj.parent_vertices),
            there and obj.visible_get(), there and obj.select_get(),
            obj.hide_viewport, obj.hide_render,
            body and [sum(body.collision_collections), body.mass],
            [slot.material and slot.material.name for slot in obj.material_slots],
            obj.data and obj.data.name,
            obj.type == "MESH" and [len(obj.data.vertices), len(obj.data.polygons)],
            bool(obj.override_library),
            sorted(key for key in obj.keys() if key.startswith("studio3d_")),
        )
    active = layer.objects.active
    return seen | {"active": active and active.name}

def send(tool, objects):
    for obj in bpy.context.view_layer.objects:
        obj.select_set(obj in objects)
    bpy.context.view_layer.objects.active = objects[-1]
    settings = part("blender.settings.properties").settings_of(bpy.context)
    settings.tool = tool
    group = getattr(settings, part("blender.settings.field_properties").rna_name(tool))
    if tool == "texture-model":
        group.prompt = "bricks"
    tools = part("blender.runtime.tool_orders")
    (job,) = part("blender.runtime.tool_submission").send(bpy.context, tools.order_of(bpy.context))
    return job

def copied(job, objects):
    meshes = []
    away = Matrix.Translation([-side for side in job.origin.sent.origin])
    for obj in objects:
        mesh = obj.data.copy()
        if mesh.library is None:
            mesh.transform(away @ obj.matrix_world)
        mesh.materials.clear()
        mesh.materials.append(bpy.data.materials.new("Answer"))
        meshes.append(mesh)
    return meshes

def torn(mesh):
    # New UVs with seams within the polygons, which have to be cut for them.
    mesh.calc_loop_triangles()
    places = [mesh.vertices[v].co[:] for t in mesh.loop_triangles for v in t.vertices]
    answer = bpy.data.meshes.new("Torn")
    answer.from_pydata(places, [], np.arange(len(places)).reshape(-1, 3).tolist())
    layer = answer.uv_layers.new(name="UVMap")
    for number, place in enumerate(places):
        layer.uv[number].vector = (number // 3 * 0.05, place[2] * 0.1)
    answer.materials.append(bpy.data.materials.new("Bricks"))
    assert part("blender.background.retexturing.uv_transfer").transfer(mesh, answer)
    bpy.data.meshes.remove(answer)

def write(job, meshes, path):
    made = bpy.data.collections.new("Echo")
    for mesh in meshes:
        made.objects.link(bpy.data.objects.new("Answer", mesh))
    bpy.data.libraries.write(path, {made}, fake_user=True)
    materials = {m for mesh in meshes for m in mesh.materials}
    bpy.data.batch_remove([*made.objects, *meshes, *materials, made])

def finish(job, path):
    store, states = part("blender.core.session").store(), part("jobs.states").State
    for step in (states.SUBMITTING, states.PENDING, states.DOWNLOADING, states.PREPARING):
        store.change(job.id, step)
    from pathlib import Path
    prepared = part("jobs.job").Prepared(Path(path), bpy.app.version, "Echo", 12, (2.0, 2.0, 2.0))
    store.change(job.id, states.READY, prepared=prepared, task_id="task")
    part("blender.runtime.job_monitor").wake()
"""

RIGID_BODY = """
bpy.ops.rigidbody.world_add()
world = bpy.context.scene.rigidbody_world
world.collection = bpy.data.collections.new("Bodies")
world.constraints = bpy.data.collections.new("Constraints")
objects, tool = [cube("Crate")], "repair"
world.collection.objects.link(objects[0])
objects[0].rigid_body.mass = 7.0
"""
OVERRIDE = """
kit = bpy.data.collections.new("Kit")
kit.objects.link(crate := bpy.data.objects.new("Crate", bpy.data.objects["Cube"].data.copy()))
bpy.data.libraries.write({library!r}, {{kit}})
bpy.data.batch_remove([crate.data, crate, kit])
with bpy.data.libraries.load({library!r}, link=True) as (_, wanted):
    wanted.objects = ["Crate"]
objects, tool = [wanted.objects[0].override_create()], "repair"
bpy.context.scene.collection.objects.link(objects[0])
"""
ON_VERTICES = """
objects, tool = [cube("Crate", 3.0)], "repair"
for kind in ("OBJECT", "VERTEX", "VERTEX_3"):
    child = put(None, kind)
    child.parent, child.parent_type = objects[0], kind
    child.parent_vertices = (1, 2, 7)
    child.location = (0.1, 0.2, 0.3)
    child.keyframe_insert("location", frame=1)
"""
CUT = """
objects, tool = [cube("Crate")], "texture-model"
put(None, "Tag").parent = objects[0]
"""
TOGETHER = """
objects, tool = [cube(name, x) for x, name in enumerate(("Red", "Green", "Blue"))], "repair"
for obj in objects:
    obj.location.x *= 4.0
    obj.data.materials.clear()
    obj.data.materials.append(bpy.data.materials.new(obj.name))
"""
SCENES = {
    "rigid body": RIGID_BODY,
    "override": OVERRIDE,
    "on vertices": ON_VERTICES,
    "cut": CUT,
    "together": TOGETHER,
}


@pytest.mark.fault(
    "Undo and redo of a result that took an object's place",
    "Everything is as it was before, and after",
)
@pytest.mark.parametrize("scene", SCENES)
def test_undo_and_redo_of_an_answer(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, scene: str
) -> None:
    variables = environment(tmp_path / "home") | {"STUDIO3D_API_URL": NOWHERE}
    window = open_window(environment=variables)
    artist = Artist(window)
    window.execute(PLAY)
    setup = SCENES[scene]
    window.execute(setup.format(library=str(tmp_path / "kit.blend")) if "{{" in setup else setup)
    window.execute("bpy.context.view_layer.update(); job = send(tool, objects)")
    path = str(tmp_path / "answer.blend")
    window.execute("meshes = copied(job, objects)")
    if scene == "cut":
        window.execute("torn(meshes[0])")
    window.execute(f"write(job, meshes, {path!r})")
    window.execute("bpy.ops.ed.undo_push(message='Ready'); before = state()")
    window.execute(f"finish(job, {path!r})")
    artist.wait_for(window.evaluate("job.id"), "PLACED")
    window.execute("after = state()")
    assert window.evaluate("before != after")
    if scene == "cut":
        assert window.evaluate("len(bpy.data.objects['Crate'].data.polygons)") > 6

    artist.in_viewport("ctrl+z")
    window.wait_until("state() == before")
    artist.in_viewport("ctrl+shift+z")
    window.wait_until("state() == after")
    assert artist.job(window.evaluate("job.id"))["state"] == "PLACED"
