"""Put pictures on a solid without the colour of the background at its edges."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ..geometry.surface import Floats, Ints, Surface, corner_normals
from ..model import Image, Textures
from ..textures.bake import normal_map
from .picture import Mask, Pixels

_GUTTER = 4
_RELIEF = 0.006


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture and how it is thrown onto the solid.

    pixels     colours, the subject's spread over the background
    box        left, top, width and height of the used part, pixels
    toward     unit vector from the solid to the camera
    across     (3,) pixels to the right per unit of position
    down       (3,) pixels down per unit of position
    origin     pixel of the position (0, 0, 0)
    """

    pixels: Pixels
    box: tuple[float, float, float, float]
    toward: tuple[float, float, float]
    across: tuple[float, float, float]
    down: tuple[float, float, float]
    origin: tuple[float, float]

    def place(self, positions: Floats) -> Floats:
        """(n, 2) pixels of (n, 3) positions."""
        axes = np.stack([self.across, self.down], axis=1)
        return np.asarray(positions @ axes + np.asarray(self.origin))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The atlas: one cell per panel."""

    panels: tuple[Panel, ...]
    resolution: int

    def cell(self, number: int) -> tuple[float, float, float]:
        """Left, top (texels) and texels per pixel of a panel."""
        columns, rows = self._grid()
        width, height = self.resolution / columns, self.resolution / rows
        box = self.panels[number].box
        scale = min((width - 2 * _GUTTER) / box[2], (height - 2 * _GUTTER) / box[3])
        left, top = width * (number % columns), height * (number // columns)
        return left + _GUTTER, top + _GUTTER, scale

    def _grid(self) -> tuple[int, int]:
        if len(self.panels) > 2:
            return 2, 2
        wide = self.panels[0].box[2] > self.panels[0].box[3]
        return (1, 2) if wide else (2, 1)


def used_box(mask: Mask) -> tuple[float, float, float, float]:
    """The subject with a little room round it."""
    ys, xs = np.nonzero(mask)
    pad = 0.02 * max(float(np.ptp(xs)), float(np.ptp(ys))) + 2
    left, top = float(xs.min()) - pad, float(ys.min()) - pad
    return left, top, float(xs.max()) + pad - left, float(ys.max()) + pad - top


def chosen_panels(surface: Surface, panels: Sequence[Panel]) -> Ints:
    """(m,) the panel that looks at each triangle most directly; the first ones are preferred."""
    facing = corner_normals(surface).mean(axis=1)
    views = np.array([panel.toward for panel in panels])
    preference = np.where(np.abs(views[:, 2]) > 0.5, 1.0, 0.72)
    return np.asarray((facing @ views.T * preference).argmax(axis=1))


def projected_uvs(surface: Surface, sheet: Sheet, chosen: Ints) -> Floats:
    """(m, 3, 2) in the atlas, V up."""
    uv = np.empty((len(surface.triangles), 3, 2))
    for number, panel in enumerate(sheet.panels):
        mine = chosen == number
        left, top, scale = sheet.cell(number)
        texel = (panel.place(surface.positions) - panel.box[:2]) * scale + (left, top)
        uv[mine] = texel[surface.triangles[mine]]
    uv /= sheet.resolution
    uv[..., 1] = 1 - uv[..., 1]
    return np.clip(uv, 0.0, 1.0)


def textures_of(sheet: Sheet, *, pbr: bool) -> Textures:
    """Base colour of all panels; with ``pbr`` also plain roughness and a gentle relief."""
    size = sheet.resolution
    colour = np.empty((size, size, 3), dtype=np.uint8)
    colour[:] = np.median(sheet.panels[0].pixels.reshape(-1, 3), axis=0)
    for number, panel in enumerate(sheet.panels):
        _paste(colour, panel, sheet.cell(number))
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
    return np.asarray(np.where(inside[..., None], filled, blurred), dtype=np.uint8)


def softened(pixels: Pixels, mask: Mask) -> Pixels:
    """What the back may look like: the same tones with little detail."""
    sigma = 0.025 * max(mask.shape)
    weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma)[..., None] + 1e-4
    inside = pixels.astype(np.float32) * mask[..., None]
    even = cv2.GaussianBlur(inside, (0, 0), sigma) / weight
    mixed = 0.6 * even + 0.4 * cv2.GaussianBlur(pixels, (0, 0), sigma / 6).astype(np.float32)
    # Near the outline the back meets the front: the same colours there.
    depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    share = np.clip(depth / (1.5 * sigma), 0, 1)[..., None]
    return np.asarray(np.clip(pixels * (1 - share) + mixed * share, 0, 255), dtype=np.uint8)


def _paste(atlas: Image, panel: Panel, cell: tuple[float, float, float]) -> None:
    left, top, scale = cell
    x, y, width, height = panel.box
    start_x, start_y = int(left) - _GUTTER, int(top) - _GUTTER
    across = min(int(np.ceil(width * scale)) + 2 * _GUTTER, atlas.shape[1] - start_x)
    down = min(int(np.ceil(height * scale)) + 2 * _GUTTER, atlas.shape[0] - start_y)
    column = (np.arange(across) + start_x + 0.5 - left) / scale + x - 0.5
    row = (np.arange(down) + start_y + 0.5 - top) / scale + y - 0.5
    map_x, map_y = np.meshgrid(column.astype(np.float32), row.astype(np.float32))
    how = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    atlas[start_y : start_y + down, start_x : start_x + across] = cv2.remap(
        panel.pixels, map_x, map_y, how, borderMode=cv2.BORDER_REPLICATE
    )


def _even_orm(colour: Image) -> Image:
    orm = np.empty_like(colour)
    light = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    orm[..., 0], orm[..., 2] = 255, 0
    orm[..., 1] = (190 - 0.2 * light).astype(np.uint8)
    return orm


def _fine_relief(colour: Image) -> Image:
    """A gentle normal map from the picture's fine contrast."""
    light = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    fine = cv2.GaussianBlur(light, (0, 0), 1.0) - cv2.GaussianBlur(light, (0, 0), 8.0)
    return normal_map(fine * _RELIEF, colour.shape[0] * 0.8)
