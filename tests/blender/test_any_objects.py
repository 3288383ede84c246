"""Any objects that are sent and come back unchanged look the same, in the same place.

Written, exported, prepared and placed as always, by one background Blender for all of them.
"""

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from hypothesis import given
from mathutils import Matrix, Vector
from mathutils.bvhtree import BVHTree
from mathutils.kdtree import KDTree

from tests.blender.any_objects import FRAME, AnyObjects, build, objects
from tests.blender.conftest import part
from tests.blender.echo import Do, come_back
from tests.blender.examples import empty, tried
from tests.blender.results import own_home
from tests.blender.round_trips import select
from tests.blender.test_replace_original import sent

FRAMES = (1, FRAME, 2 * FRAME)


class Surface:
    """What is seen of some objects: where it is, and its color there."""

    def __init__(self, shown: Sequence[bpy.types.Object]) -> None:
        corners: list[Any] = []
        self.colors: list[Any] = []
        depsgraph = bpy.context.evaluated_depsgraph_get()
        for instance in depsgraph.object_instances:
            of: Any = instance.parent if instance.is_instance else instance.object
            if of.original not in shown or instance.object.type not in VISIBLE:
                continue
            shown_one = instance.object
            mesh = shown_one.to_mesh()
            slots = [slot.material for slot in shown_one.material_slots]
            self._add(mesh, slots, corners, instance.matrix_world)
            shown_one.to_mesh_clear()
        self.corners = np.array(corners).reshape(-1, 3, 3)
        flat = self.corners.reshape(-1, 3)
        numbers = np.arange(len(flat)).reshape(-1, 3).tolist()
        self.tree = BVHTree.FromPolygons(flat.tolist(), numbers)

    def _add(self, mesh: Any, slots: Any, corners: list[Any], world: Matrix) -> None:
        mesh.calc_loop_triangles()
        layer = mesh.uv_layers.active
        for triangle in mesh.loop_triangles:
            places = [tuple(world @ mesh.vertices[vertex].co) for vertex in triangle.vertices]
            corners.append(places[::-1] if world.is_negative else places)
            uvs = [layer.uv[n].vector[0] for n in triangle.loops] if layer else [0.0]
            material = slots[triangle.material_index] if slots else None
            self.colors.append(color_of(material, sum(uvs) / len(uvs)))

    def off(self, other: "Surface") -> float:
        """The farthest that a corner is from the nearest one of the other."""
        corners, others = (np.unique(one.corners.reshape(-1, 3), axis=0) for one in (self, other))
        tree = KDTree(len(others))
        for number, corner in enumerate(others):
            tree.insert(corner, number)
        tree.balance()
        return max(tree.find(corner)[2] or 0.0 for corner in corners)


VISIBLE = {"MESH", "CURVE", "FONT", "SURFACE", "META"}


def color_of(material: Any, u: float) -> tuple[float, ...]:
    """Of the surface at that U; white where there is nothing."""
    if material is None:
        return ()
    socket = material.node_tree.nodes["Principled BSDF"].inputs["Base Color"]
    if not socket.links:
        return tuple(round(part, 2) for part in socket.default_value)
    image = socket.links[0].from_node.image
    width = image.size[0]
    start = 4 * min(width - 1, int((u % 1.0) * width))
    return tuple(round(part, 2) for part in image.pixels[start : start + 4])


@tried(16)
@given(any_objects=objects())
def test_what_comes_back_unchanged(do: Do, any_objects: AnyObjects) -> None:
    with empty() as folder, own_home(folder) as store:
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        originals = build(any_objects)
        main = originals[-1]
        children = [child for obj in originals for child in obj.children]
        before = Surface(originals)
        stood = [child.matrix_world.copy() for child in children]
        worlds = worlds_of(main)
        select(*originals)
        values = {"prompt": "bricks"} if any_objects.tool == "texture-model" else {}
        job = sent(any_objects.tool, **values)
        # Of several only those that bend as the first one does can go on bending.
        bent = {obj.name for obj in originals[:-1] if can_bend(obj)}
        result = come_back(store, job, do, folder, bent)
        assert not [obj for obj in originals if obj.visible_get()]
        assert_looks_as(before, Surface([result]), textured=any_objects.tool != "repair")
        assert_near(worlds_of(result), worlds)
        assert_near([child.matrix_world for child in children], stood)


def can_bend(obj: Any) -> bool:
    return bool(obj.modifiers or (obj.type == "MESH" and obj.data.shape_keys))


NEAR = 1e-3
"""Metres, and parts of a matrix."""
SLIVER = 0.1
"""Height of a triangle that is nearly none, in longest sides."""


def worlds_of(obj: bpy.types.Object) -> list[Any]:
    """Where the object is in each of the frames."""
    found = []
    for frame in FRAMES:
        bpy.context.scene.frame_set(frame)
        found.append(obj.matrix_world.copy())
    bpy.context.scene.frame_set(FRAME)
    return found


def assert_near(matrices: Sequence[Any], others: Sequence[Any]) -> None:
    for one, other in zip(matrices, others, strict=True):
        assert np.abs(np.array(one) - np.array(other)).max() < NEAR


def assert_looks_as(before: Surface, after: Surface, *, textured: bool) -> None:
    """The same surface, facing the same way, in the same colors."""
    assert after.off(before) < NEAR
    assert before.off(after) < NEAR
    for corners, color in zip(before.corners, before.colors, strict=True):
        outwards = Vector(np.cross(corners[1] - corners[0], corners[2] - corners[0]))
        longest = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).max()
        if outwards.length < SLIVER * longest**2:
            continue  # it faces anywhere
        _, normal, number, _ = after.tree.find_nearest(Vector(corners.mean(axis=0)))
        assert outwards.normalized().dot(normal) > 0.9
        if color or not textured:
            assert after.colors[number] == color
