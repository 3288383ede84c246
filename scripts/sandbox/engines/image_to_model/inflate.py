"""A closed solid from a silhouette: heights from Poisson's equation, its skin by marching cubes."""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve
from skimage.measure import marching_cubes

from ..geometry.surface import Floats, Ints
from .picture import Mask

_MARGIN = 2


@dataclass(frozen=True, slots=True)
class Silhouette:
    """The silhouette as a grid over the part of the picture that it takes up.

    column, row  (c,) and (r,) places of the grid's nodes in pixels of the mask
    height       (r, c) half thickness in pixels, zero outside
    field        (r, c) positive inside, falling through zero at the outline; pixels squared
    """

    column: Floats
    row: Floats
    height: Floats
    field: Floats

    @property
    def pitch(self) -> float:
        return float(self.column[1] - self.column[0])

    def sampled(self, image: Floats) -> Floats:
        """(r, c) values of an image of the mask's size."""
        return np.asarray(
            image[np.ix_(np.round(self.row).astype(int), np.round(self.column).astype(int))]
        )


def silhouette_of(mask: Mask, cells: int) -> Silhouette:
    """The smoothed outline of a mask; ``cells`` divides the picture's longer side."""
    pitch = max(mask.shape) / cells
    soft = cv2.GaussianBlur(
        mask.astype(np.float32), (0, 0), 0.9 * pitch, borderType=cv2.BORDER_REPLICATE
    )
    row, column = (np.linspace(0, side - 1, round(side / pitch) + 1) for side in mask.shape)
    grid = np.meshgrid(column.astype(np.float32), row.astype(np.float32))
    field = cv2.remap(soft, *grid, cv2.INTER_LINEAR).astype(np.float64) - 0.5
    used = np.ix_(*(_used(np.any(field > 0, axis=axis)) for axis in (1, 0)))
    field, row, column = field[used], row[used[0].ravel()], column[used[1].ravel()]
    squared = _poisson(field > 0) * pitch**2
    rim = (field > 0) & (field < 0.25)
    # Outside it goes on as steeply as it comes in.
    slope = float(np.median(squared[rim] / field[rim])) if rim.any() else pitch**2
    outside = np.where(field > 0, squared, field * slope)
    return Silhouette(column, row, np.sqrt(squared), outside)


def _used(taken: Mask) -> Ints:
    """Numbers of the lines in use, and a few round them."""
    places = np.flatnonzero(taken)
    first, last = max(places[0] - _MARGIN, 0), min(places[-1] + _MARGIN, len(taken) - 1)
    return np.arange(first, last + 1)


def _poisson(inside: Mask) -> Floats:
    """Solve laplace(h) = -4 inside, h = 0 outside; the picture's border reflects."""
    count = int(inside.sum())
    number = np.full(inside.shape, -1)
    number[inside] = np.arange(count)
    a = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    b = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    first, second = np.concatenate([a, b]), np.concatenate([b, a])
    first, second = first[first >= 0], second[first >= 0]
    linked = second >= 0
    nodes = np.arange(count)
    matrix = coo_array(
        (
            np.concatenate([np.full(int(linked.sum()), -1.0), np.bincount(first) + 1e-9]),
            (np.concatenate([first[linked], nodes]), np.concatenate([second[linked], nodes])),
        ),
        shape=(count, count),
    )
    result = np.zeros(inside.shape)
    result[inside] = np.maximum(spsolve(matrix.tocsc(), np.full(count, 4.0)), 0.0)
    return result


def solid_of(outline: Silhouette, front: Floats, back: Floats) -> tuple[Floats, Ints]:
    """Close a silhouette into a solid with given (r, c) depths of its two sides, in pixels.

    Returns (k, 3) positions with Y up in pixels, and (m, 3) triangles. A subject that leaves the
    picture is cut flat at the border.
    """
    pitch = outline.pitch
    z = np.arange(float(back.min()) - 2 * pitch, float(front.max()) + 3 * pitch, pitch)
    middle, half = (front + back)[..., None] / 2, (front - back)[..., None] / 2
    thick = np.where(outline.field > 0, 1.0, 0.0)[..., None] * half**2
    volume = np.where(outline.field > 0, 0.0, outline.field)[..., None] + thick - (z - middle) ** 2
    padded = np.pad(volume, ((1, 1), (1, 1), (0, 0)), mode="edge")
    walls = np.ones(padded.shape[:2], dtype=np.bool_)
    walls[1:-1, 1:-1] = False
    padded[walls] = -np.abs(padded[walls])
    vertices, faces, _, _ = marching_cubes(
        padded, 0.0, gradient_direction="ascent", allow_degenerate=False
    )
    down, across, ahead = vertices.T * pitch
    place = np.stack(
        [outline.column[0] - pitch + across, pitch - outline.row[0] - down, z[0] + ahead], axis=1
    )
    return place, np.asarray(faces, dtype=np.int64)
