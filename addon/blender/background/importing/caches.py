"""What moves in a USD model becomes keys: Blender's importer leaves it in the file.

A .blend would move only as long as the file lies where it was, in the job's folder, and would say
where that is.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Matrix

from ...core.access import mesh_of, present, scene_of
from ...model import motion
from ...model.arrays import Floats, places_of, polygons_of
from .file_references import OwnFiles

MOST_STEPS: Final = 1000
"""Frames of an animation that get keys: between those of a longer one all goes evenly."""
MOST_PLACES: Final = 20_000_000
"""Of vertices in all shapes of a mesh together: a quarter of a gigabyte."""
STILL: Final = 1e-6
"""Differences, as a share of the size, that are none."""
APART: Final = 10.0
"""What Blender has between two shapes that follow each other."""

OTHER_POLYGONS: Final = (
    "{name} has other polygons from frame to frame: only the first of them was brought in."
)
FEWER: Final = "{name} moves in {n} steps, fewer than in the file: it has too many vertices."


def to_keys(objects: Collection[bpy.types.Object], own: OwnFiles) -> None:
    """Let keys move the objects in place of files; what cannot be is noted in ``own``."""
    places = [_Places(obj) for obj in objects if _constraints(obj)]
    shapes = [_Shapes(obj) for obj in objects if obj.type == "MESH" and _modifiers(obj)]
    frames = list(_frames()) if places or shapes else []
    scene = scene_of(bpy.context)
    before = scene.frame_current
    for frame in frames:
        scene.frame_set(frame)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        for place in places:
            place.look(depsgraph, frame)
        for shape in shapes:
            shape.look(depsgraph, frame, len(frames))
    for place in places:
        place.write()
    for shape in shapes:
        shape.write(own)
    scene.frame_set(before)
    bpy.data.batch_remove(list(bpy.data.cache_files))


def _constraints(obj: bpy.types.Object) -> list[bpy.types.Constraint]:
    return [one for one in obj.constraints if one.type == "TRANSFORM_CACHE"]


def _modifiers(obj: bpy.types.Object) -> list[bpy.types.Modifier]:
    return [one for one in obj.modifiers if one.type == "MESH_SEQUENCE_CACHE"]


def _frames() -> Iterator[int]:
    """As the importer has set them; the first and the last among them."""
    scene = scene_of(bpy.context)
    first, last = scene.frame_start, max(scene.frame_end, scene.frame_start)
    steps = min(last - first + 1, MOST_STEPS)
    yield from (round(first + n * (last - first) / max(steps - 1, 1)) for n in range(steps))


class _Places:
    """Where an object is that a file moves."""

    def __init__(self, obj: bpy.types.Object) -> None:
        self._obj = obj
        self._found: list[tuple[int, Matrix]] = []

    def look(self, depsgraph: bpy.types.Depsgraph, frame: int) -> None:
        """Note where it is in relation to what it hangs on."""
        parent = self._obj.parent
        world = self._obj.evaluated_get(depsgraph).matrix_world.copy()
        if parent is not None:
            space = parent.evaluated_get(depsgraph).matrix_world @ self._obj.matrix_parent_inverse
            world = space.inverted_safe() @ world
        self._found.append((frame, world))

    def write(self) -> None:
        """Key it, unless it stands still."""
        for constraint in _constraints(self._obj):
            self._obj.constraints.remove(constraint)
        self._obj.rotation_mode = "QUATERNION"
        first = self._found[0][1]
        is_still = all(_is_same(first, matrix) for _, matrix in self._found)
        turned = None
        for frame, matrix in self._found:
            self._obj.matrix_basis = matrix
            if is_still:
                return
            if turned is not None:
                self._obj.rotation_quaternion.make_compatible(turned)
            turned = self._obj.rotation_quaternion.copy()
            for path in ("location", "rotation_quaternion", "scale"):
                self._obj.keyframe_insert(path, frame=frame)
        motion.go_evenly(self._obj)


def _is_same(one: Matrix, other: Matrix) -> bool:
    numbers = np.array(one), np.array(other)
    return bool(np.abs(numbers[0] - numbers[1]).max() <= STILL * np.abs(numbers[0]).max())


class _Shapes:
    """How a mesh is shaped that a file shapes."""

    def __init__(self, obj: bpy.types.Object) -> None:
        self._obj = obj
        self._mesh: bpy.types.Mesh | None = None
        self._polygons = b""
        self._found: list[tuple[int, Floats]] = []
        self._changes = False
        self._is_thinned = False
        self._looks = 0

    def look(self, depsgraph: bpy.types.Depsgraph, frame: int, count: int) -> None:
        """Note the vertices' places, in as many frames as there is room for."""
        shown = self._obj.evaluated_get(depsgraph)
        mesh = mesh_of(shown)
        if self._mesh is None:
            self._mesh = bpy.data.meshes.new_from_object(
                shown, preserve_all_data_layers=True, depsgraph=depsgraph
            )
            self._polygons = polygons_of(mesh)
        steps = max(2, min(count, MOST_PLACES // max(len(mesh.vertices), 1)))
        self._is_thinned = steps < count
        due = len(self._found) * (count - 1) <= self._looks * (steps - 1)
        self._looks += 1
        if not due or self._changes:
            return
        self._changes = polygons_of(mesh) != self._polygons
        if not self._changes:
            self._found.append((frame, places_of(mesh).copy()))

    def write(self, own: OwnFiles) -> None:
        """Make shapes of it that follow each other, unless it is always the same."""
        for modifier in _modifiers(self._obj):
            self._obj.modifiers.remove(modifier)
        mesh, obj = present(self._mesh, "look at the mesh"), self._obj
        mesh.name = mesh_of(obj).name
        obj.data = mesh
        if self._changes:
            own.left_out.append({"template": OTHER_POLYGONS, "parts": {"name": obj.name}})
            return
        places = [place for _, place in self._found]
        size = float(np.ptp(np.concatenate(places), axis=0).max(initial=0.0))
        if all(np.abs(place - places[0]).max(initial=0.0) <= STILL * size for place in places):
            return
        if self._is_thinned:
            parts = {"name": obj.name, "n": len(places)}
            own.left_out.append({"template": FEWER, "parts": parts})
        _follow(obj, [frame for frame, _ in self._found], places)


def _follow(obj: bpy.types.Object, frames: Sequence[int], places: Sequence[Floats]) -> None:
    """Shapes of the object that come one after the other."""
    for frame, place in zip(frames, places, strict=True):
        shape = obj.shape_key_add(name=str(frame), from_mix=False)
        shape.interpolation = "KEY_LINEAR"
        places_in_shape: Any = shape.data
        places_in_shape.foreach_set("co", np.ascontiguousarray(place).ravel())
    keys: Any = mesh_of(obj).shape_keys
    keys.use_relative = False
    for number, frame in enumerate(frames):
        keys.eval_time = number * APART
        keys.keyframe_insert("eval_time", frame=frame)
    motion.go_evenly(keys)
