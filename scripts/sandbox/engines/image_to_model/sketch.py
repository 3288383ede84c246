"""The shape meant by a line drawing."""

import cv2
import numpy as np
from scipy.ndimage import binary_fill_holes

from ..geometry.surface import Floats
from .picture import Mask, Picture

_GAPS = (0.006, 0.015, 0.03, 0.06)
"""Gaps in the outline that are bridged, as shares of the picture; tried in turn."""
_ENCLOSES = 2.0


def strokes_of(picture: Picture) -> Floats:
    """(h, w) 0 paper ... 1 ink."""
    paper = np.full(3, 255.0)
    alpha = picture.alpha[..., None] / 255.0
    shown = picture.colour * alpha + paper * (1 - alpha)
    grey = cv2.cvtColor(shown.astype(np.uint8), cv2.COLOR_RGB2GRAY).astype(np.float64)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    away = np.abs(grey - float(np.median(border)))
    return np.asarray(np.clip(away / max(float(np.percentile(away, 99.5)), 40.0), 0, 1))


def drawn_shape(strokes: Floats) -> Mask | None:
    """What the lines enclose; None for a blank sheet."""
    ink = strokes > 0.35
    if ink.sum() < 20:
        return None
    for gap in _GAPS:
        reach = max(1, round(gap * max(ink.shape)))
        shape = _enclosed(ink, reach)
        if shape.sum() > _ENCLOSES * ink.sum() or shape.sum() > 0.9 * ink.size:
            return shape
    return _enclosed(ink, 2)


def _enclosed(ink: Mask, reach: int) -> Mask:
    """Bridge gaps, fill, take the bridges away again; pieces that lie apart are kept if large."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    padded = np.pad(ink, reach + 1).astype(np.uint8)
    filled = binary_fill_holes(cv2.dilate(padded, kernel))
    solid = cv2.erode(np.asarray(filled).astype(np.uint8), kernel)
    solid = solid[reach + 1 : -reach - 1, reach + 1 : -reach - 1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = [i + 1 for i in range(count - 1) if areas[i] > 0.08 * areas.max()]
    return np.asarray(np.isin(labels, keep))
