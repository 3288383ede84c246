"""What there is to say about a model in numbers: is it closed, how large, how detailed.

Vertices at one place count as one: files for other programs split them along every seam.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import bpy
from mathutils import Matrix

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

SAME_PLACE: Final = 1e-6
"""Vertices closer than this share of the model's size are at one place."""


def of_meshes(
    meshes: Sequence[bpy.types.Mesh], worlds: Sequence[Matrix] | None = None
) -> dict[str, Any]:
    """The figures of meshes in metres, with ``worlds`` where they do not stand in one space.

    ``open_edges`` are those of each, summed; ``volume`` is that of what the surface encloses,
    meaningful if it is closed.
    """
    import numpy as np  # late: Blender takes a while to load it

    matrices = worlds or [Matrix.Identity(4)] * len(meshes)
    corners = [_coordinates(*pair) for pair in zip(meshes, matrices, strict=True)]
    every = np.concatenate([np.zeros((0, 3)), *corners])
    sides = np.ptp(every, axis=0) if len(every) else np.zeros(3)
    size = float(sides.max())
    pairs = list(zip(meshes, corners, strict=True))
    return {
        "triangles": sum(len(mesh.loops) - 2 * len(mesh.polygons) for mesh in meshes),
        "polygons": sum(len(mesh.polygons) for mesh in meshes),
        "open_edges": sum(_open_edges(mesh, places, size) for mesh, places in pairs),
        "volume": sum(_volume(mesh, places) for mesh, places in pairs),
        "dimensions": [float(side) for side in sides],
        "texture_size": _texture_size(meshes),
    }


def _coordinates(mesh: bpy.types.Mesh, world: Matrix) -> "Floats":
    import numpy as np

    from .arrays import places_of

    places = places_of(mesh).astype(np.float64)
    matrix = np.array(world)
    return places if world == Matrix.Identity(4) else places @ matrix[:3, :3].T + matrix[:3, 3]


def _open_edges(mesh: bpy.types.Mesh, places: "Floats", size: float) -> int:
    """Edges with other than two faces."""
    import numpy as np

    from .arrays import vertices_of_corners

    if not mesh.polygons or size == 0.0:
        return len(mesh.edges)
    corners = vertices_of_corners(mesh)
    starts = np.empty(len(mesh.polygons), dtype=np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    following = np.arange(1, len(corners) + 1)
    following[np.append(starts[1:], len(corners)) - 1] = starts
    welded = _weld(places, size * SAME_PLACE)
    ends = np.sort(np.stack([welded[corners], welded[corners[following]]]), axis=0)
    distinct = ends[0] != ends[1]
    _, faces = np.unique(ends[0][distinct] * len(places) + ends[1][distinct], return_counts=True)
    return int(np.count_nonzero(faces != 2))  # noqa: PLR2004 - a closed surface has two


def _weld(places: "Floats", tolerance: float) -> "Integers":
    """For each vertex the number of its place."""
    import numpy as np

    cells = np.round((places - places.min(axis=0)) / tolerance).astype(np.int64)
    span = int(cells.max()) + 1
    # Cells are below 1e6 along each axis, so three of them fit into one number.
    _, found = np.unique(
        (cells[:, 0] * span + cells[:, 1]) * span + cells[:, 2], return_inverse=True
    )
    return found.astype(np.int64)


def _volume(mesh: bpy.types.Mesh, places: "Floats") -> float:
    """Signed volume of the tetrahedra between the triangles and the centre."""
    import numpy as np

    from .arrays import corners_drawn, vertices_of_corners

    if not mesh.polygons:
        return 0.0
    drawn = vertices_of_corners(mesh)[corners_drawn(mesh)]
    a, b, c = (places - places.mean(axis=0))[drawn].swapaxes(0, 1)
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)


def _texture_size(meshes: Iterable[bpy.types.Mesh]) -> int:
    """Longest side of any picture on the meshes in pixels; 0 if there is none."""
    pictures = {
        node.image
        for mesh in meshes
        for material in mesh.materials
        if material is not None and material.node_tree is not None
        for node in material.node_tree.nodes
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None
    }
    return max((max(cast(Sequence[int], picture.size)) for picture in pictures), default=0)
