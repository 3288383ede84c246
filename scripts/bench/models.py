"""Makes the models that are prepared, inside Blender: ``models.py -- request.json``.

The request names ``folder``, ``triangles``, ``parts``, ``texture`` (side in pixels), ``grain`` (how
much of it is in the textures, 0 to 1: a file of much is large) and ``sent``: whether to write also
what a retexture starts from, and what may come of it.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np

context: Any = bpy.context
data: Any = bpy.data
ops: Any = bpy.ops

USUAL_GRAIN = 0.03
"""The same in all colours: that of more is in each for itself."""
OTHER = 1.1
"""How many times the triangles of the ball another mesh of it has."""


def ball(triangles: int) -> tuple[Any, Any]:
    """Places and quads of a bumpy ball of about that many triangles."""
    rings = max(3, round((triangles / 4) ** 0.5))
    around = 2 * rings
    down, along = np.meshgrid(
        np.linspace(0.02, np.pi - 0.02, rings + 1), np.arange(around) * np.pi / rings, indexing="ij"
    )
    radius = 1.0 + 0.05 * np.sin(9 * along) * np.cos(7 * down)
    places = radius[..., None] * np.stack(
        [np.sin(down) * np.cos(along), np.sin(down) * np.sin(along), np.cos(down)], axis=2
    )
    number = np.arange((rings + 1) * around).reshape(rings + 1, around)
    following = np.roll(number, -1, axis=1)
    quads = np.stack([number[:-1], number[1:], following[1:], following[:-1]], axis=2)
    return places.reshape(-1, 3).astype(np.float32), quads.reshape(-1, 4).astype(np.int32)


def mesh_of(name: str, places: Any, polygons: Any, uvs: Any) -> Any:
    """``uvs`` are those of all corners, polygon by polygon."""
    mesh = data.meshes.new(name)
    count, sides = polygons.shape
    mesh.vertices.add(len(places))
    mesh.vertices.foreach_set("co", places.ravel())
    mesh.loops.add(count * sides)
    mesh.loops.foreach_set("vertex_index", polygons.ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(count, dtype=np.int32) * sides)
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", uvs.astype(np.float32).ravel())
    mesh.update(calc_edges=True)
    mesh.shade_smooth()
    return mesh


def unwrapped(corners: Any) -> Any:
    """(n, s, 2) UVs of (n, s, 3) places: six charts, whose seams run wherever they happen to."""
    middle = corners.mean(axis=1)
    axis = np.abs(middle).argmax(axis=1)
    side = np.take_along_axis(middle, axis[:, None], axis=1)[:, 0] > 0
    kept = np.array([[1, 2], [0, 2], [0, 1]])[axis]
    flat = np.take_along_axis(corners, np.repeat(kept[:, None], corners.shape[1], 1), axis=2)
    return (flat * 0.45 + 0.5) / 3 + np.stack([axis / 3, side / 2], axis=1)[:, None]


def picture(name: str, side: int, seed: int, grain: float) -> Any:
    """Patches with grain; with a little of it as compressible as textures are."""
    chance = np.random.default_rng(seed)
    coarse = chance.random((side // 16, side // 16, 4), dtype=np.float32)
    pixels = coarse.repeat(16, axis=0).repeat(16, axis=1)
    channels = 1 if grain <= USUAL_GRAIN else 3
    pixels[..., :3] *= 1.0 - grain
    pixels[..., :3] += grain * chance.random((side, side, channels), dtype=np.float32)
    pixels[..., 3] = 1.0
    image = data.images.new(name, side, side)
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    return image


def material(side: int, grain: float) -> Any:
    """With a picture for the colour, one for roughness and metal, and one for the normals."""
    made = data.materials.new("Material")
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = nodes["Principled BSDF"]
    color, surface, normal = (nodes.new("ShaderNodeTexImage") for _ in range(3))
    for seed, node in enumerate((color, surface, normal)):
        node.image = picture(f"Picture {seed}", side, seed, grain)
        if seed:
            node.image.colorspace_settings.name = "Non-Color"
    links.new(color.outputs["Color"], shader.inputs["Base Color"])
    parted = nodes.new("ShaderNodeSeparateColor")
    links.new(surface.outputs["Color"], parted.inputs["Color"])
    links.new(parted.outputs["Green"], shader.inputs["Roughness"])
    links.new(parted.outputs["Blue"], shader.inputs["Metallic"])
    bump = nodes.new("ShaderNodeNormalMap")
    links.new(normal.outputs["Color"], bump.inputs["Color"])
    links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    return made


def show(meshes: list[Any]) -> list[Any]:
    """Objects with these meshes as the only ones of the scene, in a row."""
    for obj in list(data.objects):
        data.objects.remove(obj)
    made = []
    for number, mesh in enumerate(meshes):
        obj = data.objects.new(f"{mesh.name} {number}", mesh)
        context.scene.collection.objects.link(obj)
        obj.location.x = 2.5 * number
        made.append(obj)
    return made


def write(to: Path, meshes: list[Any]) -> None:
    """The meshes as a GLB."""
    show(meshes)
    ops.export_scene.gltf(filepath=str(to), export_format="GLB")


def answers(places: Any, quads: Any, triangles: int) -> Iterator[tuple[str, Any]]:
    """What a service returns for the ball, newly unwrapped.

    Its triangles as they were or mixed, its quads parted along the other diagonal, or another mesh
    of the same surface, whose edges run elsewhere.
    """
    drawn = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    yield "kept", answer(places, drawn)
    chance = np.random.default_rng(7)
    mixed = drawn[chance.permutation(len(drawn))]
    moved = chance.permutation(len(places)).astype(np.int32)
    yield "mixed", answer(places[np.argsort(moved)], moved[mixed])
    yield "turned", answer(places, quads[:, [1, 2, 3, 1, 3, 0]].reshape(-1, 3))
    others, between = ball(round(OTHER * triangles))
    yield "other", answer(others, between[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3))


def answer(places: Any, triangles: Any) -> Any:
    return mesh_of("Answer", places, triangles, unwrapped(places[triangles]))


def main(request: dict[str, Any]) -> None:
    """Write the files."""
    ops.wm.read_factory_settings(use_empty=True)
    folder, parts = Path(request["folder"]), request["parts"]
    shared = material(request["texture"], request["grain"])
    places, quads = ball(request["triangles"] // parts)
    drawn = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    uvs = unwrapped(places[drawn])
    meshes = [mesh_of("Ball", places, drawn, uvs) for _ in range(parts)]
    for mesh in meshes:
        mesh.materials.append(shared)
    write(folder / "model.glb", meshes)
    if request["sent"]:
        for name, mesh in answers(places, quads, request["triangles"]):
            mesh.materials.append(shared)
            write(folder / f"{name}.glb", [mesh])
        own = mesh_of("Own", places, quads, unwrapped(places[quads]))
        (obj,) = show([own])
        data.libraries.write(str(folder / "sent.blend"), {obj}, path_remap="ABSOLUTE")


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
