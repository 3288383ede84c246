"""Applying a matrix to a mesh."""

from typing import Any, Final

import bpy
from mathutils import Matrix

TOLERANCE: Final = 1e-5
"""Share of a matrix's scale by which its axes may differ, and still count as equally long."""


def transform(mesh: bpy.types.Mesh, matrix: Matrix) -> None:
    """Apply the matrix, to shape keys and to normals that were set; faces stay turned outwards.

    Blender keeps such normals relative to the ones it computes of the faces. Of a mesh that is
    stretched, sheared or mirrored, they would point somewhere else.
    """
    normals = None if _keeps_angles(matrix) else _normals_set(mesh)
    mesh.transform(matrix, shape_keys=True)
    if matrix.is_negative:
        mesh.flip_normals()
    if normals is not None:
        _set_normals(mesh, matrix, *normals)


def _keeps_angles(matrix: Matrix) -> bool:
    """Whether it turns, moves and scales evenly, and nothing else."""
    if matrix.is_negative:
        return False
    axes = matrix.to_3x3()
    products = axes.transposed() @ axes
    scale = products[0][0]
    return all(
        abs(products[row][column] - (scale if row == column else 0.0)) <= TOLERANCE * abs(scale)
        for row in range(3)
        for column in range(3)
    )


def _normals_set(mesh: bpy.types.Mesh) -> tuple[Any, Any] | None:
    """Each corner's normal, and an order of the corners that flipping leaves as it is."""
    import numpy as np  # late: Blender takes a while to load it

    from .arrays import got

    if not mesh.has_custom_normals:
        return None
    return got(mesh.corner_normals, "vector", 3, kind=np.float32), _order(mesh)


def _order(mesh: bpy.types.Mesh) -> Any:
    import numpy as np

    from .arrays import corners_of

    corners = corners_of(mesh)
    return np.lexsort((corners.vertices, corners.polygons))


def _set_normals(mesh: bpy.types.Mesh, matrix: Matrix, normals: Any, order: Any) -> None:
    import numpy as np

    turned = normals @ np.array(matrix.to_3x3().inverted_safe())
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    turned /= np.where(lengths > 0.0, lengths, 1.0)
    placed = np.empty_like(turned)
    placed[_order(mesh)] = turned[order]
    mesh.normals_split_custom_set(placed.tolist())
