"""One picture of several results: side by side, equally high, under one light, each with its words.

One camera without perspective sees all of them, so that each is seen alike.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import bpy
from mathutils import Matrix, Vector

from ...core.access import load_from, scene_of, typed, view_layer_of
from ...core.ids import EXTENSION
from ...model.failure import PreparationFailed as RenderFailed
from ...model.shading import new_material
from ..export import GEOMETRY
from . import views

TURNED: Final = math.radians(-30.0)
"""About the vertical: a front alone shows no depth."""
DIRECTION: Final = Vector((0.0, -1.0, 0.3)).normalized()
"""From the results to the camera."""
GAP: Final = 0.15
"""Between two results, and around all of them, in heights of a result."""
TEXT: Final = 0.055
SPACING: Final = 1.2
"""Size of the words in heights of a result, and from line to line in sizes."""
NAME: Final = EXTENSION
"""Of all that is only there for the picture."""
PIXELS: Final = 480
"""Of a result's height."""
MOST_PIXELS: Final = 8192
"""Along a side of the picture."""
APART: Final = 12.0
"""How much nearer the camera each is than the one before: unseen, and none shades another."""
EMPTY_WIDTH: Final = 0.8
EMPTY_GREY: Final = 0.88
"""What stands where a result did not come."""


class _Shown(NamedTuple):
    """A result in its place, the middle of its base on the origin."""

    root: bpy.types.Object
    words: bpy.types.Object
    width: float
    """Of what is wider."""
    low: float
    high: float
    """Along the picture's height, from the base."""


def render_comparison(results: Sequence[Mapping[str, Any]], to: Path) -> dict[str, Any]:
    """Render the results from left to right into the PNG file ``to``.

    Of each: ``lines`` of text, ``blend`` and ``collection`` of what was prepared; those are empty
    where nothing came. Raises RenderFailed.
    """
    scene = scene_of(bpy.context)
    for obj in list(scene.collection.all_objects):
        bpy.data.objects.remove(obj)
    facing = DIRECTION.to_track_quat("Z", "Y")
    across, up = facing @ Vector((1.0, 0.0, 0.0)), facing @ Vector((0.0, 1.0, 0.0))
    shown = [_show(scene, one, facing.to_matrix(), up) for one in results]
    base = min(one.low for one in shown) - GAP
    nearest = (len(shown) + 1) * APART
    left = 0.0
    for number, one in enumerate(shown):
        middle = (left + GAP + one.width / 2) * across
        one.root.location = middle + DIRECTION * number * APART
        # In front of every result: what is deep would hide the words below it.
        one.words.location = middle + DIRECTION * nearest + up * base
        left += one.width + GAP
    width = left + GAP
    top = max(one.high for one in shown) + GAP
    bottom = base - GAP - max(one.words.dimensions.y for one in shown)
    scale = min(PIXELS, MOST_PIXELS / width)
    views.set_up(scene, round(width * scale), round((top - bottom) * scale))
    views.light_the_sky(scene)
    rotation = facing.to_euler()
    views.aim(views.add_sun(scene), rotation)
    data = bpy.data.cameras.new(NAME)
    data.type, data.sensor_fit, data.ortho_scale = "ORTHO", "HORIZONTAL", width
    data.clip_end = 2 * nearest
    camera = bpy.data.objects.new(NAME, data)
    camera.location = (
        across * width / 2 + up * (top + bottom) / 2 + DIRECTION * (nearest + APART / 2)
    )
    camera.rotation_euler = rotation
    scene.collection.objects.link(camera)
    scene.camera = camera
    views.render_into(scene, to)
    return {}


def _show(scene: bpy.types.Scene, result: Mapping[str, Any], facing: Matrix, up: Vector) -> _Shown:
    root = bpy.data.objects.new(NAME, None)
    scene.collection.objects.link(root)
    objects = _append(scene, result) if result["blend"] else [_nothing(scene, facing)]
    for obj in objects:
        if obj.parent is None:
            obj.parent = root
    if result["blend"]:
        _make_one_high(root, objects)
    corners = _corners(objects)
    words = _words(scene, result["lines"], facing)
    view_layer_of(bpy.context).update()
    heights = [corner.dot(up) for corner in corners]
    width = max(2 * max(abs(corner.x) for corner in corners), words.dimensions.x)
    return _Shown(root, words, width, min(heights), max(heights))


def _append(scene: bpy.types.Scene, result: Mapping[str, Any]) -> list[bpy.types.Object]:
    path = Path(result["blend"])
    try:
        with load_from(path) as (_, wanted):
            wanted.collections = [result["collection"]]
    except OSError as error:
        raise RenderFailed("The result {name} cannot be read.", name=path.name) from error
    collection: bpy.types.Collection | None = wanted.collections[0]
    if collection is None:
        raise RenderFailed("{name} does not hold the result.", name=path.name)
    scene.collection.children.link(collection)
    return list(collection.all_objects)


def _make_one_high(root: bpy.types.Object, objects: Sequence[bpy.types.Object]) -> None:
    """Stand the result on the middle of its base, one high; one that lies flat is one wide."""
    corners = _corners(objects)
    if not corners:
        raise RenderFailed("There is no surface to show.")
    low = Vector([min(corner[axis] for corner in corners) for axis in range(3)])
    high = Vector([max(corner[axis] for corner in corners) for axis in range(3)])
    sides = high - low
    longest = max(sides[:])
    size = sides.z if sides.z > longest / 100 else longest
    middle = Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))
    turn, scale = Matrix.Rotation(TURNED, 4, "Z"), Matrix.Scale(1.0 / (size or 1.0), 4)
    # The root itself is moved along the row: all else is in how the result hangs on it.
    for obj in objects:
        if obj.parent is root:
            obj.matrix_parent_inverse = turn @ scale @ Matrix.Translation((-middle)[:])


def _corners(objects: Sequence[bpy.types.Object]) -> list[Vector]:
    """Of the boxes around all that is a surface, where it is now."""
    layer = scene_of(bpy.context).view_layers[0]
    layer.update()
    return [
        obj.matrix_world @ Vector(corner)
        for obj in objects
        if obj.type in GEOMETRY and any(obj.dimensions[:])
        for corner in obj.bound_box
    ]


def _nothing(scene: bpy.types.Scene, facing: Matrix) -> bpy.types.Object:
    """An even field of a result's height."""
    mesh = bpy.data.meshes.new(NAME)
    half = EMPTY_WIDTH / 2
    corners = [
        facing @ Vector((x, y, 0.0)) for x, y in ((-half, 0), (half, 0), (half, 1), (-half, 1))
    ]
    mesh.from_pydata([corner[:] for corner in corners], [], [(0, 1, 2, 3)])
    mesh.materials.append(_flat(EMPTY_GREY))
    obj = bpy.data.objects.new(NAME, mesh)
    scene.collection.objects.link(obj)
    return obj


def _words(scene: bpy.types.Scene, lines: Sequence[str], facing: Matrix) -> bpy.types.Object:
    curve = typed(bpy.types.TextCurve, bpy.data.curves.new(NAME, "FONT"))
    curve.body = "\n".join(lines)
    curve.size, curve.space_line = TEXT, SPACING
    curve.align_x, curve.align_y = "CENTER", "TOP"
    curve.materials.append(_flat(0.0))
    obj = bpy.data.objects.new(NAME, curve)
    obj.rotation_euler = facing.to_euler()
    scene.collection.objects.link(obj)
    return obj


def _flat(grey: float) -> bpy.types.Material:
    """A color that no light changes."""
    material = new_material(NAME)
    tree: Any = material.node_tree
    light = tree.nodes.new("ShaderNodeEmission")
    light.inputs["Color"].default_value = (grey, grey, grey, 1.0)
    output = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    tree.links.new(light.outputs[0], output.inputs["Surface"])
    return material
