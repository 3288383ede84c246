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
    columns = [_columns(*pair) for pair in zip(meshes, matrices, strict=True)]
    ends = [end(one, axis=1) for one in columns if one.size for end in (np.min, np.max)]
    sides = np.ptp(ends, axis=0) if ends else np.zeros(3)
    size = float(sides.max())
    pairs = list(zip(meshes, columns, strict=True))
    return {
        "triangles": sum(len(mesh.loops) - 2 * len(mesh.polygons) for mesh in meshes),
        "polygons": sum(len(mesh.polygons) for mesh in meshes),
        "open_edges": sum(_open_edges(mesh, one, size) for mesh, one in pairs),
        "volume": sum(_volume(mesh, one) for mesh, one in pairs),
        "dimensions": [float(side) for side in sides],
        "texture_size": _texture_size(meshes),
    }


def _columns(mesh: bpy.types.Mesh, world: Matrix) -> "Floats":
    """(3, v) places of the vertices: numpy is many times as fast along long axes."""
    import numpy as np

    from .arrays import moved, places_of

    places: Any = places_of(mesh)
    if world != Matrix.Identity(4):
        places = moved(places.astype(np.float64), world)
    return np.ascontiguousarray(places.T, dtype=np.float64)


def _open_edges(mesh: bpy.types.Mesh, columns: "Floats", size: float) -> int:
    """Edges with other than two faces."""
    import numpy as np

    from .arrays import edges_of_corners, places_shared, vertices_of_edges

    if not mesh.polygons or size == 0.0:
        return len(mesh.edges)
    faces = np.bincount(edges_of_corners(mesh), minlength=len(mesh.edges))
    is_open = (faces > 0) & (faces != 2)  # noqa: PLR2004 - faces of an edge where it is closed
    number, is_alone = places_shared(columns, size * SAME_PLACE)
    if is_alone.all():
        return int(np.count_nonzero(is_open))
    one, other = vertices_of_edges(mesh).T
    # Only edges between places that several vertices are at can be one with others.
    whole = is_alone[one] & is_alone[other]
    split = np.flatnonzero(~whole)
    one, other = number[one[split]], number[other[split]]
    keys = np.minimum(one, other) * len(number) + np.maximum(one, other)
    _, edge = np.unique(keys, return_inverse=True)
    together = np.bincount(edge, weights=np.where(one == other, 0, faces[split]))
    torn = (together > 0) & (together != 2)  # noqa: PLR2004
    return int(np.count_nonzero(is_open & whole) + np.count_nonzero(torn))


def _volume(mesh: bpy.types.Mesh, columns: "Floats") -> float:
    """Signed volume of the tetrahedra between the triangles and the centre."""
    import numpy as np

    from .arrays import SIDES, are_triangles, fans_of, stretches, vertices_of_corners

    if not mesh.polygons:
        return 0.0
    corners = vertices_of_corners(mesh)
    drawn = corners.reshape(-1, SIDES) if are_triangles(mesh) else corners[fans_of(mesh)]
    around = columns - columns.mean(axis=1, keepdims=True)
    volume = 0.0
    for part in stretches(len(drawn)):
        a, b, c = (np.take(around, corner, axis=1) for corner in drawn[part].T)
        volume += float((a * np.cross(b, c, axis=0)).sum())
    return volume / 6.0


def _texture_size(meshes: Iterable[bpy.types.Mesh]) -> int:
    """Longest side of any picture on the meshes in pixels; 0 if there is none."""
    materials = {material for mesh in meshes for material in mesh.materials}
    pictures = {
        node.image
        for material in materials
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
