"""Pictures of a model on transparency: Cycles for a still, Workbench for sequences."""

import math
from dataclasses import dataclass
from typing import Any

import bpy
import mathutils
from mathutils import Vector

from . import scenes

Refused = scenes.Refused
Scene = Any
"""bpy.types.Scene, whose stubs make every nested setting optional."""

_MARGIN = 1.08
_GROUND = 60.0


@dataclass(frozen=True, slots=True)
class _Lamp:
    """An area light; ``size`` in radii of the model."""

    azimuth: float
    elevation: float
    size: float
    share: float


@dataclass(frozen=True, slots=True)
class _Lighting:
    """Lamps and surrounding light for Cycles, and Workbench's nearest built-in light."""

    lamps: tuple[_Lamp, ...]
    ambient: float
    workbench: str


_LIGHTINGS = {
    "studio": _Lighting(
        (_Lamp(-40, 40, 1.6, 1.0), _Lamp(55, 15, 2.4, 0.3), _Lamp(165, 50, 1.2, 0.8)),
        0.15,
        "Default",
    ),
    "soft": _Lighting((_Lamp(-30, 60, 5.0, 0.7), _Lamp(60, 50, 5.0, 0.5)), 0.5, "outdoor.sl"),
    "dramatic": _Lighting((_Lamp(-75, 25, 0.7, 1.4), _Lamp(150, 35, 0.7, 0.9)), 0.03, "rim.sl"),
}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Render every view of the GLB ``source`` as PNG with opacity.

    ``views``: azimuth and elevation in degrees, ``orthographic``, and the ``file`` to write.
    ``width`` and ``height`` in pixels, ``lighting``, ``ground_shadow``, ``quick`` for Workbench;
    for Cycles also ``samples`` and ``seconds``. The answer says what rendered, whether it was
    ``denoised``, and for each view the ``footprint`` on the ground (0-1, from the lower left).
    """
    scenes.start_empty()
    meshes = scenes.import_model(request["source"])
    scene: Scene = bpy.context.scene
    vertex_colours = scenes.show_colours(meshes)
    corners = _corners(meshes)
    lighting = _LIGHTINGS[request["lighting"]]
    _set_up_output(scene, request)
    denoised = False
    if request["quick"]:
        _set_up_workbench(scene, lighting, "VERTEX" if vertex_colours else "TEXTURE")
    else:
        denoised = _set_up_cycles(scene, request)
        _light(scene, lighting, corners)
        if request["ground_shadow"]:
            _lay_ground(corners)
    camera = _camera(scene)
    framed = corners if len(request["views"]) == 1 else _turned(corners)
    footprint = _footprint(meshes, corners)
    shown = []
    for view in request["views"]:
        _aim(camera, view, framed)
        shown.append([_on_screen(scene, camera, point) for point in footprint])
        scene.render.filepath = view["file"]
        bpy.ops.render.render(write_still=True)
    return {"engine": scene.render.engine, "denoised": denoised, "footprints": shown}


def _corners(meshes: list[bpy.types.Object]) -> list[Vector]:
    """The bounding boxes' corners in world coordinates."""
    return [mesh.matrix_world @ Vector(corner) for mesh in meshes for corner in mesh.bound_box]


def _ball(corners: list[Vector]) -> tuple[Vector, float]:
    low = Vector([min(corner[i] for corner in corners) for i in range(3)])
    high = Vector([max(corner[i] for corner in corners) for i in range(3)])
    return (low + high) / 2, max((high - low).length / 2, 1e-6)


def _turned(corners: list[Vector]) -> list[Vector]:
    """Points that frame the model whichever way it is turned about its upright axis."""
    centre, _ = _ball(corners)
    reach = max((corner - centre).xy.length for corner in corners)
    heights = {min(c.z for c in corners), max(c.z for c in corners)}
    angles = [math.radians(15 * step) for step in range(24)]
    return [
        Vector((centre.x + reach * math.cos(a), centre.y + reach * math.sin(a), z))
        for z in heights
        for a in angles
    ]


def _footprint(meshes: list[bpy.types.Object], corners: list[Vector]) -> list[Vector]:
    """The outline of what stands near the ground."""
    lowest, highest = min(c.z for c in corners), max(c.z for c in corners)
    limit = lowest + 0.3 * (highest - lowest) + 1e-6
    points = []
    for mesh in meshes:
        data = mesh.data
        if isinstance(data, bpy.types.Mesh):
            placed = [mesh.matrix_world @ vertex.co for vertex in data.vertices]
            points += [point for point in placed if point.z <= limit]
    hull = mathutils.geometry.convex_hull_2d([(point.x, point.y) for point in points])
    return [Vector((points[i].x, points[i].y, lowest)) for i in hull]


def _on_screen(scene: Scene, camera: bpy.types.Object, point: Vector) -> list[float]:
    from bpy_extras.object_utils import world_to_camera_view

    seen = world_to_camera_view(scene, camera, point)
    return [seen.x, seen.y]


def _camera(scene: Scene) -> bpy.types.Object:
    data = bpy.data.cameras.new("camera")
    data.lens = 60
    camera = bpy.data.objects.new("camera", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera


def _direction(azimuth: float, elevation: float) -> Vector:
    """Towards the viewer; azimuth 0 is the model's front (-Y), positive turns to its +X side."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return Vector((math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)))


def _aim(camera: bpy.types.Object, view: dict[str, Any], framed: list[Vector]) -> None:
    data: Any = camera.data
    towards = _direction(view["azimuth"], view["elevation"])
    data.type = "ORTHO" if view["orthographic"] else "PERSP"
    centre, radius = _ball(framed)
    camera.rotation_euler = towards.to_track_quat("Z", "Y").to_euler()
    camera.location = centre + towards * 10 * radius
    context: Any = bpy.context
    context.view_layer.update()
    flat = [number for point in framed for number in (point.x, point.y, point.z)]
    fit, scale = camera.camera_fit_coords(context.evaluated_depsgraph_get(), flat)
    place = Vector((fit[0], fit[1], fit[2]))
    if view["orthographic"]:
        data.ortho_scale = scale * _MARGIN
        place += towards * 4 * radius
    else:
        place += towards * (_MARGIN - 1) * (place - centre).length
    camera.location = place
    distance = (place - centre).length
    data.clip_start, data.clip_end = distance / 1000, distance + _GROUND * radius
    context.view_layer.update()


def _set_up_output(scene: Scene, request: dict[str, Any]) -> None:
    render = scene.render
    render.resolution_x, render.resolution_y = request["width"], request["height"]
    render.resolution_percentage = 100
    render.film_transparent = True
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGBA"
    render.image_settings.compression = 15
    scene.view_settings.view_transform = "Standard"


def _set_up_workbench(scene: Scene, lighting: _Lighting, colours: str) -> None:
    scene.render.engine = "BLENDER_WORKBENCH"
    shading = scene.display.shading
    shading.light = "STUDIO"
    shading.studio_light = lighting.workbench
    shading.color_type = colours
    shading.show_cavity = True
    scene.display.render_aa = "5"


def _set_up_cycles(scene: Scene, request: dict[str, Any]) -> bool:
    """Whether this Blender can denoise; Debian's cannot."""
    scene.render.engine = "CYCLES"
    cycles: Any = getattr(scene, "cycles", None)
    if cycles is None:
        raise Refused("This Blender was built without Cycles.")
    cycles.device = "CPU"
    cycles.samples = request["samples"]
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.03
    cycles.time_limit = request["seconds"]
    cycles.max_bounces = 4
    cycles.sample_clamp_indirect = 4
    try:
        cycles.denoiser = "OPENIMAGEDENOISE"
    except TypeError:
        cycles.use_denoising = False
        return False
    cycles.use_denoising = cycles.denoiser == "OPENIMAGEDENOISE"
    return bool(cycles.use_denoising)


def _light(scene: Scene, lighting: _Lighting, corners: list[Vector]) -> None:
    centre, radius = _ball(corners)
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    if world.node_tree is not None:
        inputs: Any = world.node_tree.nodes["Background"].inputs
        inputs["Color"].default_value = (1, 1, 1, 1)
        inputs["Strength"].default_value = lighting.ambient
    scene.world = world
    for lamp in lighting.lamps:
        data: Any = bpy.data.lights.new("lamp", "AREA")
        data.size = lamp.size * radius
        distance = 4 * radius
        # Light falls off with the square of the distance; this keeps the exposure at any size.
        data.energy = 19 * lamp.share * distance**2
        placed = bpy.data.objects.new("lamp", data)
        towards = _direction(lamp.azimuth, lamp.elevation)
        placed.location = centre + towards * distance
        placed.rotation_euler = towards.to_track_quat("Z", "Y").to_euler()
        scene.collection.objects.link(placed)


def _lay_ground(corners: list[Vector]) -> None:
    """A floor that only catches the model's shadow."""
    centre, radius = _ball(corners)
    lowest = min(corner.z for corner in corners)
    place = (centre.x, centre.y, lowest - 1e-4 * radius)
    bpy.ops.mesh.primitive_plane_add(size=_GROUND * radius, location=place)
    plane = bpy.context.object
    if plane is not None:
        plane.is_shadow_catcher = True
