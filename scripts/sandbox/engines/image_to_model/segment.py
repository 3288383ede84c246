"""Find the subject of a picture."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_fill_holes
from skimage.graph import MCP_Geometric
from skimage.morphology import remove_small_holes

from ..geometry.surface import Floats
from .faces import face_and_body
from .picture import Mask, Picture

_WORK_SIDE = 256
_LEAST_CREDIBLE = 0.1
_ALIKE = 0.13
_ALL_THE_SAME = 0.75
_FINE_SIDE = 512
_BAND = 0.012
_FULL_DIFFERENCE = 90.0
_SAME_COLOUR = 5.0
_EVEN = 2.0
_SEEN_THROUGH = 16.0
_SMALLEST_HOLE = 4e-4
_GRABCUT_ROUNDS = 5
_SMALLEST_SHARE, _LARGEST_SHARE = 0.012, 0.93
_BACKGROUND_TONES = 5
_STRENGTHS = (0.65, 1.0)
_TONE_SHARES = (0.06, 0.1)


@dataclass(frozen=True, slots=True)
class Subject:
    """(h, w) mask of the picture's own size, and how it was found."""

    mask: Mask
    method: str


def find_subject(picture: Picture) -> Subject | None:
    """The subject, or None when nothing stands out."""
    share = float(np.mean(picture.alpha < 128))
    if 0.02 < share < 1 - _SMALLEST_SHARE:
        return _checked(_main_piece((picture.alpha >= 128).astype(np.uint8)), "transparency")
    small = picture.within(_WORK_SIDE)
    lab = cv2.cvtColor(small.colour, cv2.COLOR_RGB2LAB).astype(np.float64)
    candidates = _candidates(small, lab)
    if not candidates:
        return None
    edge = _edge_strength(lab)
    rough = max(candidates, key=lambda mask: _credibility(mask, lab, edge))
    if _credibility(rough, lab, edge) < _LEAST_CREDIBLE or _likeness(rough, lab) > _ALL_THE_SAME:
        return None
    return _checked(_refined(picture, rough), "contrast with the background")


def _checked(mask: Mask, method: str) -> Subject | None:
    share = float(mask.mean())
    return Subject(mask, method) if _SMALLEST_SHARE < share < _LARGEST_SHARE else None


def _candidates(picture: Picture, lab: Floats) -> list[Mask]:
    """Outlines worth considering: first guesses, and what GrabCut makes of each."""
    found = []
    person = face_and_body(picture)
    for tone_share in _TONE_SHARES:
        score = _first_guess(lab, tone_share)
        threshold = _otsu(score)
        for strength in _STRENGTHS:
            labels = _labels(score, strength * threshold, person)
            guess = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))
            cut = _grabcut(picture, labels)
            found += [_tidied(mask) for mask in (guess, cut) if mask is not None and mask.any()]
    return [mask for mask in found if _SMALLEST_SHARE < mask.mean() < _LARGEST_SHARE]


def _credibility(mask: Mask, lab: Floats, edge: Floats) -> float:
    """How well a mask's outline follows edges, how simple it is, how much it is the picture."""
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    outline = mask & ~inner
    outline[[0, -1]] = outline[:, [0, -1]] = False
    length = float(outline.sum())
    if length < 8:
        return 0.0
    near = np.asarray(cv2.dilate(edge, np.ones((3, 3), np.uint8)), dtype=np.float64)
    sharp = _typical(near[outline])
    different = _typical(_contrast_across(mask, lab)[outline] / 30)
    area = float(mask.sum())
    simple = min(1.0, 5.0 * area**0.5 / length)
    share = area / mask.size
    size = float(min(1.0, (share / 0.4) ** 0.5) * min(1.0, (1 - share) / 0.3))
    centred = float(_centre_weight((mask.shape[0], mask.shape[1]))[mask].mean())
    touching = float(np.concatenate([mask[0], mask[:, 0], mask[:, -1]]).mean())
    likely = sharp * different * simple * size
    return float(likely * (0.5 + centred) * (1 - 0.6 * touching))


def _typical(values: Floats) -> float:
    """The mean, drawn down by stretches of outline where there is nothing."""
    limited = np.minimum(values, 1.0)
    return float(0.75 * limited.mean() + 0.25 * np.percentile(limited, 20))


def _likeness(mask: Mask, lab: Floats) -> float:
    """How much of the subject's colours are the surroundings' colours too: 1 for a mere pattern."""
    steps = (np.clip(lab, 0, 255) // 24).astype(np.int64)
    colour = steps @ np.array([121, 11, 1])
    inside, outside = (
        np.bincount(colour[side], minlength=11**3) / max(int(side.sum()), 1)
        for side in (mask, ~mask)
    )
    return float(np.minimum(inside, outside).sum())


def _contrast_across(mask: Mask, lab: Floats) -> Floats:
    """(h, w) difference between the mean colours on the two sides, within a few pixels."""
    sides = []
    for side in (mask, ~mask):
        weight = side.astype(np.float64)
        total = cv2.GaussianBlur(lab * weight[..., None], (0, 0), 4.0)
        sides.append(total / np.maximum(cv2.GaussianBlur(weight, (0, 0), 4.0), 1e-3)[..., None])
    return np.asarray(np.linalg.norm(sides[0] - sides[1], axis=2))


def _grabcut(picture: Picture, labels: npt.NDArray[np.uint8]) -> Mask | None:
    start = labels.copy()
    if not np.any(start == cv2.GC_PR_FGD) or not np.any(start == cv2.GC_BGD):
        return None
    models = np.zeros((1, 65)), np.zeros((1, 65))
    smooth = cv2.bilateralFilter(picture.colour, 7, 30, 5)
    cv2.setRNGSeed(1)
    try:
        cv2.grabCut(
            np.ascontiguousarray(smooth[..., ::-1]),
            start,
            (0, 0, 0, 0),
            *models,
            _GRABCUT_ROUNDS,
            cv2.GC_INIT_WITH_MASK,
        )
    except cv2.error:
        # Too few colours to tell apart.
        return None
    found = np.isin(start, (cv2.GC_FGD, cv2.GC_PR_FGD))
    # The rim was only background for the start.
    rim = _rim(picture.shape)
    found[:rim], found[-rim:] = found[rim], found[-rim - 1]
    found[:, :rim], found[:, -rim:] = found[:, rim : rim + 1], found[:, -rim - 1 : -rim]
    return found


def _refined(picture: Picture, rough: Mask) -> Mask:
    """Settle the outline again in a narrow band, at higher resolution; full picture size."""
    finer = picture.within(_FINE_SIDE)
    mask = _upscaled(rough, finer.shape)
    reach = max(2, round(_BAND * max(finer.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    # A subject that runs out of the picture does not end at its border.
    core = cv2.erode(mask.astype(np.uint8), kernel, borderValue=1) > 0
    near = cv2.dilate(mask.astype(np.uint8), kernel) > 0
    lab = cv2.cvtColor(finer.colour, cv2.COLOR_RGB2LAB).astype(np.float64)
    away = _gap_to_border_tones(lab, _TONE_SHARES[0])
    behind = _opened(away < _SAME_COLOUR, 1) > 0
    labels = np.where(mask & ~behind, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[core & ~behind], labels[~near] = cv2.GC_FGD, cv2.GC_BGD
    cut = _grabcut(finer, labels)
    settled = mask if cut is None or not cut.any() else cut
    opened = _main_piece(_opened(settled, 1))
    return _upscaled(_holes_settled(opened, lab, away), picture.shape)


def _holes_settled(mask: Mask, lab: Floats, away: Floats) -> Mask:
    """Fill holes unless an even background shows through them."""
    filled = np.asarray(binary_fill_holes(mask))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (filled & ~mask).astype(np.uint8), connectivity=4
    )
    result = filled.copy()
    for number in range(1, count):
        hole = labels == number
        large = stats[number, cv2.CC_STAT_AREA] > _SMALLEST_HOLE * mask.size
        even = float(np.median(np.abs(lab[hole] - np.median(lab[hole], axis=0)))) < _EVEN
        if large and even and float(np.median(away[hole])) < _SEEN_THROUGH:
            result[hole] = False
    return result


def _rim(shape: tuple[int, int]) -> int:
    return max(2, min(shape) // 60)


def _first_guess(lab: Floats, tone_share: float) -> Floats:
    """(h, w) score from contrast with the border, enclosure by edges, and the middle."""
    difference = _difference_from_border(lab, tone_share)
    mixed = 0.5 * difference + 0.5 * _enclosure(lab, difference)
    return mixed * _centre_weight((lab.shape[0], lab.shape[1]))


def _labels(
    score: Floats, threshold: float, person: tuple[Mask, Mask] | None
) -> npt.NDArray[np.uint8]:
    """GrabCut's starting labels."""
    shape = (score.shape[0], score.shape[1])
    start = np.full(shape, cv2.GC_PR_BGD, dtype=np.uint8)
    start[score > threshold] = cv2.GC_PR_FGD
    start[(score < 0.35 * threshold) & (_centre_weight(shape) < 0.8)] = cv2.GC_BGD
    if person is not None:
        sure, likely = person
        start[likely] = cv2.GC_PR_FGD
        start[sure] = cv2.GC_FGD
    rim = _rim(shape)
    start[:rim] = start[:, :rim] = start[:, -rim:] = cv2.GC_BGD
    return start


def _gradient(lab: Floats) -> Floats:
    soft = cv2.GaussianBlur(lab, (0, 0), 1.2)
    down, right = np.gradient(soft, axis=(0, 1))
    return np.asarray(np.sqrt((down**2 + right**2).sum(axis=2)))


def _edge_strength(lab: Floats) -> Floats:
    """(h, w) gradient, 1 at the picture's stronger edges."""
    edge = _gradient(lab)
    return np.asarray(edge / max(float(np.percentile(edge, 95)), 1e-6))


def _enclosure(lab: Floats, difference: Floats) -> Floats:
    """(h, w) how strong the edges are that must be crossed to come in from the border, 0-1."""
    edge = _gradient(lab)
    height, width = edge.shape
    starts = [(0, x) for x in range(width)]
    starts += [(y, x) for y in range(int(0.7 * height)) for x in (0, width - 1)]
    # Subjects often run out of the picture below: only what looks like background starts there.
    starts += [(height - 1, int(x)) for x in np.flatnonzero(difference[-1] < _ALIKE)]
    costs, _ = MCP_Geometric(np.maximum(edge - 1.5, 0.02)).find_costs(starts)
    return np.asarray(np.clip(costs / max(float(np.percentile(costs, 97)), 1e-6), 0, 1))


def _difference_from_border(lab: Floats, tone_share: float) -> Floats:
    """(h, w) smoothed distance of each colour to the border's main tones, about 0-1."""
    soft = cv2.GaussianBlur(_gap_to_border_tones(lab, tone_share), (0, 0), 1.5)
    return np.asarray(np.clip(soft / _FULL_DIFFERENCE, 0, 1))


def _gap_to_border_tones(lab: Floats, tone_share: float) -> Floats:
    """(h, w) distance of each colour to the nearest of the border's main tones.

    Tones that make up less than ``tone_share`` of the border may belong to the subject.
    """
    height, width = lab.shape[:2]
    band = max(3, min(height, width) // 20)
    # Subjects often run out of the picture below.
    upper = int(0.7 * height)
    strips = [lab[:band], lab[:upper, :band], lab[:upper, -band:]]
    border = np.concatenate([strip.reshape(-1, 3) for strip in strips]).astype(np.float32)
    cv2.setRNGSeed(1)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    tones = min(_BACKGROUND_TONES, len(border))
    start = np.zeros((len(border), 1), dtype=np.int32)
    _, labels, centres = cv2.kmeans(border, tones, start, criteria, 2, cv2.KMEANS_PP_CENTERS)
    counts = np.bincount(np.asarray(labels).ravel(), minlength=tones)
    main = np.asarray(centres, dtype=np.float64)[counts > tone_share * len(border)]
    return np.asarray(np.linalg.norm(lab[:, :, None] - main[None, None], axis=3).min(axis=2))


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
    closed = np.asarray(
        cv2.morphologyEx(_opened(mask, reach), cv2.MORPH_CLOSE, kernel), dtype=np.uint8
    )
    if not closed.any():
        return mask
    piece = _main_piece(closed)
    # A cup keeps the hole in its handle.
    return np.asarray(remove_small_holes(piece, max_size=int(0.012 * float(piece.sum()))))


def _opened(mask: Mask, reach: int) -> npt.NDArray[np.uint8]:
    """Without specks and threads thinner than ``reach``."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return np.asarray(opened, dtype=np.uint8)


def _main_piece(mask: npt.NDArray[np.uint8]) -> Mask:
    """The largest component, counted with a preference for the middle."""
    _, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    column, row = centres[1:].astype(int).T
    weight = _centre_weight((mask.shape[0], mask.shape[1]))[row, column]
    value = stats[1:, cv2.CC_STAT_AREA] * (0.3 + weight)
    return np.asarray(labels == 1 + (int(value.argmax()) if len(value) else 0))


def _upscaled(mask: Mask, shape: tuple[int, int]) -> Mask:
    large = cv2.resize(mask.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    sigma = 0.6 * max(1.0, shape[0] / mask.shape[0])
    return np.asarray(cv2.GaussianBlur(large, (0, 0), sigma) > 0.5)
