"""What artists have, sent and come back unchanged, makes the same picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.echo import Do, come_back
from tests.blender.photographs import assert_alike, photograph
from tests.blender.round_trips import select
from tests.blender.test_replace_original import sent
from tests.blender.test_seen_is_sent import BLUE, GREEN, RED, cube, generated, material_of, packed
from tests.blender.test_takes_place import in_overridden_collection, linked_kit, override


def painted(_folder: Path) -> list[Any]:
    """Pictures with paint that was not saved; where there is a file, Cycles would show that."""
    images = [generated("generated"), packed("packed")]
    for image, color in zip(images, (RED, GREEN), strict=True):
        half = image.size[0] * image.size[1] // 2
        image.pixels.foreach_set([*list(color) * half, *list(BLUE) * half])
        image.update()
    return [cube(image.name, 3.0 * n, material_of(image)) for n, image in enumerate(images)]


def posed(_folder: Path) -> list[Any]:
    obj = cube("Body", 0.0, material_of(fading()))
    bpy.ops.object.armature_add()
    rig: Any = bpy.context.object
    rig.pose.bones[0].rotation_mode = "XYZ"
    rig.pose.bones[0].rotation_euler = (0.3, 0.0, 0.4)
    group = obj.vertex_groups.new(name=rig.pose.bones[0].name)
    group.add([vertex.index for vertex in obj.data.vertices if vertex.co.z > 0], 1.0, "ADD")
    obj.modifiers.new("Rig", "ARMATURE").object = rig
    return [obj]


def tapered(_folder: Path) -> list[Any]:
    obj = cube("Tapered", 0.0, material_of(fading()))
    modifier = obj.modifiers.new("Taper", "SIMPLE_DEFORM")
    modifier.deform_method, modifier.factor = "TAPER", 1.0
    return [obj]


def fading() -> Any:
    """A picture that shows which way it lies."""
    image: Any = generated("Fading")
    width, height = image.size
    light = np.ones((height, width, 4), dtype=np.float32)
    light[..., 0] = np.linspace(0.0, 1.0, width)
    light[..., 1] = np.linspace(0.0, 1.0, height)[:, None]
    image.pixels.foreach_set(light.ravel())
    image.pack()
    return image


def three(_folder: Path) -> list[Any]:
    return [cube("c", 4.0 * n, material_of(color=c)) for n, c in enumerate((RED, GREEN, BLUE))]


def of_the_object(_folder: Path) -> list[Any]:
    return [cube("own", 0.0, material_of(color=BLUE), on_object=True)]


def mirrored(_folder: Path) -> list[Any]:
    """Quads, smooth, turned inside out by their scale."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=12, ring_count=6, rotation=(0.5, 0.2, 0.1))
    obj: Any = bpy.context.object
    bpy.ops.object.shade_smooth()
    obj.scale = (1.0, -2.0, 1.5)
    obj.data.materials.append(material_of(fading()))
    return [obj]


def overridden(folder: Path) -> list[Any]:
    return [override(linked_kit(folder))]


def overridden_with_its_collection(folder: Path) -> list[Any]:
    return [in_overridden_collection(linked_kit(folder))]


MADE = (
    painted,
    posed,
    tapered,
    three,
    of_the_object,
    mirrored,
    overridden,
    overridden_with_its_collection,
)


@pytest.mark.parametrize("tool", ["repair", "texture-model"])
@pytest.mark.parametrize("make", MADE)
def test_it_makes_the_same_picture(
    store: Any, tmp_path: Path, do: Do, make: Callable[[Path], Sequence[Any]], tool: str
) -> None:
    objects = make(tmp_path)
    bpy.context.view_layer.update()
    corners = np.array([obj.matrix_world @ v.co for obj in objects for v in obj.data.vertices])
    low, high = corners.min(axis=0), corners.max(axis=0)
    before = photograph(low, high)
    select(*objects)
    job = sent(tool, **({"prompt": "bricks"} if tool == "texture-model" else {}))
    result = come_back(store, job, do, tmp_path)
    assert all(obj.hide_render for obj in objects)
    assert not result.hide_render
    assert_alike(before, photograph(low, high))
