"""From pictures to a textured mesh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ..geometry.reduction import reduced
from ..geometry.surface import FACETED, Floats, Surface, corner_normals
from ..model import Mesh, Part, mesh_of
from ..text_to_model.prompt import read_prompt
from ..text_to_model.vocabulary import MATERIAL_COLOURS
from ..textures.bake import bake
from ..textures.texels import Finish
from .inflate import Silhouette, silhouette_of, solid_of
from .picture import Mask, Picture
from .project import Panel, Sheet, chosen_panels, projected_uvs, softened, textures_of
from .segment import find_subject
from .sketch import drawn_shape, strokes_of
from .views import View, panel_for, side_depths

_HEIGHT = 1.0
_CREASE = 75.0
_FACETED_FACES = 2_500
_SPARING = 0.6
"""Steep sides take several triangles a cell."""
_CLAY = Finish("plaster", (0.78, 0.74, 0.68))
_DISCLAIMER = "not a neural model"


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
    view = View(picture, subject.mask)
    outline = _detailed(silhouette_of(view.mask, _cells_for(view.mask, wishes.cells)), picture)
    depth = outline.height * wishes.depth
    surface = _standing(outline, depth, -depth, wishes)
    account = f"subject found by {subject.method}, its silhouette inflated, the picture projected"
    return Solid(
        _projected(surface, [panel_for("front", view, view), _mirrored_back(view)], wishes),
        f"{account}; {_DISCLAIMER}",
    )


def build_from_views(pictures: Mapping[str, Picture], wishes: Wishes) -> Solid:
    """A solid from "front" and any of "back", "left" and "right"; other views are not used."""
    found = {
        name: find_subject(pictures[name])
        for name in ("front", "back", "left", "right")
        if name in pictures
    }
    views = {name: View(pictures[name], s.mask) for name, s in found.items() if s is not None}
    if "front" not in views:
        return build_from_picture(pictures["front"], wishes)
    front = views["front"]
    outline = silhouette_of(front.mask, _cells_for(front.mask, wishes.cells))
    sides = {name: view for name, view in views.items() if name in ("left", "right")}
    if sides:
        ahead, behind = side_depths(outline, front, sides)
    else:
        ahead = outline.height * wishes.depth
        behind = -ahead
    surface = _standing(outline, ahead, behind, wishes)
    panels = [panel_for(name, view, front) for name, view in views.items()]
    if "back" not in views:
        panels.insert(1, _mirrored_back(front))
    account = f"silhouettes and colours of the views {', '.join(views)}"
    return Solid(_projected(surface, panels, wishes), f"{account}; {_DISCLAIMER}")


def build_from_sketch(picture: Picture, prompt: str, wishes: Wishes) -> Solid:
    """The drawing gives the shape and its grooves, the prompt colour and material."""
    strokes = strokes_of(picture)
    mask = drawn_shape(strokes)
    if mask is None or not 0.004 < mask.mean() < 0.98:
        return build_from_picture(picture, wishes)
    outline = silhouette_of(mask, _cells_for(mask, wishes.cells))
    grooves = _blurred(strokes, max(1.0, max(mask.shape) / 350))
    thick = np.clip(3 * outline.height / max(float(outline.height.max()), 1e-9), 0, 1)
    sunk = 0.12 * float(outline.height.max()) * thick * outline.sampled(grooves)
    depth = np.maximum(outline.height * wishes.depth - sunk, 0.15 * outline.height)
    surface = _standing(outline, depth, -outline.height * wishes.depth, wishes)
    brief = read_prompt(prompt)
    look = brief.main
    material = look.material or _CLAY.material
    colour = look.colour or MATERIAL_COLOURS.get(look.material or "", _CLAY.colour)
    mesh = bake(
        [Part("sketch", replace(surface, rest=surface.positions), Finish(material, colour))],
        wishes.texture,
        pbr=wishes.pbr,
        textured=wishes.textured,
    )
    words = ", ".join(f"'{w}'" for w in brief.understood) or "no known word"
    return Solid(mesh, f"silhouette of the sketch inflated, look from {words}; {_DISCLAIMER}")


def _mirrored_back(view: View) -> Panel:
    """The front seen through from behind, without its detail."""
    panel = panel_for("front", view, view)
    return replace(panel, pixels=softened(panel.pixels, view.mask), toward=(0.0, 0.0, -1.0))


def _cells_for(mask: Mask, cells: int) -> int:
    """Spend the cells on the subject, not on the empty picture round it."""
    ys, xs = np.nonzero(mask)
    share = max(float(np.ptp(xs)), float(np.ptp(ys))) / float(max(mask.shape))
    return min(round(_SPARING * cells / max(share, 0.1)), 4 * cells)


def _detailed(outline: Silhouette, picture: Picture) -> Silhouette:
    """Raise light and lower dark details a little, less towards the outline."""
    light = _lightness(picture)
    size = max(picture.shape)
    fine = _blurred(light, size / 200) - _blurred(light, size / 30)
    highest = max(float(outline.height.max()), 1e-9)
    thick = np.clip(3 * outline.height / highest, 0, 1)
    extra = 0.1 * highest * thick * outline.sampled(fine)
    return replace(outline, height=np.maximum(outline.height + extra, 0.15 * outline.height))


def _lightness(picture: Picture) -> Floats:
    """(h, w) 0-1."""
    grey = cv2.cvtColor(picture.colour, cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, dtype=np.float32) / 255


def _blurred(image: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float64)


def _standing(outline: Silhouette, front: Floats, back: Floats, wishes: Wishes) -> Surface:
    """A closed surface one metre high; ``rest`` keeps the positions in picture pixels."""
    pixels, triangles = solid_of(outline, front, back)
    limit = min(wishes.face_count, _FACETED_FACES) if wishes.faceted else wishes.face_count
    if len(triangles) > limit:
        pixels, triangles = reduced(pixels, triangles, limit)
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    base = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    metres = (pixels - base) * (_HEIGHT / float(high[1] - low[1]))
    return Surface(metres, pixels, triangles, FACETED if wishes.faceted else _CREASE)


def _projected(surface: Surface, panels: Sequence[Panel], wishes: Wishes) -> Mesh:
    sheet = Sheet(tuple(panels), wishes.texture)
    in_pixels = replace(surface, positions=surface.rest)
    uv = projected_uvs(in_pixels, sheet, chosen_panels(in_pixels, panels))
    part = Part("subject", surface, _CLAY)
    mesh = mesh_of([part], [corner_normals(surface)], [uv])
    if not wishes.textured:
        return mesh
    return replace(mesh, textures=textures_of(sheet, pbr=wishes.pbr))


def _plaque(picture: Picture, wishes: Wishes) -> Solid:
    """Nothing stands out: an upright relief of the whole picture."""
    mask = np.ones(picture.shape, dtype=np.bool_)
    outline = silhouette_of(mask, wishes.cells)
    light = _lightness(picture)
    size = max(picture.shape)
    front = size * (0.02 + 0.03 * outline.sampled(_blurred(light, size / 150)))
    surface = _standing(outline, front, np.full_like(front, -0.02 * size), wishes)
    view = View(picture, mask)
    mesh = _projected(surface, [panel_for("front", view, view), _mirrored_back(view)], wishes)
    return Solid(mesh, f"no subject stands out, so a relief of the picture; {_DISCLAIMER}")
