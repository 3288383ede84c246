"""What keeps a photo from becoming a good model, as far as its pixels tell that for certain.

Everything is judged on a small copy: engines look at little more, and a blur that shows there is no
matter of taste. What cannot be told apart from an ordinary picture is not said.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.float32]]
"""Rows from the top, columns, four channels: sRGB with straight opacity, 0 to 1."""

DARK: Final = "dark"
BRIGHT: Final = "bright"
FLAT: Final = "flat"
BLURRED: Final = "blurred"
EMPTY: Final = "empty"
CUT_OFF: Final = "cut_off"
"""What stands before a plain ground goes on below the lower edge."""

TURNS: Final[Mapping[int, Callable[[Pixels], Pixels]]] = {
    2: lambda seen: seen[:, ::-1],
    3: lambda seen: seen[::-1, ::-1],
    4: lambda seen: seen[::-1],
    5: lambda seen: seen.transpose(1, 0, 2),
    6: lambda seen: np.rot90(seen, -1),
    7: lambda seen: np.rot90(seen, 2).transpose(1, 0, 2),
    8: np.rot90,
}
"""How a picture becomes upright, by its orientation in EXIF."""

SIDE: Final = 256
"""Pixels of the longer side that is judged: as many as the previews of Blender have."""

SUBJECT: Final = 0.003
"""Share of the area below which there is nothing to make a model of."""
SAME_COLOR: Final = 0.05
"""By how much the colors of one surface may differ."""
DARKEST: Final = 0.2
BRIGHTEST: Final = 0.85
LEAST_CONTRAST: Final = 0.15
SHARPEST_EDGE: Final = 0.14
"""Share of the contrast that the sharpest edges make from one pixel to the next. It is what is left
of an edge by a blur as wide as a hundredth of the picture."""


def find(pixels: Pixels, orientation: int = 1) -> list[str]:
    """The faults of a picture, the gravest first; [] where none is certain."""
    turn = TURNS.get(orientation)
    seen = shrink(pixels if turn is None else turn(pixels))
    is_solid = seen[..., 3] > HALF
    if is_solid.mean() < SUBJECT or _is_one_color(seen, is_solid):
        return [EMPTY]
    found = _light(seen[is_solid][:, :3])
    if _is_blurred(seen[..., :3], is_solid):
        found.append(BLURRED)
    if not found and _is_cut_off(seen, is_solid):
        found.append(CUT_OFF)
    return found


HALF: Final = 0.5
"""Opacity from which on something is there."""


def shrink(pixels: Pixels) -> Pixels:
    """The means of squares of pixels, so many that it is small."""
    step = max(1, max(pixels.shape[:2]) // SIDE)
    height, width = (side // step for side in pixels.shape[:2])
    if step == 1 or not height or not width:
        return pixels
    cut = pixels[: height * step, : width * step]
    mean: Pixels = cut.reshape(height, step, width, step, 4).mean(axis=(1, 3))
    return mean


def _is_one_color(seen: Pixels, is_solid: Any) -> bool:
    """Whether it is filled with one color; what was cut out is its own shape."""
    if not is_solid.all():
        return False
    colors = seen[..., :3]
    apart = np.abs(colors - np.median(colors, axis=(0, 1))).max(axis=-1)
    return bool((apart > SAME_COLOR).mean() < SUBJECT)


def _light(colors: Pixels) -> list[str]:
    """What is wrong with the light on what is there, if anything."""
    if np.percentile(colors.max(axis=1), MOST) < DARKEST:
        return [DARK]
    if np.percentile(colors.min(axis=1), 100 - MOST) > BRIGHTEST:
        return [BRIGHT]
    return [FLAT] if _contrast(colors) < LEAST_CONTRAST else []


MOST: Final = 99.8
"""Percent of the pixels: the thin lines of a drawing are more than the rest."""


def _contrast(colors: Pixels) -> float:
    low, high = np.percentile(colors, (100 - MOST, MOST), axis=0)
    return float((high - low).max())


def _is_blurred(colors: Pixels, is_solid: Any) -> bool:
    """Whether even the sharpest edges are soft; the edge of a cut-out tells nothing."""
    steps = np.concatenate(
        [
            np.abs(np.diff(colors, axis=axis)).max(axis=-1)[both]
            for axis, both in (
                (0, is_solid[1:] & is_solid[:-1]),
                (1, is_solid[:, 1:] & is_solid[:, :-1]),
            )
        ]
    )
    if steps.size < FEW_STEPS:
        return False
    sharpest = float(np.percentile(steps, MOST))
    return sharpest < SHARPEST_EDGE * _contrast(colors[is_solid])


FEW_STEPS: Final = 1000
"""Of a smaller picture nobody can say."""


def _is_cut_off(seen: Pixels, is_solid: Any) -> bool:
    """Whether something reaches the lower edge that is clear of the upper one and of the corners.

    Only a plain ground, or none, tells what belongs to the subject: of a scene nothing is said. A
    cut-out that was cropped to its subject touches the upper edge as well.
    """
    there = is_solid if not is_solid.all() else _off_ground(seen[..., :3])
    if there is None or there[0].any():
        return False
    lowest = there[-1]
    corner = max(1, round(len(lowest) * CORNER))
    if lowest[:corner].any() or lowest[-corner:].any():
        return False
    return bool(TOUCHES < lowest.mean() < FILLS)


CORNER: Final = 0.03
"""Share of the width at either end of the lower edge that is ground where a subject stands out."""
TOUCHES: Final = 0.03
FILLS: Final = 0.8
"""Shares of the lower edge: less is dirt, more is the floor."""


def _off_ground(colors: Pixels) -> Any:
    """Where it is not of the plain ground's color; None without a plain ground."""
    half = len(colors) // 2
    border = np.concatenate([colors[0], colors[:half, 0], colors[:half, -1]])
    ground = np.median(border, axis=0)
    if (np.abs(border - ground).max(axis=1) > SAME_GROUND).mean() > DIRT:
        return None
    return np.abs(colors - ground).max(axis=-1) > 2 * SAME_GROUND


SAME_GROUND: Final = 0.06
DIRT: Final = 0.02
