"""Find the subject of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_fill_holes

from ..geometry.surface import Floats
from .faces import face_and_body
from .picture import Mask, Picture

_WORK_SIDE = 320
_GRABCUT_ROUNDS = 6
_SMALLEST_SHARE, _LARGEST_SHARE = 0.012, 0.93
_BACKGROUND_TONES = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """(h, w) mask of the picture's own size, and how it was found."""

    mask: Mask
    method: str


def find_subject(picture: Picture) -> Subject | None:
    """The subject, or None when nothing stands out."""
    share = float(np.mean(picture.alpha < 128))
    if 0.02 < share < 1 - _SMALLEST_SHARE:
        return _checked(_tidied(picture.alpha >= 128), "transparency")
    small = picture.within(_WORK_SIDE)
    rough = _grabcut(small)
    if rough is None:
        return None
    mask = _upscaled(rough, picture.shape)
    return _checked(mask, "contrast with the background")


def _checked(mask: Mask, method: str) -> Subject | None:
    share = float(mask.mean())
    return Subject(mask, method) if _SMALLEST_SHARE < share < _LARGEST_SHARE else None


def _grabcut(picture: Picture) -> Mask | None:
    lab = cv2.cvtColor(picture.colour, cv2.COLOR_RGB2LAB).astype(np.float64)
    difference = _difference_from_border(lab)
    centred = _centre_weight(picture.shape)
    score = difference * centred
    threshold = _otsu(score)
    start = np.full(picture.shape, cv2.GC_PR_BGD, dtype=np.uint8)
    start[score > threshold] = cv2.GC_PR_FGD
    start[(difference < 0.25 * threshold) & (centred < 0.8)] = cv2.GC_BGD
    if (face := face_and_body(picture)) is not None:
        sure, likely = face
        start[likely] = cv2.GC_PR_FGD
        start[sure] = cv2.GC_FGD
    rim = max(2, min(picture.shape) // 60)
    start[:rim] = start[:, :rim] = start[:, -rim:] = cv2.GC_BGD
    if not np.any(start == cv2.GC_PR_FGD) or not np.any(start == cv2.GC_BGD):
        return None
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(1)
    try:
        cv2.grabCut(
            np.ascontiguousarray(picture.colour[..., ::-1]), start, None, *models,
            _GRABCUT_ROUNDS, cv2.GC_INIT_WITH_MASK,
        )
    except cv2.error:
        # Too few colours to tell apart.
        return None
    found = np.isin(start, (cv2.GC_FGD, cv2.GC_PR_FGD))
    # The rim was only background for the start.
    found[:rim], found[-rim:] = found[rim], found[-rim - 1]
    found[:, :rim], found[:, -rim:] = found[:, rim : rim + 1], found[:, -rim - 1 : -rim]
    return _tidied(found) if found.any() else None


def _difference_from_border(lab: Floats) -> Floats:
    """(h, w) distance of each colour to the nearest of the border's main tones, about 0-1."""
    height, width = lab.shape[:2]
    band = max(3, min(height, width) // 20)
    strips = [lab[:band], lab[:, :band], lab[:, -band:], lab[-band:, : width // 5],
              lab[-band:, -width // 5 :]]
    border = np.concatenate([strip.reshape(-1, 3) for strip in strips]).astype(np.float32)
    cv2.setRNGSeed(1)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    tones = min(_BACKGROUND_TONES, len(border))
    labels = np.zeros((len(border), 1), dtype=np.int32)
    _, labels, centres = cv2.kmeans(border, tones, labels, criteria, 2, cv2.KMEANS_PP_CENTERS)
    counts = np.bincount(labels.ravel(), minlength=tones)
    main = np.asarray(centres, dtype=np.float64)[counts > 0.06 * len(border)]
    gaps = np.linalg.norm(lab[:, :, None] - main[None, None], axis=3).min(axis=2)
    soft = cv2.GaussianBlur(gaps, (0, 0), 1.5)
    return np.asarray(np.clip(soft / 90.0, 0, 1))


def _centre_weight(shape: tuple[int, int]) -> Floats:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    across = (x - shape[1] / 2) / (0.5 * shape[1])
    down = (y - shape[0] * 0.52) / (0.55 * shape[0])
    return np.asarray(np.exp(-0.9 * (across**2 + down**2)))


def _otsu(score: Floats) -> float:
    scaled = (np.clip(score, 0, 1) * 255).astype(np.uint8)
    level, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(level) / 255


def _tidied(mask: Mask) -> Mask:
    """The most important piece without pinholes, its outline smoothed."""
    reach = max(1, round(min(mask.shape) / 160))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, kernel)
    if not closed.any():
        return mask
    return _small_holes_filled(_main_piece(closed))


def _main_piece(mask: npt.NDArray[np.uint8]) -> Mask:
    """The largest component, counted with a preference for the middle."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    weight = _centre_weight((mask.shape[0], mask.shape[1]))
    best, best_value = 1, -1.0
    for number in range(1, count):
        y = min(int(centres[number][1]), mask.shape[0] - 1)
        x = min(int(centres[number][0]), mask.shape[1] - 1)
        value = float(stats[number, cv2.CC_STAT_AREA]) * (0.3 + float(weight[y, x]))
        if value > best_value:
            best, best_value = number, value
    return np.asarray(labels == best)


def _small_holes_filled(mask: Mask) -> Mask:
    """Close holes that are small against the subject; a cup keeps the hole in its handle."""
    filled = np.asarray(binary_fill_holes(mask))
    holes = (filled & ~mask).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=4)
    limit = 0.012 * float(mask.sum())
    result = mask.copy()
    for number in range(1, count):
        if stats[number, cv2.CC_STAT_AREA] < limit:
            result[labels == number] = True
    return result


def _upscaled(mask: Mask, shape: tuple[int, int]) -> Mask:
    large = cv2.resize(
        mask.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC
    )
    sigma = 0.6 * max(1.0, shape[0] / mask.shape[0])
    return np.asarray(cv2.GaussianBlur(large, (0, 0), sigma) > 0.5)
