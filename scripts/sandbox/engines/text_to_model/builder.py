"""What a shape function works with: solids at the wanted detail, finishes, seeded chance."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..geometry import fields, primitives
from ..geometry.fields import Limb
from ..geometry.surface import FACETED, Floats, Polyline, Surface
from ..model import Part
from ..textures.texels import Finish
from . import vocabulary
from .palette import STYLE_MATERIALS
from .prompt import Brief, Look

_T = TypeVar("_T")
_WEAR_BY_STYLE = {"old": 0.75, "new": 0.0, "medieval": 0.4, "futuristic": 0.08, "modern": 0.05}


class Builder:
    """Collects the parts of one model, in metres, standing on the ground.

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
        colour = look.colour or (
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

    def accent(self, role: str, default: Finish) -> Finish:
        """The finish of a role that does not follow the whole thing's colour and material."""
        return self.finish(role, default, main=False)

    def _style_material(self, material: str) -> str:
        for style, changes in STYLE_MATERIALS.items():
            if self.styled(style):
                return changes.get(material, material)
        return material

    def add(self, name: str, finish: Finish, *surfaces: Surface) -> None:
        for surface in surfaces:
            shown = surface.creased(FACETED) if self.faceted else surface
            self.parts.append(Part(name, shown, finish))

    @contextmanager
    def placed(self, place: Callable[[Surface], Surface]) -> Iterator[None]:
        """Everything added in the ``with`` block is put in its place together."""
        first = len(self.parts)
        yield
        self.parts[first:] = [
            replace(part, surface=place(part.surface)) for part in self.parts[first:]
        ]

    def box(
        self, width: float, height: float, depth: float, edge: float = 0.008, cuts: int = 1
    ) -> Surface:
        """A rounded box standing on the ground; few faces mean sharp edges."""
        size = (width, height, depth)
        if self.faceted and edge < 0.3 * min(size):
            return primitives.rounded_box(size, 0.0, 1, min(cuts, 4))
        soft = edge >= 0.25 * min(size) and self.detail >= 1
        fine = self.detail >= 1.5 and edge >= 0.02
        return primitives.rounded_box(size, edge, 2 if soft or fine else 1, cuts)

    def ball(self, x: float, y: float | None = None, z: float | None = None) -> Surface:
        """An ellipsoid about the origin."""
        radii = (x, x if y is None else y, x if z is None else z)
        return primitives.ball(radii, self.segments(9, 2))

    def stone_ball(self) -> Surface:
        """A unit ball, fine enough to be carved unless the model is faceted."""
        return primitives.ball((1.0, 1.0, 1.0), self.segments(7 if self.faceted else 15, 2))

    def lathe(self, profile: Polyline, soft: float = 0.0, segments: int = 32) -> Surface:
        """Revolve a profile; ``soft`` rounds its corners."""
        rounded = soft > 0 and not self.faceted
        line = primitives.rounded_profile(profile, soft) if rounded else profile
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

    def axle(self, radius: float, length: float, edge: float = 0.004, axis: str = "z") -> Surface:
        """A cylinder lying along "x" or "z", about the origin."""
        lying = self.cylinder(radius, length, edge).moved(y=-length / 2)
        return lying.turned("x", 90) if axis == "z" else lying.turned("z", -90)

    def band(self, radius: float, top: float, low: float, high: float, thick: float) -> Surface:
        """A flat ring round the Y axis, ``radius`` below and ``top`` above, reaching inwards."""
        outer = [(radius, low), (top, high)]
        return self.lathe([*outer, (top - thick, high), (radius - thick, low), outer[0]], 0.0, 48)

    def hoop(self, radius: float, thick: float, y: float = 0.0, z: float | None = None) -> Surface:
        """A wire ring round the Y axis; an ellipse with half axes ``radius`` and ``z``."""
        turn = np.linspace(0, 2 * np.pi, self.segments(36, 12), endpoint=False)
        deep = radius if z is None else z
        path = np.stack([radius * np.cos(turn), y + 0 * turn, deep * np.sin(turn)], axis=1)
        return self.tube(path, thick, 8, loop=True)

    def upright_hoop(self, radius: float, thick: float) -> Surface:
        """A wire ring standing upright, seen from +Z, about the origin."""
        return self.hoop(radius, thick).turned("x", 90)

    def cushion(self, width: float, height: float, depth: float) -> Surface:
        """A soft box standing on the ground, fullest in the middle."""
        block = self.box(width, height, depth, 0.45 * height, self.segments(6, 2))

        def puff(points: Floats) -> Floats:
            x, z = points[:, 0] / (width / 2), points[:, 2] / (depth / 2)
            full = np.clip(1 - x**2, 0, 1) * np.clip(1 - z**2, 0, 1)
            puffed = points.copy()
            puffed[:, 1] = height / 2 + (points[:, 1] - height / 2) * (1 + 0.35 * full)
            puffed[:, [0, 2]] *= (1 - 0.03 * np.clip(1 - full, 0, 1))[:, None]
            return puffed

        return block.bent(puff).creased(80.0)

    def loft(self, rings: Sequence[Polyline] | Floats, crease: float = 40.0) -> Surface:
        """A skin over k rings of n points each."""
        return primitives.loft(np.asarray(rings, dtype=np.float64), crease)

    def tube(
        self,
        path: Polyline,
        radii: Sequence[float] | Floats | float,
        segments: int = 12,
        *,
        round_ends: bool = True,
        loop: bool = False,
        flatten: float = 1.0,
    ) -> Surface:
        return primitives.sweep(
            path, radii, self.segments(segments), round_ends=round_ends, loop=loop, flatten=flatten
        )

    def plate(
        self, outline: Polyline, depth: float, edge: float = 0.004, holes: Sequence[Polyline] = ()
    ) -> Surface:
        """An outline in XY with thickness along Z."""
        return primitives.extrude(outline, depth, edge, holes=holes)

    def skin(self, limbs: Sequence[Limb], blend: float, cells: int = 56) -> Surface:
        """A body blended from limbs."""
        return fields.skin(limbs, blend, max(16, round(cells * min(self.detail, 2.0))))


def arc(centre: Sequence[float], radius: float, start: float, end: float, count: int) -> Floats:
    """(count, 2) points on a circle, angles in degrees counter-clockwise from +X."""
    angles = np.radians(np.linspace(start, end, count))
    unit = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.asarray(np.asarray(centre) + radius * unit)


def circle(centre: Sequence[float], radius: float, count: int = 32) -> Floats:
    """(count, 2) points all the way round."""
    return np.asarray(arc(centre, radius, 0, 360, count + 1)[:-1])


def curve(knots: Polyline, count: int) -> Floats:
    """A smooth line (Catmull-Rom) through the points, ``count`` steps long."""
    known = np.asarray(knots, dtype=np.float64)
    padded = np.concatenate([2 * known[:1] - known[1:2], known, 2 * known[-1:] - known[-2:-1]])
    at = np.linspace(0, len(known) - 1, count)
    left = np.minimum(at.astype(int), len(known) - 2)
    t = (at - left)[:, None]
    p0, p1, p2, p3 = (padded[left + i] for i in range(4))
    bends = (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return np.asarray(0.5 * (2 * p1 + (p2 - p0) * t + bends))


def around(surface: Surface, count: int, start: float = 0.0, axis: str = "y") -> list[Surface]:
    """Copies evenly spread about an axis; degrees."""
    return [surface.turned(axis, start + 360.0 * i / count) for i in range(count)]


def both(surface: Surface, axis: str = "x") -> tuple[Surface, Surface]:
    """The surface and its mirror image."""
    return surface, surface.mirrored(axis)


def four(surface: Surface, x: float, z: float) -> list[Surface]:
    """Copies at the corners of a rectangle."""
    return [surface.moved(side * x, 0, end * z) for side in (-1, 1) for end in (-1, 1)]


def row(
    surface: Surface, count: int, x: float = 0.0, y: float = 0.0, z: float = 0.0
) -> list[Surface]:
    """Copies one step after the other, the middle of the row in the surface's place."""
    steps = [i - (count - 1) / 2 for i in range(count)]
    return [surface.moved(step * x, step * y, step * z) for step in steps]


def shifted(
    points: Floats, x: Floats | float = 0.0, y: Floats | float = 0.0, z: Floats | float = 0.0
) -> Floats:
    """(n, 3) points moved by values that may differ from point to point."""
    return np.asarray(points + np.stack(np.broadcast_arrays(x, y, z, points[:, 0])[:3], axis=1))


def fluted(points: Floats, factor: Callable[[Floats], Floats]) -> Floats:
    """(n, 3) points drawn from the Y axis by a factor of the angle about it."""
    scale = factor(np.arctan2(points[:, 2], points[:, 0]))
    return np.asarray(points * np.stack([scale, np.ones_like(scale), scale], axis=1))
