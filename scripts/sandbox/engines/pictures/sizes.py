"""How many pixels a generated picture has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SIDES = {"512px": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""Side of a square picture; other ratios have about as many pixels."""

_SEEDREAM = {
    "square": (1024, 1024),
    "square_hd": (2048, 2048),
    "portrait_4_3": (1536, 2048),
    "portrait_16_9": (1152, 2048),
    "landscape_4_3": (2048, 1536),
    "landscape_16_9": (2048, 1152),
    "auto_2K": (2048, 2048),
    "auto_3K": (3072, 3072),
}
_STEP = 16


def pixel_size(parameters: Mapping[str, Any], like: tuple[int, int] | None) -> tuple[int, int]:
    """(width, height); ``auto`` follows the picture ``like``, or is square without one."""
    if "image_size" in parameters:
        width, height = _SEEDREAM[str(parameters["image_size"])]
        if not str(parameters["image_size"]).startswith("auto") or like is None:
            return width, height
        return _at_ratio(like[0] / like[1], width)
    ratio = str(parameters.get("aspect_ratio", "auto"))
    side = _SIDES[str(parameters.get("resolution", "1K"))]
    if ratio == "auto":
        return _at_ratio(like[0] / like[1] if like else 1.0, side)
    across, down = (int(part) for part in ratio.split(":"))
    return _at_ratio(across / down, side)


def _at_ratio(ratio: float, side: int) -> tuple[int, int]:
    width = side * ratio**0.5
    return _stepped(width), _stepped(width / ratio)


def _stepped(length: float) -> int:
    return max(_STEP, round(length / _STEP) * _STEP)
