"""A closed solid from a silhouette: heights from Poisson's equation, outline from its contour."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from ..geometry.surface import Floats, Ints, welded
from .picture import Mask

_NEAR = 0.15
"""A contour crossing this close (in cells) to an inner node takes the node's place."""

# Corners 0-3 (clockwise in the image from the top left) and the crossings 4-7 that follow them.
_CASES: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((0, 4, 7),),
    2: ((4, 1, 5),),
    3: ((0, 1, 5, 7),),
    4: ((5, 2, 6),),
    5: ((0, 4, 7), (5, 2, 6)),
    6: ((4, 1, 2, 6),),
    7: ((0, 1, 2, 6, 7),),
    8: ((7, 6, 3),),
    9: ((0, 4, 6, 3),),
    10: ((4, 1, 5), (7, 6, 3)),
    11: ((0, 1, 5, 6, 3),),
    12: ((7, 5, 2, 3),),
    13: ((0, 4, 5, 2, 3),),
    14: ((4, 1, 2, 3, 7),),
    15: ((0, 1, 2, 3),),
}


@dataclass(frozen=True, slots=True)
class Silhouette:
    """The silhouette as a flat mesh in picture space.

    points     (n, 2) column and row in pixels of the mask
    height     (n,) half thickness in pixels, zero along the outline
    triangles  (m, 3) counter-clockwise seen with rows pointing down and the viewer in front
    cut        (k, 2) edges that lie on the border of the picture
    """

    points: Floats
    height: Floats
    triangles: Ints
    cut: Ints


def silhouette_of(mask: Mask, cells: int) -> Silhouette:
    """Triangulate a mask along its smoothed contour; ``cells`` divides the longer side."""
    field, pitch = _field(mask, cells)
    inside = field > 0
    height = np.sqrt(np.maximum(_poisson(inside), 0.0)) * pitch
    return _contoured(field, height, pitch)


def _field(mask: Mask, cells: int) -> tuple[Floats, float]:
    """Node values, positive inside; a subject that leaves the picture is cut at the border."""
    rows, columns = mask.shape
    pitch = max(rows, columns) / cells
    shape = (round(rows / pitch) + 1, round(columns / pitch) + 1)
    soft = cv2.GaussianBlur(
        mask.astype(np.float32), (0, 0), 0.9 * pitch, borderType=cv2.BORDER_REPLICATE
    )
    y = np.linspace(0, rows - 1, shape[0], dtype=np.float32)
    x = np.linspace(0, columns - 1, shape[1], dtype=np.float32)
    grid_x, grid_y = np.meshgrid(x, y)
    values = cv2.remap(soft, grid_x, grid_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, dtype=np.float64) - 0.5, pitch


def _poisson(inside: Mask) -> Floats:
    """Solve laplace(h) = -4 inside, h = 0 outside; the picture's border reflects."""
    rows, columns = inside.shape
    number = np.full(inside.shape, -1)
    number[inside] = np.arange(int(inside.sum()))
    centre = number[inside]
    diagonal = np.zeros(len(centre))
    entries: list[tuple[Ints, Ints]] = []
    y, x = np.nonzero(inside)
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        ny, nx = y + dy, x + dx
        exists = (ny >= 0) & (ny < rows) & (nx >= 0) & (nx < columns)
        diagonal += exists
        other = np.full(len(centre), -1)
        other[exists] = number[ny[exists], nx[exists]]
        linked = other >= 0
        entries.append((centre[linked], other[linked]))
    row = np.concatenate([e[0] for e in entries] + [centre])
    column = np.concatenate([e[1] for e in entries] + [centre])
    value = np.concatenate([-np.ones(len(row) - len(centre)), diagonal + 1e-9])
    matrix = coo_array((value, (row, column)), shape=(len(centre),) * 2).tocsc()
    result = np.zeros(inside.shape)
    result[inside] = spsolve(matrix, np.full(len(centre), 4.0))
    return result


def _contoured(field: Floats, height: Floats, pitch: float) -> Silhouette:
    """Marching squares with the contour's crossings as vertices."""
    rows, columns = field.shape
    nodes = np.arange(rows * columns).reshape(rows, columns)
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).reshape(-1, 2)
    position = np.concatenate([grid.astype(np.float64), np.zeros((2 * rows * columns, 2))])
    z = np.concatenate([height.ravel(), np.zeros(2 * rows * columns)])
    merge = np.arange(len(position))
    for axis, (a, b) in enumerate(((nodes[:, :-1], nodes[:, 1:]), (nodes[:-1, :], nodes[1:, :]))):
        _place_crossings(field.ravel(), a.ravel(), b.ravel(), axis, position, z, merge)
    corners = [nodes[:-1, :-1], nodes[:-1, 1:], nodes[1:, 1:], nodes[1:, :-1]]
    size = rows * columns
    crossings = [
        size + nodes[:-1, :-1],
        2 * size + nodes[:-1, 1:],
        size + nodes[1:, :-1],
        2 * size + nodes[:-1, :-1],
    ]
    places = np.stack([p.ravel() for p in corners + crossings], axis=1)
    case = sum((field.ravel()[places[:, i]] > 0).astype(int) << i for i in range(4))
    triangles = []
    for code, polygons in _CASES.items():
        cells = merge[places[case == code]]
        for polygon in polygons:
            fan = [[polygon[0], a, b] for a, b in pairwise(polygon[1:])]
            triangles += [cells[:, corners_of] for corners_of in fan]
    faces = np.concatenate(triangles)
    real = (
        (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    )
    used, index = np.unique(faces[real], return_inverse=True)
    # Seen from the front with Y up, clockwise rows-down order is turned round.
    triangles_up = np.asarray(index.reshape(-1, 3)[:, ::-1], dtype=np.int64)
    points = position[used]
    limit = np.array([columns - 1, rows - 1])
    points, heights, triangles_up = _chords_lifted(points, z[used] / pitch, triangles_up)
    cut = _border_edges(points, triangles_up, limit)
    return Silhouette(points * pitch, heights * pitch, triangles_up, cut)


def _place_crossings(
    field: Floats, a: Ints, b: Ints, axis: int, position: Floats, z: Floats, merge: Ints
) -> None:
    """Put the crossing of each grid edge where the field changes sign."""
    size = len(field)
    crossing = (field[a] > 0) != (field[b] > 0)
    a, b = a[crossing], b[crossing]
    t = field[a] / (field[a] - field[b])
    own = size * (1 + axis) + a
    position[own] = position[a] * (1 - t[:, None]) + position[b] * t[:, None]
    inner = np.where(field[a] > 0, a, b)
    near = np.where(field[a] > 0, t, 1 - t) < _NEAR
    merge[own[near]] = inner[near]
    position[inner[near]] = position[own[near]]
    z[inner[near]] = 0.0


def _chords_lifted(points: Floats, z: Floats, triangles: Ints) -> tuple[Floats, Floats, Ints]:
    """Split inner edges between two outline points: both sides of the solid would touch there."""
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    chords = unique[(count == 2) & (z[unique] == 0.0).all(axis=1)]
    faces = triangles.tolist()
    extra_points: list[Floats] = []
    extra_heights: list[float] = []
    for a, b in chords.tolist():
        middle = len(points) + len(extra_points)
        extra_points.append((points[a] + points[b]) / 2)
        extra_heights.append(0.35 * float(np.linalg.norm(points[a] - points[b])))
        for face in [f for f in faces if a in f and b in f]:
            faces.remove(face)
            faces += [
                [middle if v == b else v for v in face],
                [middle if v == a else v for v in face],
            ]
    if not extra_points:
        return points, z, triangles
    return (
        np.concatenate([points, np.stack(extra_points)]),
        np.concatenate([z, extra_heights]),
        np.array(faces, dtype=np.int64),
    )


def _border_edges(points: Floats, triangles: Ints, limit: Floats) -> Ints:
    """Triangle edges both of whose ends lie on the same side of the picture."""
    edges = triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    found = []
    for axis, value in ((0, 0.0), (0, limit[0]), (1, 0.0), (1, limit[1])):
        on = np.abs(points[:, axis] - value) < 1e-9
        found.append(edges[on[edges[:, 0]] & on[edges[:, 1]]])
    return np.concatenate(found)


def solid_of(outline: Silhouette, front: Floats, back: Floats) -> tuple[Floats, Ints]:
    """Close a silhouette into a solid with given depths (n,) of its two sides, in pixels.

    Returns welded (k, 3) positions with Y up in pixels, and (m, 3) triangles.
    """
    x, y = outline.points[:, 0], -outline.points[:, 1]
    count = len(x)
    positions = np.concatenate([np.stack([x, y, front], 1), np.stack([x, y, back], 1)])
    triangles = [outline.triangles, outline.triangles[:, ::-1] + count]
    if len(outline.cut):
        a, b = outline.cut[:, 0], outline.cut[:, 1]
        # The wall joins the front edge a-b to the back edge, facing out of the picture.
        triangles += [
            np.stack([b, a, a + count], axis=1),
            np.stack([b, a + count, b + count], axis=1),
        ]
    faces = np.concatenate(triangles)
    surface = welded(
        positions, faces, np.zeros((len(faces), 3, 2)), np.zeros(len(faces), dtype=np.int64), 0.0
    )
    return surface.positions, surface.triangles
