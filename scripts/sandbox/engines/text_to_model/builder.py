"""What a shape function works with: primitives at the wanted detail, finishes, seeded chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..geometry import fields, primitives
from ..geometry.fields import Limb
from ..geometry.primitives import Point2, Point3
from ..geometry.surface import FACETED, Floats, Surface
from ..model import Part
from ..textures.finish import Colour, Finish
from . import vocabulary
from .palette import STYLE_MATERIALS
from .prompt import Brief, Look

_T = TypeVar("_T")

_WEAR_BY_STYLE = {"old": 0.75, "new": 0.0, "medieval": 0.4, "futuristic": 0.08, "modern": 0.05}


class Builder:
    """Collects the parts of one model.

    ``detail`` scales the number of segments of round things (1 = ordinary); a ``faceted`` model
    shows its flat faces.
    """

    def __init__(self, brief: Brief, seed: int, detail: float, *, faceted: bool) -> None:
        self.brief = brief
        self.detail = detail
        self.faceted = faceted
        self.parts: list[Part] = []
        self._chance = np.random.default_rng(seed)

    def styled(self, *styles: str) -> bool:
        return not self.brief.styles.isdisjoint(styles)

    def says(self, *words: str) -> bool:
        """Whether the prompt contains one of the words (singular)."""
        return any(word in self.brief.understood or word in self.brief.words for word in words)

    def between(self, low: float, high: float) -> float:
        return float(self._chance.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return int(self._chance.integers(low, high + 1))

    def pick(self, options: Sequence[_T]) -> _T:
        return options[int(self._chance.integers(len(options)))]

    def segments(self, ordinary: int, least: int = 5) -> int:
        return max(least, round(ordinary * self.detail))

    def finish(self, role: str, default: Finish, *, main: bool = True) -> Finish:
        """The default, changed by what the prompt says of this role.

        ``main`` roles also take the colour and material named for the whole thing.
        """
        look = self.brief.parts.get(role) or (self.brief.main if main else Look())
        material = look.material or self._style_material(default.material)
        colour: Colour = look.colour or (
            vocabulary.MATERIAL_COLOURS[look.material]
            if look.material and look.material != default.material
            else default.colour
        )
        wear = next(
            (value for style, value in _WEAR_BY_STYLE.items() if self.styled(style)), default.wear
        )
        if self.styled("low-poly") and material != "glow":
            material = "flat"
        return replace(default, material=material, colour=colour, wear=wear)

    def _style_material(self, material: str) -> str:
        for style, changes in STYLE_MATERIALS.items():
            if self.styled(style):
                return changes.get(material, material)
        return material

    def add(self, name: str, surface: Surface, finish: Finish, copy_of: str = "") -> None:
        shown = surface.creased(FACETED) if self.faceted else surface
        self.parts.append(Part(name, shown, finish, copy_of))

    def box(
        self, width: float, height: float, depth: float, edge: float = 0.008, cuts: int = 1
    ) -> Surface:
        """A rounded box standing on the ground; few faces mean sharp edges."""
        if self.faceted and edge < 0.2 * min(width, height, depth):
            return primitives.rounded_box((width, height, depth), 0.0, 1, min(cuts, 4))
        segments = 1 if self.detail < 1.5 or edge < 0.02 else 3
        if edge >= 0.25 * min(width, height, depth) and self.detail >= 1:
            segments = max(segments, 3)
        return primitives.rounded_box((width, height, depth), edge, segments, cuts)

    def ball(self, x: float, y: float | None = None, z: float | None = None) -> Surface:
        """An ellipsoid about the origin."""
        radii = (x, x if y is None else y, x if z is None else z)
        return primitives.ball(radii, self.segments(5, 2))

    def lathe(self, profile: Sequence[Point2], soft: float = 0.0, segments: int = 32) -> Surface:
        """Revolve a profile; ``soft`` rounds its corners."""
        rounded = soft > 0 and not self.faceted
        line = primitives.rounded_profile(profile, soft) if rounded else list(profile)
        return primitives.lathe(line, self.segments(segments))

    def cylinder(
        self, radius: float, height: float, edge: float = 0.004, segments: int = 24
    ) -> Surface:
        """Standing on the ground."""
        return self.cone(radius, radius, height, edge, segments)

    def cone(
        self, bottom: float, top: float, height: float, edge: float = 0.004, segments: int = 24
    ) -> Surface:
        """A truncated cone standing on the ground."""
        profile = [(0.0, 0.0), (bottom, 0.0), (top, height), (0.0, height)]
        return self.lathe(profile, edge, segments)

    def cushion(self, width: float, height: float, depth: float) -> Surface:
        """A soft box standing on the ground, fullest in the middle."""
        cuts = self.segments(6, 2)
        block = self.box(width, height, depth, 0.45 * height, cuts)

        def puff(points: Floats) -> Floats:
            x, z = points[:, 0] / (width / 2), points[:, 2] / (depth / 2)
            full = np.clip(1 - x**2, 0, 1) * np.clip(1 - z**2, 0, 1)
            puffed = points.copy()
            puffed[:, 1] = height / 2 + (points[:, 1] - height / 2) * (1 + 0.35 * full)
            puffed[:, [0, 2]] *= (1 - 0.03 * np.clip(1 - full, 0, 1))[:, None]
            return puffed

        return block.bent(puff).creased(80.0)

    def stone_ball(self) -> Surface:
        """A unit ball fine enough to be carved."""
        return primitives.ball((1.0, 1.0, 1.0), self.segments(11, 3))

    def loft(self, rings: Floats, crease: float = 40.0) -> Surface:
        """A skin over (k, n, 3) rings."""
        return primitives.loft(rings, crease)

    def tube(
        self,
        path: Sequence[Point3] | Floats,
        radii: Sequence[float] | float,
        segments: int = 12,
        *,
        round_ends: bool = True,
        loop: bool = False,
        flatten: float = 1.0,
    ) -> Surface:
        return primitives.sweep(
            path,
            radii,
            self.segments(segments),
            round_ends=round_ends,
            loop=loop,
            flatten=flatten,
        )

    def plate(
        self,
        outline: Sequence[Point2] | Floats,
        depth: float,
        edge: float = 0.004,
        holes: Sequence[Sequence[Point2] | Floats] = (),
    ) -> Surface:
        """An outline in XY with thickness along Z."""
        return primitives.extrude(outline, depth, edge, holes=holes)

    def skin(self, limbs: Sequence[Limb], blend: float, cells: int = 56) -> Surface:
        """A body blended from limbs."""
        return fields.skin(limbs, blend, max(16, round(cells * min(self.detail, 2.0))))


def arc(centre: Point2, radius: float, start: float, end: float, count: int) -> list[Point2]:
    """Points on a circle, angles in degrees counter-clockwise from +X."""
    angles = np.radians(np.linspace(start, end, count))
    return [
        (centre[0] + radius * float(np.cos(a)), centre[1] + radius * float(np.sin(a)))
        for a in angles
    ]


def around(count: int, start: float = 0.0) -> list[float]:
    """Evenly spread angles in degrees."""
    return [start + 360.0 * i / count for i in range(count)]


def curve(points: Sequence[Point3], count: int) -> Floats:
    """A smooth line (Catmull-Rom) through the points, ``count`` steps long."""
    knots = np.asarray(points, dtype=np.float64)
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    at = np.linspace(0, len(knots) - 1, count)
    left = np.minimum(at.astype(int), len(knots) - 2)
    t = (at - left)[:, None]
    p0, p1, p2, p3 = (padded[left + i] for i in range(4))
    return np.asarray(
        0.5
        * (
            2 * p1
            + (p2 - p0) * t
            + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
            + (3 * p1 - p0 - 3 * p2 + p3) * t**3
        )
    )
