"""What objects look like from six sides, and how alike two pictures are."""

from collections.abc import Sequence
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Vector
from numpy.lib.stride_tricks import sliding_window_view

SIDES: Final = [
    Vector(axis) * sign for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1)) for sign in (1, -1)
]
PIXELS: Final = 96


def pictures(objects: Sequence[bpy.types.Object], middle: Vector, size: float = 2.6) -> list[Any]:
    """(6, n, n) how bright it is from each side, in even light, of a square that large."""
    scene = bpy.context.scene
    shown = {one: one.hide_render for one in scene.objects}
    for one in shown:
        one.hide_render = one not in objects
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", 4
    scene.render.resolution_x = scene.render.resolution_y = PIXELS
    scene.render.film_transparent = False
    scene.world = scene.world or bpy.data.worlds.new("Even")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (1, 1, 1, 1)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale = "ORTHO", size
    scene.collection.objects.link(camera)
    scene.camera = camera
    found = []
    for side in SIDES:
        camera.location = middle + 2 * size * side
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
