"""Where several models stand on one bed: in rows, the deepest first. Lengths are millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Sides = tuple[float, float]
"""Width and depth."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model's left front corner is, and whether it is turned by a quarter."""

    x: float
    y: float
    turned: bool


@dataclass(slots=True)
class _Row:
    y: float
    depth: float
    end: float
    """How far it is filled."""


def pack(models: Sequence[Sides], room: Sides, spacing: float) -> list[Place | None]:
    """A place for each model, so far apart; None for those that the room does not hold.

    Of two ways, with all long sides along the width or along the depth, the one that holds more.
    """
    ways = [_pack([_turned(one, wide) for one in models], room, spacing) for wide in WIDE]
    return max(ways, key=lambda places: sum(place is not None for place in places))


WIDE: Final = (True, False)


def _turned(model: Sides, wide: bool) -> tuple[float, float, bool]:
    """Its width, depth, and whether it is turned to have its long side that way."""
    width, depth = model
    turned = width < depth if wide else depth < width
    return (depth, width, True) if turned else (width, depth, False)


def _pack(
    models: Sequence[tuple[float, float, bool]], room: Sides, spacing: float
) -> list[Place | None]:
    places: list[Place | None] = [None] * len(models)
    rows: list[_Row] = []
    for number in sorted(range(len(models)), key=lambda one: -models[one][1]):
        width, depth, turned = models[number]
        row = _row_for(rows, width, depth, room, spacing)
        if row is not None:
            places[number] = Place(row.end, row.y, turned)
            row.end += width + spacing
    return places


def _row_for(
    rows: list[_Row], width: float, depth: float, room: Sides, spacing: float
) -> _Row | None:
    """The first row with room for it, or a new one; rows are as deep as their first model."""
    for row in rows:
        if row.end + width <= room[0]:
            return row
    y = rows[-1].y + rows[-1].depth + spacing if rows else 0.0
    if width > room[0] or y + depth > room[1]:
        return None
    rows.append(_Row(y, depth, 0.0))
    return rows[-1]
