"""A small picture of a mesh, drawn triangle by triangle from back to front."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pictures
from scipy.spatial.transform import Rotation

from .geometry.atlas import drawn_pixels
from .geometry.surface import Floats, barycentric
from .model import Image, Mesh

SIDE = 400
_OVERSAMPLING = 2
_PIECES = 25
_TURN, _TILT = -25.0, 20.0
"""Degrees about Y and about X."""
_LIGHT = np.array([0.35, 0.65, 0.67])


def write_thumbnail(mesh: Mesh, path: Path) -> None:
    """A 400 x 400 PNG with transparent background."""
    Pictures.fromarray(draw(mesh, SIDE), "RGBA").save(path)


def draw(mesh: Mesh, side: int, *, turn: float = _TURN) -> Image:
    """(side, side, 4) view from slightly above, by default from the front right."""
    size = side * _OVERSAMPLING
    view = Rotation.from_euler("yx", (turn, _TILT), degrees=True)
    points = np.asarray(view.apply(mesh.positions))
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 0.9 * size / float((high - low)[:2].max())
    screen = (points - (low + high) / 2) * (scale * np.array([1, -1, 1])) + [size / 2, size / 2, 0]
    vertices = np.concatenate([screen, view.apply(mesh.normals), mesh.uvs], axis=1)
    corners = _drawable(vertices[mesh.triangles], size / _PIECES)
    shown = drawn_pixels(corners[..., :2], size, np.argsort(corners[..., 2].mean(axis=1)))
    rows, columns = np.nonzero(shown >= 0)
    seen = corners[shown[rows, columns]]
    weights = barycentric(seen[..., :2], np.stack([columns, rows], axis=1)).clip(0, 1)
    weights /= weights.sum(axis=1, keepdims=True)
    values = np.einsum("nck,nc->nk", seen[..., 3:], weights)
    normal = values[:, :3] / np.maximum(np.linalg.norm(values[:, :3], axis=1, keepdims=True), 1e-9)
    light = 0.45 + 0.6 * np.clip(normal @ _LIGHT, 0, 1)
    picture = np.zeros((size, size, 4))
    picture[rows, columns, :3] = np.clip(_colour(mesh, values[:, 3:]) * light[:, None], 0, 255)
    picture[rows, columns, 3] = 255
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    opaque = np.maximum(small[..., 3:], 1.0) / 255
    small[..., :3] = np.clip(small[..., :3] / opaque, 0, 255)
    return np.asarray(small, dtype=np.uint8)


def _drawable(corners: Floats, longest: float) -> Floats:
    """(m, 3, k) triangles that face the viewer, halved until no edge is longer than ``longest``.

    Only small ones can be told apart by the depth of their middles.
    """
    ab, ac = corners[:, 1, :2] - corners[:, 0, :2], corners[:, 2, :2] - corners[:, 0, :2]
    corners = corners[ab[:, 0] * ac[:, 1] < ab[:, 1] * ac[:, 0]]
    while True:
        edges = np.linalg.norm(np.roll(corners, -1, axis=1)[..., :2] - corners[..., :2], axis=2)
        large = edges.max(axis=1) > longest
        if not large.any():
            return corners
        order = (edges[large].argmax(axis=1)[:, None] + np.arange(3)) % 3
        a, b, c = np.take_along_axis(corners[large], order[..., None], axis=1).swapaxes(0, 1)
        middle = (a + b) / 2
        halves = np.concatenate([np.stack([a, middle, c], 1), np.stack([middle, b, c], 1)])
        corners = np.concatenate([corners[~large], halves])


def _colour(mesh: Mesh, uv: Floats) -> Floats:
    if mesh.textures is None:
        return np.full((len(uv), 3), 205.0)
    pixels = mesh.textures.base_colour
    size = pixels.shape[0]
    column = np.clip((uv[:, 0] * size).astype(int), 0, size - 1)
    row = np.clip(((1 - uv[:, 1]) * size).astype(int), 0, size - 1)
    return np.asarray(pixels[row, column], dtype=np.float64)
