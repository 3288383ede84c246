"""From pictures to a textured mesh."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import fast_simplification
import numpy as np

from ..geometry.surface import Floats, Ints, Surface, corner_normals
from ..model import Mesh, Part, mesh_of
from ..textures.finish import Finish
from .inflate import Sheet, sheet_of, solid_of
from .picture import Mask, Picture
from .project import frame_of, planar_uvs, textures_of
from .segment import find_subject

_HEIGHT = 1.0
_CREASE = 75.0
_FINISH = Finish("flat", (0.8, 0.8, 0.8))


@dataclass(frozen=True, slots=True)
class Solid:
    """A mesh and one sentence on how it came about."""

    mesh: Mesh
    account: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the request asks for.

    cells       cells along the longer side of the subject
    face_count  upper bound
    texture     side of the atlas in texels
    depth       thickness relative to a round body
    """

    cells: int = 140
    face_count: int = 500_000
    texture: int = 2048
    textured: bool = True
    pbr: bool = False
    faceted: bool = False
    depth: float = 0.75


def build_from_picture(picture: Picture, wishes: Wishes) -> Solid:
    """A standing solid one metre high with the picture on it."""
    subject = find_subject(picture)
    if subject is None:
        return _plaque(picture, wishes)
    mask = subject.mask
    cells = _cells_for(mask, wishes.cells)
    sheet = _detailed(sheet_of(mask, cells), picture, mask)
    front = sheet.height * wishes.depth
    positions, triangles = solid_of(sheet, front, -front)
    mesh = _finished(positions, triangles, picture, mask, wishes)
    return Solid(
        mesh,
        f"silhouette found by {subject.method}, inflated, picture projected; not a neural model",
    )


def _cells_for(mask: Mask, cells: int) -> int:
    """Spend the cells on the subject, not on the empty picture round it."""
    ys, xs = np.nonzero(mask)
    share = max(np.ptp(xs), np.ptp(ys)) / max(mask.shape)
    return min(round(cells / max(share, 0.1)), 4 * cells)


def _detailed(sheet: Sheet, picture: Picture, mask: Mask) -> Sheet:
    """Raise light and lower dark details a little, less towards the outline."""
    light = cv2.cvtColor(picture.colour, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    size = max(mask.shape)
    fine = cv2.GaussianBlur(light, (0, 0), size / 200) - cv2.GaussianBlur(light, (0, 0), size / 30)
    column, row = np.round(sheet.points).astype(int).T
    at = fine[np.clip(row, 0, mask.shape[0] - 1), np.clip(column, 0, mask.shape[1] - 1)]
    thick = sheet.height / max(float(sheet.height.max()), 1e-9)
    extra = 0.035 * float(sheet.height.max()) * np.clip(3 * thick, 0, 1) * at * 3
    return replace(sheet, height=np.maximum(sheet.height + extra, 0.0))


def _finished(
    positions: Floats, triangles: Ints, picture: Picture, mask: Mask, wishes: Wishes
) -> Mesh:
    if len(triangles) > wishes.face_count:
        positions, triangles = _reduced(positions, triangles, wishes.face_count)
    frame = frame_of(mask, wishes.texture)
    uv = planar_uvs(positions, triangles, frame)
    low, high = positions.min(axis=0), positions.max(axis=0)
    base = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    metres = (positions - base) * (_HEIGHT / float(high[1] - low[1]))
    surface = Surface(
        metres,
        metres,
        triangles,
        uv,
        np.zeros(len(triangles), dtype=np.int64),
        0.0 if wishes.faceted else _CREASE,
    )
    mesh = mesh_of([Part("subject", surface, _FINISH)], [corner_normals(surface)], [uv])
    if not wishes.textured:
        return mesh
    return replace(mesh, textures=textures_of(picture.colour, mask, frame, pbr=wishes.pbr))


def _reduced(positions: Floats, triangles: Ints, count: int) -> tuple[Floats, Ints]:
    points, faces = fast_simplification.simplify(
        positions.astype(np.float32), triangles.astype(np.int32), target_count=count
    )
    return np.asarray(points, dtype=np.float64), np.asarray(faces, dtype=np.int64)


def _plaque(picture: Picture, wishes: Wishes) -> Solid:
    """Nothing stands out: an upright relief of the whole picture."""
    mask = np.ones(picture.shape, dtype=np.bool_)
    sheet = sheet_of(mask, wishes.cells)
    light = cv2.cvtColor(picture.colour, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    size = max(picture.shape)
    soft = cv2.GaussianBlur(light, (0, 0), size / 150)
    column, row = np.round(sheet.points).astype(int).T
    relief = soft[np.clip(row, 0, mask.shape[0] - 1), np.clip(column, 0, mask.shape[1] - 1)]
    front = size * (0.02 + 0.03 * relief)
    positions, triangles = solid_of(sheet, front, np.full(len(front), -0.02 * size))
    mesh = _finished(positions, triangles, picture, mask, wishes)
    return Solid(mesh, "no subject stands out, so a relief of the picture; not a neural model")
