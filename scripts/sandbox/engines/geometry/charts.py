"""UV charts for surfaces that come without any: six directions, smoothed, one chart per patch."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .surface import (
    Floats,
    Ints,
    Surface,
    face_normals,
)

_DIRECTIONS = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=np.float64
)
_U_AXES = np.array(
    [[0, 0, -1], [0, 0, 1], [1, 0, 0], [1, 0, 0], [1, 0, 0], [-1, 0, 0]], dtype=np.float64
)
_V_AXES = np.array(
    [[0, 1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1], [0, 1, 0], [0, 1, 0]], dtype=np.float64
)
_SMOOTHING_ROUNDS = 12
_ISLAND_ROUNDS = 6


def neighbour_pairs(triangles: Ints) -> Ints:
    """(k, 2) triangles that share an edge."""
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    owner = np.repeat(np.arange(len(triangles)), 3)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    edges, owner = edges[order], owner[order]
    same = np.all(edges[1:] == edges[:-1], axis=1)
    return np.stack([owner[:-1][same], owner[1:][same]], axis=1)


def with_box_charts(positions: Floats, triangles: Ints, crease: float = 40.0) -> Surface:
    """Flatten along the six axes; borders between directions are straightened by voting."""
    normals, _ = face_normals(positions, triangles)
    pairs = neighbour_pairs(triangles)
    count = len(triangles)
    votes = normals @ _DIRECTIONS.T
    both = np.concatenate([pairs, pairs[:, ::-1]])
    link = coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count)).tocsr()
    label = votes.argmax(axis=1)
    for _ in range(_SMOOTHING_ROUNDS):
        chosen = np.zeros((count, 6))
        chosen[np.arange(count), label] = 1.0
        score = np.asarray(link @ chosen) + 1.5 * votes
        # A face must not lie backwards in its chart.
        score[votes < 0.2] = -np.inf
        label = np.where(np.isfinite(score).any(axis=1), score.argmax(axis=1), votes.argmax(axis=1))
    label = _without_islands(label, votes, pairs)
    chart = _pieces(label, pairs)
    corners = positions[triangles]
    u = np.einsum("mci,mi->mc", corners, _U_AXES[label])
    v = np.einsum("mci,mi->mc", corners, _V_AXES[label])
    return Surface(
        positions,
        positions,
        triangles,
        np.stack([u, v], axis=2),
        np.asarray(chart, dtype=np.int64),
        crease,
    )


def _pieces(label: Ints, pairs: Ints) -> Ints:
    """(m,) number of the connected piece of equal label each triangle belongs to."""
    inside = pairs[label[pairs[:, 0]] == label[pairs[:, 1]]]
    shape = (len(label), len(label))
    same = coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=shape)
    return np.asarray(connected_components(same, directed=False)[1], dtype=np.int64)


def _without_islands(label: Ints, votes: Floats, pairs: Ints) -> Ints:
    """Give pieces of a few triangles to a neighbour unless they would lie backwards there."""
    limit = max(4, len(label) // 400)
    for _ in range(_ISLAND_ROUNDS):
        piece = _pieces(label, pairs)
        small = np.bincount(piece)[piece] < limit
        border = pairs[(label[pairs[:, 0]] != label[pairs[:, 1]])]
        both = np.concatenate([border, border[:, ::-1]])
        take = small[both[:, 0]] & (votes[both[:, 0], label[both[:, 1]]] > 0.05)
        if not take.any():
            break
        label = label.copy()
        label[both[take, 0]] = label[both[take, 1]]
    return label
