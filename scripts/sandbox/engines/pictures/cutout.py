"""The subject of a picture without its background."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from scripts.sandbox.engines.image_to_model.picture import picture_of
from scripts.sandbox.engines.image_to_model.segment import find_subject
from scripts.sandbox.work import EngineFailed

Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cutout:
    """RGBA picture and its opacity, both of the input's size; ``account`` says how."""

    picture: Image.Image
    mask: Image.Image
    account: str


_EDGES = {
    "low": "hard outline",
    "medium": "outline fitted to the picture's edges",
    "high": "outline fitted to the picture's edges, background light removed from it",
}


def cut_out(picture: Image.Image, quality: str) -> Cutout:
    """``quality`` is low, medium or high. EngineFailed when nothing stands out."""
    pixels = np.asarray(picture.convert("RGBA"))
    subject = find_subject(picture_of(picture))
    if subject is None:
        raise EngineFailed("No subject could be told from the background.")
    size = picture.size
    found = cv2.resize(subject.mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    hard = np.asarray(found, dtype=np.float32)
    colour = pixels[..., :3]
    alpha = _smooth(hard) if quality == "low" else _fitted(colour, hard)
    if quality == "high":
        colour = _without_spill(colour, alpha)
    # What was transparent before stays so.
    opacity = np.minimum(np.round(alpha * 255).astype(np.uint8), pixels[..., 3])
    account = f"Subject found by {subject.method}, {_EDGES[quality]}."
    return Cutout(Image.fromarray(np.dstack([colour, opacity])), Image.fromarray(opacity), account)


def _smooth(mask: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.7), dtype=np.float32)


def _fitted(colour: npt.NDArray[np.uint8], mask: Plane) -> Plane:
    """A guided filter near the outline: opacity follows the picture's own edges."""
    guide = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    reach = max(2, min(mask.shape) // 150)
    window = (2 * reach + 1, 2 * reach + 1)
    mean_guide, mean_mask = cv2.blur(guide, window), cv2.blur(mask, window)
    variance = cv2.blur(guide * guide, window) - mean_guide**2
    covariance = cv2.blur(guide * mask, window) - mean_guide * mean_mask
    slope = covariance / (variance + 1e-4)
    offset = mean_mask - slope * mean_guide
    fitted = cv2.blur(slope, window) * guide + cv2.blur(offset, window)
    # Stretched so that the filter's haze on both sides is gone.
    return np.asarray(np.clip((fitted - 0.15) / 0.7, 0, 1), dtype=np.float32)


def _without_spill(colour: npt.NDArray[np.uint8], alpha: Plane) -> npt.NDArray[np.uint8]:
    """Half-transparent pixels take the colour of the nearest opaque one."""
    solid = alpha > 0.95
    if not solid.any():
        return colour
    _, label = cv2.distanceTransformWithLabels(
        (~solid).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    source = np.zeros((int(label.max()) + 1, 3), dtype=np.uint8)
    source[label[solid]] = colour[solid]
    mixed = (alpha > 0) & ~solid
    cleaned = colour.copy()
    cleaned[mixed] = source[label[mixed]]
    return cleaned
