"""Faces of people: skin and hair often look like the background."""

import numpy as np
from skimage.data import lbp_frontal_face_cascade_filename
from skimage.feature import Cascade

from .picture import Mask, Picture

_SMALLEST_FACE = 0.12
"""Share of the picture's shorter side; smaller finds are mostly mistakes."""


def face_and_body(picture: Picture) -> tuple[Mask, Mask] | None:
    """(h, w) masks of what is surely face and neck, and of where its head and body probably are."""
    face = _largest_face(picture)
    if face is None:
        return None
    x, y, width, height = face
    centre_x, centre_y = x + width / 2, y + height / 2
    rows, columns = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    across = (columns - centre_x) / width
    down = (rows - centre_y) / height
    sure = (across / 0.42) ** 2 + (down / 0.52) ** 2 < 1
    neck = (np.abs(across) < 0.3) & (down > 0) & (down < 1.1)
    head = (across / 0.8) ** 2 + ((down + 0.1) / 0.95) ** 2 < 1
    body = (np.abs(across) < 1.5) & (down > 0.65)
    return np.asarray(sure | neck), np.asarray(head | body)


def _largest_face(picture: Picture) -> tuple[int, int, int, int] | None:
    """Column, row, width and height."""
    least = max(24, round(_SMALLEST_FACE * min(picture.shape)))
    most = min(picture.shape)
    if most <= least:
        return None
    found = Cascade(lbp_frontal_face_cascade_filename()).detect_multi_scale(
        img=picture.colour,
        scale_factor=1.15,
        step_ratio=1,
        min_size=(least, least),
        max_size=(most, most),
    )
    boxes = [(int(box["c"]), int(box["r"]), int(box["width"]), int(box["height"])) for box in found]
    return max(boxes, key=lambda box: box[2] * box[3], default=None)
