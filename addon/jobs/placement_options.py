"""How a result enters a scene: where it stands, how large it is, what it is put into.

Chosen in the sidebar, kept with the job when it is ordered (``origin.Placement``), and read from
there when the result comes, so a setting changed meanwhile surprises nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Where(StrEnum):
    """What a result stands on."""

    CURSOR = "CURSOR"
    SURFACE = "SURFACE"
    SELECTION = "SELECTION"


class SizeBy(StrEnum):
    """What decides the size."""

    FILE = "FILE"
    LONGEST = "LONGEST"
    HEIGHT = "HEIGHT"


class Into(StrEnum):
    """The collection it is put into."""

    OWN = "OWN"
    ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True)
class PlacementOptions:
    """One choice of everything; the defaults are those of the sidebar."""

    where: Where = Where.CURSOR
    size_by: SizeBy = SizeBy.FILE
    metres: float = 1.0
    """Longest side or height, as ``size_by`` says."""
    origin_at_base: bool = True
    """Whether the object's origin is where it stands; else where the file has it."""
    into: Into = Into.OWN

    def to_json(self) -> dict[str, Any]:
        """By field, as it is kept with a job and as operators take it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> PlacementOptions:
        """The reverse; the default where a newer version knew more."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        kinds = (("where", Where), ("size_by", SizeBy), ("into", Into))
        try:
            values |= {name: kind(values[name]) for name, kind in kinds if name in values}
        except ValueError:
            return cls()
        return cls(**values)
