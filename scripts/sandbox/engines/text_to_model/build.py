"""From a prompt to the parts of a model."""

from dataclasses import dataclass, replace

import numpy as np

from ..geometry.reduction import FEWEST, reduced_together
from ..geometry.surface import face_normals
from ..model import Part
from .builder import Builder
from .prompt import Brief, read_prompt
from .shapes import FALLBACK, SHAPES

LOW_DETAIL = 0.45
LEAST_DETAIL = 0.25


@dataclass(frozen=True, slots=True)
class Built:
    """The parts, standing on the ground about the Y axis, and one sentence about them."""

    parts: list[Part]
    name: str
    account: str


def build_from_prompt(
    prompt: str,
    *,
    seed: int | None = None,
    detail: float = 1.0,
    low_poly: bool = False,
    face_count: int = 500_000,
) -> Built:
    """A procedural model; the same arguments always give the same parts."""
    brief = read_prompt(prompt)
    faceted = low_poly or "low-poly" in brief.styles
    shape = SHAPES.get(brief.subject, FALLBACK)
    parts: list[Part] = []
    for level in (LOW_DETAIL if faceted else detail, LOW_DETAIL, LEAST_DETAIL):
        builder = Builder(brief, brief.seed(seed), level, faceted=faceted)
        shape(builder)
        parts = builder.parts
        if sum(len(part.surface.triangles) for part in parts) <= face_count:
            break
    parts = _largest(parts, face_count // FEWEST)
    surfaces = reduced_together([part.surface for part in parts], face_count)
    parts = [replace(part, surface=s) for part, s in zip(parts, surfaces, strict=True)]
    return Built(_placed(parts, brief.scale), brief.noun or "sculpture", _account(brief))


def _largest(parts: list[Part], count: int) -> list[Part]:
    """With very few triangles to spend, the small parts go."""
    if len(parts) <= count:
        return parts
    areas = [float(face_normals(p.surface.positions, p.surface.triangles)[1].sum()) for p in parts]
    kept = set(np.argsort(areas)[-max(count, 1) :].tolist())
    return [part for number, part in enumerate(parts) if number in kept]


def _placed(parts: list[Part], scale: float) -> list[Part]:
    points = np.concatenate([part.surface.positions for part in parts])
    low, high = points.min(axis=0), points.max(axis=0)
    centre = (low + high) / 2
    placed = []
    for part in parts:
        surface = part.surface.moved(-float(centre[0]), -float(low[1]), -float(centre[2]))
        placed.append(replace(part, surface=replace(surface, positions=surface.positions * scale)))
    return placed


def _account(brief: Brief) -> str:
    shape = brief.subject if brief.subject in SHAPES else "sculpture"
    words = ", ".join(f"'{word}'" for word in brief.understood) or "no known word"
    return f"procedural {shape} from {words}; not a neural model"
