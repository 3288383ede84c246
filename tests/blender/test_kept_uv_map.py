"""A retexture on the artist's own UV map: what came is baked onto it, and looks the same."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector
from numpy.lib.stride_tricks import sliding_window_view

from tests.blender.conftest import part
from tests.blender.results import finish
from tests.blender.round_trips import select, settings
from tests.blender.test_replace_original import sent
from tests.patience import seconds

SIDES: Final = [
    Vector(axis) * sign for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1)) for sign in (1, -1)
]
PIXELS: Final = 96


@pytest.fixture
def body(store: Any) -> bpy.types.Object:
    """Turned and moved, with shape keys, a spare UV map, and the one that it is packed by."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=24, ring_count=12)
    obj = bpy.context.object
    obj.name = "Body"
    obj.location, obj.rotation_euler = (1.0, 2.0, 3.0), (0.3, 0.2, 0.1)
    obj.data.uv_layers[0].name = "Spare"
    packed = obj.data.uv_layers.new(name="Packed")
    for corner in packed.uv:  # each place of it has one of its own, with room around
        corner.vector = corner.vector * 0.9 + Vector((0.05, 0.05))
    obj.data.uv_layers.active = obj.data.uv_layers["Spare"]
    obj.shape_key_add(name="Basis")
    obj.shape_key_add(name="Wide").data[0].co.x += 0.3
    select(obj)
    return obj


def pattern() -> bpy.types.Image:
    """Waves of three colours."""
    image = bpy.data.images.new("Waves", 256, 256)
    across, up = np.meshgrid(*[np.linspace(0.0, 1.0, 256)] * 2)
    waves = [np.sin(12 * across + 4 * up), np.cos(9 * up), np.sin(14 * up * across)]
    pixels = np.ones((256, 256, 4), dtype=np.float32)
    pixels[..., :3] = np.stack(waves, axis=2) / 2 + 0.5
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    return image


def answer_to(obj: bpy.types.Object, to: Path) -> bpy.types.Object:
    """Write the file that comes back: newly unwrapped, in a picture; gives what is in it."""
    made = obj.copy()
    made.data = obj.data.copy()
    bpy.context.collection.objects.link(made)
    if made.data.shape_keys is not None:
        made.shape_key_clear()
    made.data.transform(Matrix.Translation(-obj.location) @ obj.matrix_world)
    made.matrix_world = Matrix.Identity(4)
    for name in [layer.name for layer in made.data.uv_layers]:
        made.data.uv_layers.remove(made.data.uv_layers[name])
    select(made)
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.mesh.quads_convert_to_tris()
    bpy.ops.object.mode_set(mode="OBJECT")
    part("blender.background.baking.unwrapping").unwrap(made, 256)
    material = part("blender.model.shading").new_material("Waves")
    picture = material.node_tree.nodes.new("ShaderNodeTexImage")
    picture.image = pattern()
    shader = material.node_tree.nodes["Principled BSDF"]
    material.node_tree.links.new(picture.outputs["Color"], shader.inputs["Base Color"])
    made.data.materials.clear()
    made.data.materials.append(material)
    bpy.ops.export_scene.gltf(filepath=str(to), use_selection=True)
    return made


def retextured(store: Any, body: bpy.types.Object, folder: Path) -> tuple[Any, Any]:
    """Send it, answer, prepare in a background Blender, place: the job, and what came."""
    settings("texture-model", prompt="waves").uv_map = "Packed"
    job = sent("texture-model", prompt="waves")
    came = answer_to(body, folder / "answer.glb")
    usual = (seconds(120), threading.Event())
    host = part("blender.runtime.worker_host")
    preparer = part("worker.prepare").BlenderPreparer(host.prepare_command(), *usual)
    prepared = preparer.prepare(job, [folder / "answer.glb"], folder / "answer.blend")
    select(body)
    finish(store, job, prepared)
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    job = store.get(job.id)
    assert job.state == "PLACED", job.failure
    return job, came


def uvs_of(mesh: bpy.types.Mesh, name: str) -> Any:
    return np.array([tuple(corner.vector) for corner in mesh.uv_layers[name].uv])


def pictures(obj: bpy.types.Object, middle: Vector) -> list[Any]:
    """(6, n, n) how bright it is from each side, in even light."""
    scene = bpy.context.scene
    shown = {one: one.hide_render for one in scene.objects}
    for one in shown:
        one.hide_render = one != obj
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", 4
    scene.render.resolution_x = scene.render.resolution_y = PIXELS
    scene.render.film_transparent = False
    scene.world = scene.world or bpy.data.worlds.new("Even")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (1, 1, 1, 1)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale = "ORTHO", 2.6
    scene.collection.objects.link(camera)
    scene.camera = camera
    found = []
    for side in SIDES:
        camera.location = middle + 4 * side
        camera.rotation_euler = side.to_track_quat("Z", "Y").to_euler()
        scene.render.filepath = bpy.app.tempdir + "side.png"
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        pixels = np.empty(PIXELS * PIXELS * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        found.append(pixels.reshape(PIXELS, PIXELS, 4)[..., :3].mean(axis=2))
        bpy.data.images.remove(image)
    bpy.data.objects.remove(camera)
    for one, hidden in shown.items():
        one.hide_render = hidden
    return found


def likeness(one: Any, other: Any) -> float:
    """Mean SSIM of two pictures of 0-1, in windows of seven pixels."""
    a, b = (sliding_window_view(picture, (7, 7)) for picture in (one, other))
    over = (-1, -2)
    mean_a, mean_b = a.mean(axis=over), b.mean(axis=over)
    spread = a.var(axis=over) + b.var(axis=over)
    both = (a * b).mean(axis=over) - mean_a * mean_b
    light = (2 * mean_a * mean_b + 0.01**2) / (mean_a**2 + mean_b**2 + 0.01**2)
    return float((light * (2 * both + 0.03**2) / (spread + 0.03**2)).mean())


@pytest.mark.oldest_and_newest
def test_the_own_uv_map_stays_and_the_look_is_the_one_that_came(
    store: Any, body: bpy.types.Object, tmp_path: Path
) -> None:
    before = {layer.name: uvs_of(body.data, layer.name) for layer in body.data.uv_layers}
    job, came = retextured(store, body, tmp_path)
    placed = bpy.data.objects["Body"]
    assert placed != body
    layers = placed.data.uv_layers
    assert [layer.name for layer in layers] == list(before)
    for name, uvs in before.items():
        assert np.abs(uvs_of(placed.data, name) - uvs).max() < 1e-6
    assert layers.active.name == "Packed"
    assert layers["Packed"].active_render
    assert [key.name for key in placed.data.shape_keys.key_blocks] == ["Basis", "Wide"]
    (words,) = job.prepared.left_out
    assert words.parts["uv_map"] == "Packed"
    assert 0.0 < words.parts["percent"] < 3.0
    came.location = body.location
    bpy.context.view_layer.update()
    seen = [pictures(one, body.location) for one in (came, placed)]
    alike = [likeness(*pair) for pair in zip(*seen, strict=True)]
    assert min(alike) >= 0.95, alike
    assert likeness(seen[0][0], seen[0][1]) < 0.9  # the sides differ: the measure tells


def overlap(uvs: Any) -> None:
    """As where both halves share their place."""
    for corner in uvs:
        corner.vector.x = corner.vector.x * 2 % 1.0


def leave(uvs: Any) -> None:
    """As where a picture repeats."""
    for corner in uvs:
        corner.vector *= 3.0


@pytest.mark.parametrize("spoil", [overlap, leave])
def test_a_map_that_no_picture_fits_is_told_and_nothing_is_lost(
    store: Any, body: bpy.types.Object, tmp_path: Path, spoil: Callable[[Any], None]
) -> None:
    spoil(body.data.uv_layers["Packed"].uv)
    job, _ = retextured(store, body, tmp_path)
    assert "Packed was not kept" in job.prepared.left_out[0]
    placed = bpy.data.objects["Body"]
    assert [layer.name for layer in placed.data.uv_layers] == ["Retexture"]
    assert placed.data.materials[0] is not None


def test_what_modifiers_made_keeps_the_map_as_well(
    store: Any, body: bpy.types.Object, tmp_path: Path
) -> None:
    body.shape_key_clear()
    body.modifiers.new("Smooth", "SUBSURF")
    retextured(store, body, tmp_path)
    placed = bpy.data.objects["Body"]
    assert len(placed.data.polygons) > 2 * len(body.data.polygons)
    assert {"Spare", "Packed"} <= {layer.name for layer in placed.data.uv_layers}
    assert placed.data.uv_layers.active.name == "Packed"


@pytest.mark.parametrize("colours", [[], [(0.8, 0.1, 0.1, 1.0)]])
def test_what_came_without_a_picture_needs_none(
    body: bpy.types.Object, colours: list[tuple[float, ...]]
) -> None:
    came = body.copy()
    came.data = body.data.copy()
    came.shape_key_clear()
    body.shape_key_clear()
    came.matrix_world = Matrix.Identity(4)
    came.data.materials.clear()
    for colour in colours:
        plain = part("blender.model.shading").new_material("Plain")
        plain.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = colour
        came.data.materials.append(plain)
    kept = part("blender.background.retexturing.kept_uv_map")
    assert kept.bake_onto(body.data, [came], "Packed", "Body") < 0.01
    assert list(body.data.materials) == list(came.data.materials)
    assert body.data["studio3d_uv_map"] == "Packed"


def blocked(*objects: bpy.types.Object) -> str:
    """Why the selection cannot be sent; "" if it can."""
    select(*objects)
    tools = part("blender.runtime.tool_orders")
    blocker = tools.find_blocker(bpy.context, tools.order_of(bpy.context))
    return "" if blocker is None else str(blocker.message)


def test_it_is_told_before_it_costs_anything_that_a_map_cannot_be_kept(
    store: Any, body: bpy.types.Object
) -> None:
    chosen = settings("texture-model", prompt="waves")
    assert blocked(body) == ""
    chosen.uv_map = "Packed"
    assert blocked(body) == ""
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    assert blocked(cube) == "Cube has no UV map called Packed."
    assert "One Result Each" in blocked(cube, body)
    settings("repair")
    assert blocked(cube) == ""
