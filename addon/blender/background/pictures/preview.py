"""A small picture of the model. Cycles on the CPU: it needs no display and no graphics card."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

from ...core.access import typed
from ...model.shading import new_world
from ..export import GEOMETRY

SIZE = 256
"""Pixels; what Blender shows in the asset browser."""
SAMPLES = 24
LENS = 85.0
"""Millimetres."""
SENSOR = 36.0
"""Millimetres."""
DIRECTION = Vector((0.75, -1.0, 0.55)).normalized()
"""From the model to the camera."""
MARGIN = 1.1
SUN_FROM = Vector((0.3, -0.8, 1.0))
"""From behind the camera's shoulder."""


def render(objects: Sequence[bpy.types.Object], to: Path) -> None:
    """Render the objects into the PNG file ``to``; the file is left as it was."""
    scene = bpy.data.scenes.new("Preview")
    added: list[bpy.types.ID] = [scene]
    try:
        center, radius = _sphere(objects)
        for obj in objects:
            scene.collection.objects.link(obj)
        added += _light(scene)
        added += _camera(scene, center, radius)
        _set_up(scene, to)
        bpy.ops.render.render(write_still=True, scene=scene.name)
    finally:
        bpy.data.batch_remove(added)


def _sphere(objects: Sequence[bpy.types.Object]) -> tuple[Vector, float]:
    corners = [
        obj.matrix_world @ Vector(corner)
        for obj in objects
        if obj.type in GEOMETRY
        for corner in obj.bound_box
    ]
    low = Vector([min(corner[axis] for corner in corners) for axis in range(3)])
    high = Vector([max(corner[axis] for corner in corners) for axis in range(3)])
    return (low + high) / 2, max((high - low).length / 2, 1e-6)


def _light(scene: bpy.types.Scene) -> list[bpy.types.ID]:
    """A sun and an even sky."""
    world = new_world("Preview")
    tree: Any = world.node_tree
    tree.nodes["Background"].inputs["Strength"].default_value = 0.9
    scene.world = world
    light = typed(bpy.types.SunLight, bpy.data.lights.new("Preview", "SUN"))
    light.energy = 2.5
    light.angle = math.radians(15.0)
    sun = bpy.data.objects.new("Preview", light)
    sun.rotation_euler = SUN_FROM.to_track_quat("Z", "Y").to_euler()
    scene.collection.objects.link(sun)
    return [world, light, sun]


def _camera(scene: bpy.types.Scene, center: Vector, radius: float) -> list[bpy.types.ID]:
    """A camera that has the whole sphere in its picture."""
    data = bpy.data.cameras.new("Preview")
    data.lens, data.sensor_width = LENS, SENSOR
    distance = MARGIN * radius / math.sin(data.angle / 2)
    data.clip_start, data.clip_end = distance / 100, distance * 10
    camera = bpy.data.objects.new("Preview", data)
    camera.location = center + DIRECTION * distance
    camera.rotation_euler = DIRECTION.to_track_quat("Z", "Y").to_euler()
    scene.collection.objects.link(camera)
    scene.camera = camera
    return [data, camera]


def _set_up(scene: bpy.types.Scene, to: Path) -> None:
    render: Any = scene.render  # the stubs do not know engines that are add-ons
    render.engine = "CYCLES"
    cycles: Any = scene.path_resolve("cycles")
    cycles.device = "CPU"
    cycles.samples = SAMPLES
    cycles.use_denoising = False
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = SIZE
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    view: Any = scene.view_settings  # the stubs know no transform by name
    view.view_transform = "Standard"
    scene.render.filepath = str(to)
