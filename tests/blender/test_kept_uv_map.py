"""A retexture on the artist's own UV map: what came is baked onto it, and looks the same."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector

from tests.blender.conftest import part
from tests.blender.results import finish
from tests.blender.round_trips import at_service, round_trip, select, settings
from tests.blender.six_sides import likeness, pictures
from tests.blender.test_replace_original import sent
from tests.patience import seconds
from tests.sandboxes import Sandbox


@pytest.fixture
def body(store: Any) -> bpy.types.Object:
    """For orders that nobody takes."""
    return make_body()


def make_body() -> bpy.types.Object:
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
    seen = [pictures([one], body.location) for one in (came, placed)]
    alike = [likeness(*pair) for pair in zip(*seen, strict=True)]
    assert min(alike) >= 0.95, alike
    assert likeness(seen[0][0], seen[0][1]) < 0.9  # the sides differ: the measure tells


def delivered(job: Any) -> bpy.types.Object:
    """The file of the service, opened by itself: nothing of it was baked."""
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(job.files[0].path))
    (came,) = (one for one in bpy.data.objects if one not in before and one.type == "MESH")
    came.data.transform(came.matrix_world)
    came.parent, came.matrix_world = None, Matrix.Identity(4)
    return came


@pytest.mark.oldest_and_newest
def test_what_the_service_delivers_looks_the_same_on_the_own_map(
    extension: ModuleType, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The sandbox's answer has its own triangles, places in its picture, and pixels."""
    body = make_body()
    uvs = uvs_of(body.data, "Packed")
    with at_service(tmp_path, sandbox):
        settings("texture-model").uv_map = "Packed"
        job = round_trip("texture-model", prompt="red bricks")
    assert job.state == "PLACED", job.failure
    placed = bpy.data.objects["Body"]
    assert placed != body
    assert np.abs(uvs_of(placed.data, "Packed") - uvs).max() < 1e-6
    came = delivered(job)
    came.location = body.location
    bpy.context.view_layer.update()
    seen = [pictures([one], body.location) for one in (came, placed)]
    alike = [likeness(*pair) for pair in zip(*seen, strict=True)]
    assert min(alike) >= 0.95, alike
    assert max(np.ptp(picture[24:72, 24:72]) for picture in seen[0]) > 0.1  # bricks, not plain


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
    cautions, tools = part("blender.runtime.cautions"), part("blender.runtime.tool_orders")
    lost = "Not carried over to the result: Packed."
    assert lost in cautions.of_order(bpy.context, tools.order_of(bpy.context))
    chosen.uv_map = "Packed"
    assert lost not in cautions.of_order(bpy.context, tools.order_of(bpy.context))
    assert blocked(body) == ""
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    assert blocked(cube) == "Cube has no UV map called Packed."
    assert "One Result Each" in blocked(cube, body)
    settings("repair")
    assert blocked(cube) == ""
