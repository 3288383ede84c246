"""Put the picture on the solid without the colour of the background at its edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..geometry.surface import Floats, Ints, face_normals
from ..model import Image, Textures
from ..textures.bake import normal_map
from .picture import Mask, Pixels

_GUTTER = 4
_RELIEF = 0.006


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the picture that is used (x, y, width, height) and where it lies in the atlas.

    Front and back lie side by side, or one above the other when the subject is wide.
    """

    x: float
    y: float
    width: float
    height: float
    resolution: int

    @property
    def stacked(self) -> bool:
        return self.width > self.height

    @property
    def scale(self) -> float:
        """Texels per pixel."""
        across = self.width * (1 if self.stacked else 2)
        down = self.height * (2 if self.stacked else 1)
        room = self.resolution - 4 * _GUTTER
        return room / max(across, down)

    def corner(self, back: bool) -> tuple[float, float]:
        """Texel of the frame's top left corner."""
        if not back:
            return float(_GUTTER), float(_GUTTER)
        step = self.resolution / 2 + _GUTTER
        return (float(_GUTTER), step) if self.stacked else (step, float(_GUTTER))


def frame_of(mask: Mask, resolution: int) -> Frame:
    """A frame a little wider than the subject."""
    ys, xs = np.nonzero(mask)
    pad = 0.02 * max(np.ptp(xs), np.ptp(ys)) + 2
    x, y = float(xs.min()) - pad, float(ys.min()) - pad
    return Frame(
        x, y, float(xs.max()) + pad - x, float(ys.max()) + pad - y, resolution
    )


def planar_uvs(points: Floats, triangles: Ints, frame: Frame) -> Floats:
    """(m, 3, 2): faces looking forward use the front, the others the back.

    ``points`` are in picture pixels with Y up, as ``solid_of`` makes them.
    """
    normals, _ = face_normals(points, triangles)
    back = normals[:, 2] < 0
    column = (points[:, 0] - frame.x) * frame.scale
    row = (-points[:, 1] - frame.y) * frame.scale
    corners = np.where(back[:, None], frame.corner(True), frame.corner(False))
    texel = np.stack([column, row], axis=1)[triangles] + corners[:, None]
    uv = texel / frame.resolution
    uv[..., 1] = 1 - uv[..., 1]
    return np.asarray(uv)


def textures_of(
    front: Pixels, mask: Mask, frame: Frame, *, pbr: bool, back: Pixels | None = None
) -> Textures:
    """The atlas with both sides; without a back picture the front serves, softened."""
    clean = spread(front, mask)
    sides = [clean, back if back is not None else _softened(clean, mask)]
    size = frame.resolution
    colour = np.empty((size, size, 3), dtype=np.uint8)
    colour[:] = np.median(front[mask], axis=0)
    for pixels, is_back in zip(sides, (False, True), strict=True):
        _paste(colour, pixels, frame, is_back)
    if not pbr:
        return Textures(colour)
    return Textures(colour, _even_orm(colour), _fine_relief(colour))


def spread(pixels: Pixels, mask: Mask) -> Pixels:
    """Replace everything outside the subject by the nearest colours from well inside it."""
    reach = max(1, round(min(mask.shape) / 250))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    core = cv2.erode(mask.astype(np.uint8), kernel)
    if not core.any():
        core = mask.astype(np.uint8)
    _, label = cv2.distanceTransformWithLabels(
        1 - core, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros((int(label.max()) + 1, 3), dtype=np.uint8)
    inside = core > 0
    owner[label[inside]] = pixels[inside]
    filled = owner[label]
    blurred = cv2.GaussianBlur(filled, (0, 0), 1.5 * reach + 1)
    return np.where(inside[..., None], filled, blurred).astype(np.uint8)


def _softened(pixels: Pixels, mask: Mask) -> Pixels:
    """What the back may look like: the same tones with little detail."""
    sigma = 0.025 * max(mask.shape)
    weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma)[..., None] + 1e-4
    inside = pixels.astype(np.float32) * mask[..., None]
    even = cv2.GaussianBlur(inside, (0, 0), sigma) / weight
    mixed = 0.65 * even + 0.35 * cv2.GaussianBlur(pixels, (0, 0), sigma / 6).astype(np.float32)
    return np.clip(mixed, 0, 255).astype(np.uint8)


def _paste(atlas: Image, pixels: Pixels, frame: Frame, back: bool) -> None:
    left, top = frame.corner(back)
    width = int(np.ceil(frame.width * frame.scale)) + 2 * _GUTTER
    height = int(np.ceil(frame.height * frame.scale)) + 2 * _GUTTER
    start_x, start_y = int(left) - _GUTTER, int(top) - _GUTTER
    width = min(width, frame.resolution - start_x)
    height = min(height, frame.resolution - start_y)
    column = (np.arange(width, dtype=np.float32) + 0.5 - _GUTTER) / frame.scale + frame.x
    row = (np.arange(height, dtype=np.float32) + 0.5 - _GUTTER) / frame.scale + frame.y
    map_x, map_y = np.meshgrid(column.astype(np.float32), row.astype(np.float32))
    how = cv2.INTER_AREA if frame.scale < 1 else cv2.INTER_CUBIC
    atlas[start_y : start_y + height, start_x : start_x + width] = cv2.remap(
        pixels, map_x, map_y, cv2.INTER_LINEAR if how == cv2.INTER_AREA else how,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _even_orm(colour: Image) -> Image:
    orm = np.empty_like(colour)
    light = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    orm[..., 0], orm[..., 2] = 255, 0
    orm[..., 1] = (190 - 0.2 * light).astype(np.uint8)
    return orm


def _fine_relief(colour: Image) -> Image:
    """A gentle normal map from the picture's fine contrast."""
    light = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.float64) / 255
    fine = cv2.GaussianBlur(light, (0, 0), 1.0) - cv2.GaussianBlur(light, (0, 0), 8.0)
    return normal_map(fine * _RELIEF, colour.shape[0] * 0.8)
