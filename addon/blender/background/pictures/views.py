"""Pictures of somebody's selection from its four sides, as multi-view generation wants them.

All have the same scale and centre, on white, without perspective, lit from over the camera's
shoulder. Cycles on the CPU: it needs no display and no graphics card.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector

from ....service import whole_files
from ...core.access import mesh_of, scene_of, typed
from ...model.failure import PreparationFailed as RenderFailed
from ...model.shading import new_world
from ..export import plain_objects

__all__ = ["RenderFailed", "render_views"]

SIDES: Final[Mapping[str, tuple[float, float, float]]] = {
    "front": (0.0, -1.0, 0.0),
    "left": (1.0, 0.0, 0.0),
    "back": (0.0, 1.0, 0.0),
    "right": (-1.0, 0.0, 0.0),
}
"""From the object to the camera. Left and right are the object's own: it looks along -Y."""

SAMPLES: Final = 16
BOUNCES: Final = 2
NOISE: Final = 0.05
"""Where less is left, as on the white around the object, a few samples are enough."""
FILLED: Final = 0.9
"""Share of the picture that the object's longest side takes."""
SKY: Final = 0.62
"""Light from all sides; with the sun a white surface comes out just below white."""
SUN: Final = 1.1
SUN_ANGLE: Final = math.radians(20.0)


class _Frame(NamedTuple):
    """What the pictures have to show."""

    center: Vector
    size: float
    """The longest of width, depth and height."""
    reach: float
    """From the centre to anywhere on the object, at most."""


def render_views(
    blend: Path, settings: Mapping[str, Any], pictures: Mapping[str, str]
) -> dict[str, Any]:
    """Render the side each of ``pictures`` is named by into its file.

    ``settings`` are those of ``export.export_model``, ``size``: of a side of each picture in
    pixels, and ``heading``: by how much the object is turned away from -Y, in radians. Raises
    RenderFailed.
    """
    objects = plain_objects(blend, settings)
    turn = Matrix.Rotation(settings["heading"], 3, "Z")
    frame = _frame(objects, turn)
    scene = scene_of(bpy.context)
    set_up(scene, int(settings["size"]), int(settings["size"]))
    light_the_sky(scene)
    camera, sun = _camera(scene, frame), add_sun(scene)
    for side, path in pictures.items():
        direction = turn @ Vector(SIDES[side])
        rotation = direction.to_track_quat("Z", "Y").to_euler()
        camera.location = frame.center + direction * 2 * frame.reach
        camera.rotation_euler = rotation
        aim(sun, rotation)
        render_into(scene, Path(path))
    return {}


_SHOULDER: Final = Euler((math.radians(-35.0), math.radians(-25.0), 0.0)).to_matrix()
"""Where the light comes from, as the camera sees it: above and to the left."""


def _frame(objects: Sequence[bpy.types.Object], turn: Matrix) -> _Frame:
    """The box around the objects that is turned as they are."""
    boxes = [_box(mesh_of(obj), turn) for obj in objects]
    boxes = [box for box in boxes if box.size]
    if not boxes:
        raise RenderFailed(
            "There is no surface to show.", hint="Select a mesh that has at least one face."
        )
    corners = np.concatenate(boxes)
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = float((high - low).max())
    if not size > 0.0:
        raise RenderFailed("The object has no size.")
    center = turn @ Vector(((low + high) / 2).tolist())
    return _Frame(center, size, max(Vector((high - low).tolist()).length, size))


def _box(mesh: bpy.types.Mesh, turn: Matrix) -> Any:
    """Lowest and highest corner, by the turned axes; nothing where there is no face."""
    if not len(mesh.polygons):
        return np.empty((0, 3))
    places = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", places)
    turned = places.reshape(-1, 3) @ np.array(turn)
    return np.stack((turned.min(axis=0), turned.max(axis=0)))


def set_up(scene: bpy.types.Scene, width: int, height: int) -> None:
    """Let Cycles make a PNG of so many pixels; raises RenderFailed where there is none."""
    render: Any = scene.render  # the stubs do not know engines that are add-ons
    try:
        render.engine = "CYCLES"
    except TypeError as error:
        raise RenderFailed(
            "This Blender has no Cycles, which makes the pictures.",
            hint="Render the views yourself and choose the files.",
        ) from error
    cycles: Any = scene.path_resolve("cycles")
    cycles.device = "CPU"
    cycles.samples = SAMPLES
    cycles.use_denoising = False
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = NOISE
    cycles.max_bounces = BOUNCES
    render.resolution_x, render.resolution_y = width, height
    render.resolution_percentage = 100
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    view: Any = scene.view_settings  # the stubs know no transform by name
    view.view_transform = "Standard"


def light_the_sky(scene: bpy.types.Scene) -> None:
    """White behind the object, and less than that on it."""
    world = scene.world = new_world("Views")
    tree: Any = world.node_tree
    sky = tree.nodes["Background"]
    sky.inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    sky.inputs["Strength"].default_value = SKY
    behind = tree.nodes.new("ShaderNodeBackground")
    behind.inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    path, choice = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMixShader")
    tree.links.new(path.outputs["Is Camera Ray"], choice.inputs[0])
    tree.links.new(sky.outputs[0], choice.inputs[1])
    tree.links.new(behind.outputs[0], choice.inputs[2])
    tree.links.new(choice.outputs[0], tree.nodes["World Output"].inputs["Surface"])


def _camera(scene: bpy.types.Scene, frame: _Frame) -> bpy.types.Object:
    data = bpy.data.cameras.new("Views")
    data.type = "ORTHO"
    data.ortho_scale = frame.size / FILLED
    data.clip_start, data.clip_end = frame.reach / 100, frame.reach * 10
    camera = bpy.data.objects.new("Views", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera


def add_sun(scene: bpy.types.Scene) -> bpy.types.Object:
    """The light that makes forms; it shines as it is turned."""
    light = typed(bpy.types.SunLight, bpy.data.lights.new("Views", "SUN"))
    light.energy, light.angle = SUN, SUN_ANGLE
    sun = bpy.data.objects.new("Views", light)
    scene.collection.objects.link(sun)
    return sun


def aim(sun: bpy.types.Object, rotation: Euler) -> None:
    """Let it shine as over the shoulder of a camera of that rotation."""
    sun.rotation_euler = (rotation.to_matrix() @ _SHOULDER).to_euler()


def render_into(scene: bpy.types.Scene, to: Path) -> None:
    """Under another name first: who counts the files sees none that is not finished.

    Raises RenderFailed.
    """
    part = to.with_name(f"{to.stem}.part.png")
    scene.render.filepath = str(part)
    try:
        bpy.ops.render.render(write_still=True)
        whole_files.replace(part, to)
    except (OSError, RuntimeError) as error:
        raise RenderFailed("The picture {name} could not be written.", name=to.name) from error
    finally:
        whole_files.discard(part)
