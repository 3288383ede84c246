"""Several pictures of the same thing: depth from the side views, colours from all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from ..geometry.surface import Floats, Ints
from .inflate import Silhouette
from .picture import Mask, Picture
from .project import Panel, spread, used_box

_SMOOTHING = 0.012


@dataclass(frozen=True, slots=True)
class View:
    """A picture whose subject has been found."""

    picture: Picture
    mask: Mask

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the subject."""
        ys, xs = np.nonzero(self.mask)
        return float(xs.min()), float(ys.min()), float(xs.max()) + 1, float(ys.max()) + 1


def side_depths(
    outline: Silhouette, front: View, sides: Mapping[str, View]
) -> tuple[Floats, Floats]:
    """Front and back depth (r, c) of the outline so that the side views are matched."""
    _, top, _, bottom = front.extent
    rows: Ints = np.arange(int(np.floor(top)), int(np.ceil(bottom)) + 1, dtype=np.int64)
    profiles = [_profile(front, view, name, rows) for name, view in sides.items()]
    low = np.mean([p[0] for p in profiles], axis=0)
    high = np.mean([p[1] for p in profiles], axis=0)
    sigma = _SMOOTHING * len(rows)
    middle = gaussian_filter1d((low + high) / 2, 3 * sigma, mode="nearest")
    half = gaussian_filter1d(np.maximum((high - low) / 2, 0.0), sigma, mode="nearest")
    thickest = outline.height.max(axis=1, keepdims=True)
    thickest = gaussian_filter1d(thickest, 1.5 * sigma / outline.pitch, axis=0, mode="nearest")
    share = np.minimum(outline.height / np.maximum(thickest, 1e-6), 1.0)
    row = np.clip(np.round(outline.row - rows[0]).astype(int), 0, len(rows) - 1)
    return middle[row, None] + half[row, None] * share, middle[row, None] - half[row, None] * share


def _profile(front: View, side: View, name: str, rows: Ints) -> tuple[Floats, Floats]:
    """Lowest and highest depth at each row of the front picture, in its pixels."""
    _, front_top, _, front_bottom = front.extent
    left, top, right, bottom = side.extent
    scale = (front_bottom - front_top) / (bottom - top)
    matching = top + (rows - front_top) / scale
    index = np.clip(np.round(matching).astype(int), int(top), int(bottom) - 1)
    strip = side.mask[index]
    first = strip.argmax(axis=1)
    last = strip.shape[1] - strip[:, ::-1].argmax(axis=1)
    empty = ~strip.any(axis=1)
    middle = (left + right) / 2
    low, high = (first - middle) * scale, (last - middle) * scale
    low[empty] = high[empty] = 0.0
    # On the left view the front of the subject looks to the left of the picture.
    return (-high, -low) if name == "left" else (low, high)


def panel_for(name: str, view: View, front: View) -> Panel:
    """How a view is thrown on a solid given in pixels of the front picture, Y up."""
    front_left, front_top, front_right, front_bottom = front.extent
    left, top, right, bottom = view.extent
    scale = (bottom - top) / (front_bottom - front_top)
    middle, front_middle = (left + right) / 2, (front_left + front_right) / 2
    across = {
        "front": (scale, 0.0, 0.0),
        "back": (-scale, 0.0, 0.0),
        "left": (0.0, 0.0, -scale),
        "right": (0.0, 0.0, scale),
    }[name]
    toward = {
        "front": (0.0, 0.0, 1.0),
        "back": (0.0, 0.0, -1.0),
        "left": (1.0, 0.0, 0.0),
        "right": (-1.0, 0.0, 0.0),
    }[name]
    return Panel(
        spread(view.picture.colour, view.mask),
        used_box(view.mask),
        toward,
        across,
        (0.0, -scale, 0.0),
        (middle - across[0] * front_middle, top - scale * front_top),
    )
