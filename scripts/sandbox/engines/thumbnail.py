"""A small picture of a mesh, drawn triangle by triangle from back to front."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pictures
from scipy.spatial.transform import Rotation

from .geometry.surface import Floats
from .model import Image, Mesh

SIDE = 400
_OVERSAMPLING = 2
_SUBPIXEL_BITS = 4
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
    normals = np.asarray(view.apply(mesh.normals))
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 0.9 * size / float((high - low)[:2].max())
    screen = (points - (low + high) / 2) * scale
    pixel = np.stack([screen[:, 0] + size / 2, size / 2 - screen[:, 1]], axis=1)
    shown = _visible(pixel[mesh.triangles], screen[:, 2][mesh.triangles].mean(axis=1), size)
    covered = shown >= 0
    triangle = mesh.triangles[shown[covered]]
    rows, columns = np.nonzero(covered)
    weights = _weights(pixel[triangle], np.stack([columns, rows], axis=1).astype(np.float64))
    normal = np.einsum("ncj,nc->nj", normals[triangle], weights)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    colour = _colour(mesh, np.einsum("ncj,nc->nj", mesh.uvs[triangle], weights))
    light = 0.45 + 0.6 * np.clip(normal @ _LIGHT, 0, 1)
    picture = np.zeros((size, size, 4))
    picture[covered, :3] = np.clip(colour * light[:, None], 0, 255)
    picture[covered, 3] = 255
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    opaque = np.maximum(small[..., 3:], 1.0) / 255
    small[..., :3] = np.clip(small[..., :3] / opaque, 0, 255)
    return np.asarray(small, dtype=np.uint8)


def _visible(corners: Floats, depth: Floats, size: int) -> npt.NDArray[np.int32]:
    """(size, size) number of the triangle seen at each pixel, -1 for none."""
    along = corners[:, 1:] - corners[:, :1]
    area = along[:, 0, 0] * along[:, 1, 1] - along[:, 0, 1] * along[:, 1, 0]
    front = np.flatnonzero(area < 0)
    image = np.full((size, size), -1, dtype=np.int32)
    fixed = np.round(corners * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for number in front[np.argsort(depth[front])]:
        cv2.fillConvexPoly(image, fixed[number], int(number), cv2.LINE_8, _SUBPIXEL_BITS)
    return image


def _weights(corners: Floats, points: Floats) -> Floats:
    ab, ac = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    ap = points - corners[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    safe = np.where(np.abs(area) > 1e-9, area, np.inf)
    second = np.clip((ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / safe, 0, 1)
    third = np.clip((ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / safe, 0, 1)
    return np.stack([1 - second - third, second, third], axis=1)


def _colour(mesh: Mesh, uv: Floats) -> Floats:
    if mesh.textures is None:
        return np.full((len(uv), 3), 205.0)
    pixels = mesh.textures.base_colour
    size = pixels.shape[0]
    column = np.clip((uv[:, 0] * size).astype(int), 0, size - 1)
    row = np.clip(((1 - uv[:, 1]) * size).astype(int), 0, size - 1)
    return np.asarray(pixels[row, column], dtype=np.float64)
