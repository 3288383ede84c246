"""What there is to say about a model in numbers: is it closed, how large, how detailed.

Vertices at one place count as one: files for other programs split them along every seam.
"""

import functools
import runpy
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
from mathutils import Matrix

from ..core.access import size_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

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

    from .arrays import moved, places_of

    places = places_of(mesh).astype(np.float64)
    return places if world == Matrix.Identity(4) else moved(places, world)


def _open_edges(mesh: bpy.types.Mesh, places: "Floats", size: float) -> int:
    """Edges with other than two faces."""
    import numpy as np

    from .arrays import edges_of_corners, places_shared, vertices_of_edges

    if not mesh.polygons or size == 0.0:
        return len(mesh.edges)
    faces = np.bincount(edges_of_corners(mesh), minlength=len(mesh.edges))
    number, is_alone = places_shared(places, size * SAME_PLACE)
    one, other = vertices_of_edges(mesh).T
    # Only edges between places that several vertices are at can be one with others.
    whole = is_alone[one] & is_alone[other]
    open_ones = np.count_nonzero(faces[whole & (faces > 0)] != 2)  # noqa: PLR2004 - if closed
    split = np.flatnonzero(~whole)
    one, other = number[one[split]], number[other[split]]
    keys = np.minimum(one, other) * len(places) + np.maximum(one, other)
    _, edge = np.unique(keys, return_inverse=True)
    together = np.bincount(edge, weights=np.where(one == other, 0, faces[split]))
    return int(open_ones + np.count_nonzero((together > 0) & (together != 2)))  # noqa: PLR2004


def _volume(mesh: bpy.types.Mesh, places: "Floats") -> float:
    """Signed volume of the tetrahedra between the triangles and the centre."""
    import numpy as np

    from .arrays import corners_drawn, vertices_of_corners

    if not mesh.polygons:
        return 0.0
    drawn = vertices_of_corners(mesh)[corners_drawn(mesh)]
    x, y, z = np.ascontiguousarray((places - places.mean(axis=0)).T)
    a, b, c = np.ascontiguousarray(drawn.T)
    around_x = y[b] * z[c] - z[b] * y[c]
    around_y = z[b] * x[c] - x[b] * z[c]
    around_z = x[b] * y[c] - y[b] * x[c]
    return float((x[a] @ around_x + y[a] @ around_y + z[a] @ around_z) / 6.0)


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
    return max(map(_longest_side, pictures), default=0)


def _longest_side(picture: bpy.types.Image) -> int:
    """In pixels; Blender would have to decode the whole picture to tell its size."""
    if not picture.has_data and picture.packed_file is not None:
        header = _header_reader()(picture.packed_file.data)
        if header is not None:
            return int(max(header.width, header.height))
    return max(size_of(picture))


@functools.cache
def _header_reader() -> Callable[[bytes], Any]:
    """``service.image_headers.read_image_header``, wherever this package was loaded from.

    That module needs nothing but Python and runs by itself, as ``entry`` does.
    """
    file = Path(__file__).parents[2] / "service" / "image_headers.py"
    reader: Callable[[bytes], Any] = runpy.run_path(str(file))["read_image_header"]
    return reader
