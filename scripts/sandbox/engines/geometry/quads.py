"""Join triangles to quads."""

import numpy as np

from .surface import Floats, Ints, edge_pairs, face_normals

_FLATTEST_ONLY = 0.8
_BOXIEST_ONLY = 0.15


def paired_quads(positions: Floats, uvs: Floats, triangles: Ints) -> list[list[int]]:
    """Faces of four or three vertex numbers: the best pairs of neighbours first.

    Vertices split at hard edges are seen as one; pairs across a UV seam or a fold stay apart.
    """
    candidates = _candidates(positions, uvs, triangles)
    taken = np.zeros(len(triangles), dtype=np.bool_)
    faces: list[list[int]] = []
    for first, second, *corners in candidates.tolist():
        if not (taken[first] or taken[second]):
            taken[first] = taken[second] = True
            faces.append(corners)
    faces += triangles[~taken].tolist()
    return faces


def _candidates(positions: Floats, uvs: Floats, triangles: Ints) -> Ints:
    """(k, 6) two triangles and the corners of their quad, best first."""
    keys = np.round(np.concatenate([positions, uvs], axis=1) * 1e6).astype(np.int64)
    point = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)[triangles]
    a, b = edge_pairs(point)
    first, second = a // 3, b // 3
    # Edge number i of a triangle runs from corner i to corner i + 1; corner i + 2 is off it.
    corners = np.stack(
        [
            triangles[first, (a + 2 - 3 * first) % 3],
            triangles[first, a % 3],
            triangles[second, (b + 2 - 3 * second) % 3],
            triangles[first, (a + 1 - 3 * first) % 3],
        ],
        axis=1,
    )
    normals, _ = face_normals(positions, triangles)
    flat = np.einsum("ij,ij->i", normals[first], normals[second])
    boxy = _boxiness(positions[corners], normals[first] + normals[second])
    good = (flat > _FLATTEST_ONLY) & (boxy > _BOXIEST_ONLY)
    best = np.argsort(-(flat + boxy)[good], kind="stable")
    return np.asarray(np.column_stack([first, second, corners])[good][best], dtype=np.int64)


def _boxiness(corners: Floats, normal: Floats) -> Floats:
    """(k,) 1 for a rectangle, 0 where a corner is flat, less where one is hollow."""
    ahead = np.roll(corners, -1, axis=1) - corners
    ahead /= np.maximum(np.linalg.norm(ahead, axis=2, keepdims=True), 1e-12)
    unit = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    turn = np.cross(np.roll(ahead, 1, axis=1), ahead)
    return np.asarray(np.einsum("kci,ki->kc", turn, unit).min(axis=1))
