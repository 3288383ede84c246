"""Small pictures of the scene, so that what looks the same can be told from what does not.

Cycles on the CPU, as in previews: it needs no window and no graphics card. The light comes from
everywhere and a little more from one side, so wrong normals show.
"""

import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

SIDE = 48
"""Pixels."""
SAMPLES = 4
DIRECTION = Vector((0.6, -1.0, 0.5)).normalized()
"""From what is seen to the camera."""
OTHER = 0.06
"""By how much of black and white a pixel may differ before it counts as another one."""
FEW = 0.02
"""Share of the pixels that may: a ray less or more at an edge."""


def photograph(low: Any, high: Any, moved: Matrix | None = None) -> Any:
    """What is seen of what lies between two corners: (side, side, 4). ``moved``: the camera too."""
    scene = bpy.context.scene
    added = [*_light(scene), *_camera(scene, Vector(low), Vector(high), moved or Matrix())]
    with tempfile.TemporaryDirectory(prefix="studio3d-photograph-") as folder:
        path = Path(folder) / "picture.png"
        _set_up(scene, path)
        bpy.ops.render.render(write_still=True)
        image: Any = bpy.data.images.load(str(path))
        pixels = np.array(image.pixels[:]).reshape(SIDE, SIDE, 4)
    bpy.data.batch_remove([image, *added])
    return pixels


def assert_alike(before: Any, after: Any) -> None:
    """Both show something, and the same."""
    assert before[..., 3].mean() > 0.02, "there is nothing to be seen"
    off = np.abs(before - after).max(axis=2)
    share = float((off > OTHER).mean())
    assert share <= FEW, f"{share:.0%} of the pixels are others, by up to {off.max():.2f}"


def _light(scene: bpy.types.Scene) -> list[bpy.types.ID]:
    world: Any = bpy.data.worlds.new("Photograph")
    world.use_nodes = True
    scene.world = world
    lamp: Any = bpy.data.lights.new("Photograph", "SUN")
    lamp.energy, lamp.use_shadow = 2.0, False
    sun = bpy.data.objects.new("Photograph", lamp)
    sun.rotation_euler = Vector((0.3, -0.6, 1.0)).to_track_quat("Z", "Y").to_euler()
    scene.collection.objects.link(sun)
    return [world, lamp, sun]


def _camera(scene: Any, low: Vector, high: Vector, moved: Matrix) -> list[bpy.types.ID]:
    data: Any = bpy.data.cameras.new("Photograph")
    radius = max((high - low).length / 2, 1e-3)
    data.type, data.ortho_scale = "ORTHO", 2.2 * radius
    data.clip_start, data.clip_end = radius / 100, radius * 10
    camera: Any = bpy.data.objects.new("Photograph", data)
    turn = DIRECTION.to_track_quat("Z", "Y").to_matrix().to_4x4()
    place = Matrix.Translation((low + high) / 2 + DIRECTION * radius * 3)
    camera.matrix_world = moved @ place @ turn
    scene.collection.objects.link(camera)
    scene.camera = camera
    return [data, camera]


def _set_up(scene: Any, path: Path) -> None:
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", SAMPLES
    scene.cycles.use_denoising, scene.cycles.use_adaptive_sampling = False, False
    scene.cycles.max_bounces = 0
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = SIDE
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "Standard"
    scene.render.filepath = str(path)
