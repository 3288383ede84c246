"""New textures on the artist's own UV map: baked there from the surface that came.

What a service returns has a UV map of its own. Whoever has painted or packed by another one wants
the pictures to lie on that, and to know how much of the look it costs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import bpy
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from ...core.access import copy_of, mesh_of, size_of
from ...model.names import KEPT_UV_MAP
from ...model.shading import nodes_of
from ..baking import bake, dressing, unwrapping
from ..baking.gaps import anywhere, spread

if TYPE_CHECKING:
    from ...model.arrays import Floats, Integers, Places
    from ..pictures.surface_colors import Spots

LEAST: Final = 512
MOST: Final = 4096
"""Pixels along the side of the baked pictures, which are as large as those that came."""
PLACES: Final = 4000
"""Looked at to tell how much the look differs."""

NO_MAP: Final = "The UV map {uv_map} was not kept: what was sent does not have it."
OVERLAPS: Final = (
    "The UV map {uv_map} was not kept: it lies over itself, or outside of the square from 0 to 1. "
    "The new textures have a UV map of their own."
)
KEPT: Final = (
    "The textures lie on {uv_map}; their colors differ by {percent:.1f} % from the look that came."
)


class NotKept(Exception):
    """The textures stay on the UV map that came; the text and its ``parts`` say why."""

    def __init__(self, words: str, **parts: Any) -> None:
        super().__init__(words)
        self.words = words
        self.parts = parts


def bake_onto(
    own: bpy.types.Mesh, shapes: Sequence[bpy.types.Object], uv_map: str, name: str
) -> float:
    """Dress ``own``, the mesh that was sent, in pictures of what the ``shapes`` show, on that map.

    Returns by how much the colors differ, 0-1: the mean over the surface. Raises NotKept, and
    ``bake.BakingFailed``; then it is as it was.
    """
    if uv_map not in own.uv_layers:
        raise NotKept(NO_MAP, uv_map=uv_map)
    own.uv_layers.active = own.uv_layers[uv_map]
    if not unwrapping.is_usable(own):
        raise NotKept(OVERLAPS, uv_map=uv_map)
    target = bpy.data.objects.new(name, own)
    try:
        pieces = [(copy_of(mesh_of(obj)), obj.name, obj.matrix_world.copy()) for obj in shapes]
        if not bake.bake_onto_map(target, pieces, name, _side(shapes)):
            _wear_plainly(own, shapes)
    finally:
        bpy.data.objects.remove(target)
    own[KEPT_UV_MAP] = uv_map
    return _difference(own, shapes)


def _side(shapes: Sequence[bpy.types.Object]) -> int:
    """As many pixels as the largest picture that came has."""
    images = {
        node.image
        for obj in shapes
        for material in mesh_of(obj).materials
        if material is not None
        for node in nodes_of(material.node_tree)
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None
    }
    return min(max([LEAST, *(max(size_of(image)) for image in images)]), MOST)


def _wear_plainly(own: bpy.types.Mesh, shapes: Sequence[bpy.types.Object]) -> None:
    """Nothing of what came is a picture: one material says it all, if there is any."""
    dressing.wear(own, list(mesh_of(shapes[0]).materials)[:1])


def _difference(own: bpy.types.Mesh, shapes: Sequence[bpy.types.Object]) -> float:
    """The mean difference of the colors, as they are stored, at places all over the surface."""
    import numpy as np

    from ...model.colors import to_srgb

    mine = _spots(own)
    places = _places(own, mine)
    shown = to_srgb(np.clip(_colors(mine), 0.0, 1.0))
    came = to_srgb(np.clip(_nearest_colors(shapes, places), 0.0, 1.0))
    return float(np.abs(shown - came).mean())


def _spots(mesh: bpy.types.Mesh) -> "Spots":
    """Places all over the mesh, everywhere as close."""
    import numpy as np

    from ...model.arrays import corners_of, triangles_of
    from ..pictures.surface_colors import Spots

    drawn = triangles_of(mesh, corners_of(mesh))
    chance = np.random.default_rng(1)
    which = anywhere(chance, drawn.areas(), PLACES)
    return Spots(mesh, drawn.corners[which].T, spread(chance, PLACES).T.astype(np.float32))


def _places(mesh: bpy.types.Mesh, spots: "Spots") -> "Places":
    """(n, 3) where the spots are."""
    import numpy as np

    from ...model.arrays import corners_of, places_of

    corners: Floats = places_of(mesh)[corners_of(mesh).vertices]
    return spots.blend(corners).astype(np.float64)


def _colors(spots: "Spots") -> "Floats":
    """(n, 3) light that is thrown back there."""
    import numpy as np

    from ...model.arrays import corners_of, slots_of
    from ..pictures.surface_colors import looks

    mesh = spots.mesh
    slots: Integers = slots_of(mesh)[corners_of(mesh).polygons[spots.corners[0]]]
    found = np.zeros((spots.corners.shape[1], 3), dtype=np.float32)
    for which, seen in looks(spots, slots, list(mesh.materials) or [None], {}):
        found[which] = seen.color
    return found


def _nearest_colors(shapes: Sequence[bpy.types.Object], places: "Places") -> "Floats":
    """(n, 3) what the shapes show where they are nearest to the places."""
    import numpy as np

    found = np.zeros((len(places), 3), dtype=np.float32)
    closest = np.full(len(places), np.inf)
    for shape in shapes:
        gaps, spots = _nearest_spots(shape, places)
        closer = gaps < closest
        found[closer], closest[closer] = _colors(spots)[closer], gaps[closer]
    return found


def _nearest_spots(shape: bpy.types.Object, places: "Places") -> "tuple[Places, Spots]":
    """What of the shape is nearest to each of the places, and (n,) how far away that is."""
    import numpy as np

    from ...model.arrays import corners_of, moved, triangles_of
    from ..pictures.surface_colors import Spots
    from .matched_triangles import weights_of

    mesh = mesh_of(shape)
    drawn = triangles_of(mesh, corners_of(mesh))
    at = moved(drawn.at().astype(np.float64), shape.matrix_world)
    numbers = np.arange(at.size // 3).reshape(-1, 3)
    tree = BVHTree.FromPolygons(at.reshape(-1, 3).tolist(), numbers.tolist(), all_triangles=True)
    found = [tree.find_nearest(place) for place in places.tolist()]
    which = np.array([0 if index is None else index for _, _, index, _ in found])
    points = np.array([point or Vector() for point, _, _, _ in found])
    gaps = np.array([np.inf if gap is None else gap for _, _, _, gap in found])
    weights = np.clip(weights_of(points[:, None], at[which])[:, 0], 0.0, 1.0)
    return gaps, Spots(mesh, drawn.corners[which].T, weights.T.astype(np.float32))
