"""An empty space inside a figurine, and holes that it drains through. Lengths are millimetres.

The space is where the surface is further away than the wall is thick, found in a volume of voxels.
"""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any, Final

import bmesh
import bpy
import numpy as np
from mathutils import Matrix, Vector

from ...printing.limits import grams
from ...printing.orders import Hollow
from ..core.access import present, scene_of
from ..model.arrays import Places, places_of
from ..model.failure import PreparationFailed
from .booleans import combine_any, is_closed, put_beside, unite
from .fixes import delete_faces
from .rays import STEP, Rays
from .rods import turned_rods
from .shells import Looked, look_through
from .solid import Solid, solid_of

VOXELS: Final = 4
"""In the thickness of a wall."""
MOST: Final = 400
"""Voxels along the longest side."""
BEYOND: Final = 2.0
"""Voxels further inside than the wall that distances are known."""
SPARE: Final = 0.05
"""Of a voxel that a wall gets more, so that it is thinner nowhere between the corners of voxels."""
PUSHES: Final = 2
"""Times that corners too close to the outside are moved inwards."""
SIZES: Final = (1.0, 0.93, 1.07)
"""Of voxels, one after the other until the surface made of them is closed."""
FLOOR: Final = 1.5
"""Voxels above the lowest place of a space that a hole may begin at."""
LONG: Final = 3.0
"""Walls that a hole goes through straight down; where it is further, it leaves by the side."""
LEFT: Final = 0.4
"""Beside a hole, at least."""
PAST: Final = 0.3
"""That a hole is cut longer at both ends, at least: where it ends is known by rounding."""
LOOKED_AT: Final = 200
"""Places of a floor, at most."""
ASIDE: Final = 0.02
"""Of their radius."""


@dataclass(frozen=True, slots=True)
class Hollowed:
    """What became of a figurine."""

    cavities: int
    holes: int
    saved: float
    """In mm³."""

    def document(self, material: str) -> dict[str, Any]:
        """As JSON has it, with what was saved in grams as well."""
        return {
            "cavities": self.cavities,
            "holes": self.holes,
            "saved": round(self.saved, 4),
            "grams": round(grams(self.saved, material), 4),
        }


def hollow(mesh: bpy.types.Mesh, order: Hollow) -> Hollowed:
    """Make a closed figurine hollow; raises PreparationFailed.

    What is thinner than two walls stays solid, and so does a space smaller than a ball as wide as
    a drain hole. Hollow spaces that were there already are filled before.
    """
    if not is_closed(mesh):
        raise PreparationFailed(
            "Only a closed surface can be made hollow.",
            hint="Close its holes first, or make it anew of voxels.",
        )
    looked = unite(mesh) or look_through(mesh)
    before = looked.shells.volume
    if _fill_cavities(mesh, looked):
        looked = look_through(mesh)
    space, voxel = _space(mesh, order, looked.rays)
    if space is None:
        return Hollowed(0, 0, before - looked.shells.volume)
    inner = solid_of(space)
    put_beside(mesh, space)
    both = look_through(mesh)
    _refuse_what_overlaps(both, inner)
    drains, drained = _drains(inner, looked.rays, both.rays, order, voxel)
    if drains:
        shells = both.solid.shell_of[1] - drained
        _cut(mesh, drains, order.diameter / 2, shells)
    bpy.data.meshes.remove(space)
    saved = before - float(solid_of(mesh).volumes.sum())
    return Hollowed(inner.shell_of[1], len(drains), saved)


def _fill_cavities(mesh: bpy.types.Mesh, looked: Looked) -> bool:
    """Delete what is inside of the mesh; returns whether something was."""
    within = np.flatnonzero(looked.shells.depths)
    if len(within):
        delete_faces(mesh, looked.solid.faces(looked.shells.triangles(within)))
    return bool(len(within))


def _refuse_what_overlaps(both: Looked, space: Solid) -> None:
    """Raise PreparationFailed where the space is cut by parts that could not be united."""
    mesh = both.solid.mesh
    inner = both.solid.polygons >= len(mesh.polygons) - len(space.mesh.polygons)
    crossed = (inner[both.cuts[:, 0]] != inner[both.cuts[:, 1]]).any()
    if crossed or len(both.shells.inside_out):
        raise PreparationFailed(
            "Parts that cut through each other could not be united.",
            hint="Make the surface anew of voxels first.",
        )


def _space(mesh: bpy.types.Mesh, order: Hollow, outer: Rays) -> tuple[bpy.types.Mesh | None, float]:
    """What is further inside than the wall, turned inwards, and the size of its voxels.

    None where nothing is, or nothing large enough.
    """
    places = places_of(mesh)
    longest = float(np.ptp(places, axis=0).max())
    least = pi / 6 * order.diameter**3
    for size in SIZES:
        voxel = max(order.wall / VOXELS, longest / MOST) * size
        depth = order.wall + SPARE * voxel
        made = _inside(mesh, depth, voxel)
        _push(made, outer, depth)
        solid = solid_of(made)
        shell, count = solid.shell_of
        volumes = np.bincount(shell, weights=solid.volumes, minlength=count)
        # Beside it is the body that shows how deep "inside" is.
        beside = solid.places[solid.triangles[:, 0], 0] < float(places[:, 0].min())
        small = np.flatnonzero(beside | (volumes[shell] < least))
        delete_faces(made, solid.faces(small))
        if not made.polygons:
            bpy.data.meshes.remove(made)
            return None, voxel
        if is_closed(made):
            made.flip_normals()
            return made, voxel
        bpy.data.meshes.remove(made)
    raise PreparationFailed("The space inside could not be closed.", hint="Try another thickness.")


def _push(made: bpy.types.Mesh, outer: Rays, depth: float) -> None:
    """Move corners inwards that voxels left too close to the outside."""
    for _ in range(PUSHES):
        for vertex in made.vertices:
            near, _normal, _triangle, distance = outer.tree.find_nearest(vertex.co, depth)
            if near is not None and distance:
                vertex.co += (vertex.co - near) * (depth / distance - 1.0)
    made.update()


def _inside(mesh: bpy.types.Mesh, depth: float, voxel: float) -> bpy.types.Mesh:
    """The surface that is so deep inside of the mesh, and of a body at its left."""
    known = depth + BEYOND * voxel
    body = _with_a_deep_body(mesh, known + voxel)
    volume = bpy.data.objects.new("volume", bpy.data.volumes.new("volume"))
    source = bpy.data.objects.new("source", body)
    target = bpy.data.objects.new("target", bpy.data.meshes.new("target"))
    for obj in (volume, source, target):
        scene_of(bpy.context).collection.objects.link(obj)
    filled: Any = volume.modifiers.new("", "MESH_TO_VOLUME")
    filled.object, filled.density = source, 1.0
    filled.resolution_mode, filled.voxel_size = "VOXEL_SIZE", voxel
    filled.interior_band_width = known
    surface: Any = target.modifiers.new("", "VOLUME_TO_MESH")
    surface.object, surface.threshold = volume, depth / known
    depsgraph = bpy.context.evaluated_depsgraph_get()
    made = bpy.data.meshes.new_from_object(target.evaluated_get(depsgraph), depsgraph=depsgraph)
    used = (volume.data, body, target.data)
    bpy.data.batch_remove([volume, source, target, *(data for data in used if data)])
    return present(made, "surface")


def _with_a_deep_body(mesh: bpy.types.Mesh, depth: float) -> bpy.types.Mesh:
    """A copy with a cube at its left that reaches deeper than that.

    Blender's volume is 1 where it is deepest: with the cube that is as deep in every figurine.
    """
    low = places_of(mesh).min(axis=0).tolist()
    shape = bmesh.new()
    shape.from_mesh(mesh)
    middle = Vector((low[0] - 3 * depth, low[1], low[2]))
    bmesh.ops.create_cube(shape, size=2.5 * depth, matrix=Matrix.Translation(middle[:]))
    made = bpy.data.meshes.new("body")
    shape.to_mesh(made)
    shape.free()
    return made


@dataclass(frozen=True, slots=True)
class _Drain:
    """A hole."""

    start: Vector
    end: Vector

    def is_apart(self, other: "_Drain", order: Hollow) -> bool:
        """Whether both can be cut."""
        return (self.start - other.start).length > 2 * order.diameter


DOWN: Final = Vector((0.0, 0.0, -1.0))


def _drains(
    inner: Solid, outer: Rays, both: Rays, order: Hollow, voxel: float
) -> tuple[list[_Drain], int]:
    """Holes none of which is in the way of another, and how many spaces they drain."""
    shell, count = inner.shell_of
    found: list[_Drain] = []
    drained = 0
    for number in range(count if order.holes else 0):
        places = inner.places[np.unique(inner.triangles[shell == number])]
        floor = places[places[:, 2] <= places[:, 2].min() + FLOOR * voxel]
        floor = floor[:: -(-len(floor) // LOOKED_AT)]
        wanted = _apart(_roomy(floor, outer, both, order), order)
        drains = [_drain(place, outer, both, order) for place in wanted]
        free = [drain for drain in drains if all(drain.is_apart(one, order) for one in found)]
        found += free
        drained += bool(free)
    return found, drained


def _roomy(floor: Places, outer: Rays, both: Rays, order: Hollow) -> Places:
    """Places of the floor with room for a hole around them; if none has, the one with the most."""
    room = np.array([_room(Vector(place), outer, both, order) for place in floor.tolist()])
    enough = room >= order.diameter / 2 + LEFT
    return floor[enough] if enough.any() else floor[[int(np.argmax(room))]]


def _room(place: Vector, outer: Rays, both: Rays, order: Hollow) -> float:
    """How far the outside is, sideways, from the middle of a hole straight down; 0: no place."""
    length = _reach(outer, place, DOWN)
    if length > LONG * order.wall or _reach(both, place, -DOWN) < LEFT:
        return 0.0
    middle = place + DOWN * (length / 2)
    turns = [pi / 4 * number for number in range(8)]
    return min(_reach(outer, middle, Vector((cos(t), sin(t), 0.0))) for t in turns)


def _reach(rays: Rays, place: Vector, way: Vector) -> float:
    """How far a surface is, from there in that direction; infinite where there is none."""
    distance = rays.tree.ray_cast(place + way * STEP, way)[3]
    return float("inf") if distance is None else distance + STEP


def _apart(places: Places, order: Hollow) -> Places:
    """As many of the places as holes are wanted, far from each other."""
    middle = places.mean(axis=0)
    away = np.linalg.norm(places - middle, axis=1)
    chosen = [int(np.argmin(away) if order.holes == 1 else np.argmax(away))]
    while len(chosen) < order.holes:
        gaps = np.linalg.norm(places[:, None] - places[chosen], axis=2).min(axis=1)
        if gaps.max() < 2 * order.diameter:
            break
        chosen.append(int(np.argmax(gaps)))
    return places[chosen]


def _drain(floor: Places, outer: Rays, both: Rays, order: Hollow) -> _Drain:
    """A hole from there straight down, or the shortest way out where that is far."""
    start, way = Vector(floor.tolist()), DOWN
    length = _reach(outer, start, way)
    if length > LONG * order.wall:
        near = outer.tree.find_nearest(start)[0]
        way = (present(near, "surface") - start).normalized()
        length = _reach(outer, start, way)
    radius = order.diameter / 2
    end = start + way * length
    above, below = (
        max(PAST, min(radius, _reach(both, place, onwards) / 2))
        for place, onwards in ((start, -way), (end, way))
    )
    return _Drain(start - way * above, end + way * below)


def _cut(mesh: bpy.types.Mesh, drains: list[_Drain], radius: float, shells: int) -> None:
    # Aside of the corners of voxels, where booleans fail.
    aside = Vector((0.6, 0.8, 0.0)) * (ASIDE * radius)
    lines = [(drain.start + aside, drain.end + aside) for drain in drains]
    if not combine_any(mesh, turned_rods(lines, radius), "DIFFERENCE", shells):
        raise PreparationFailed(
            "The drain holes could not be cut.", hint="Make the surface anew of voxels first."
        )
