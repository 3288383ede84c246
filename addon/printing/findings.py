"""What a check may find, and how bad it is: one table for the command line and the interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How much it is in the way of a print."""

    ERROR = "error"
    """Slicers repair it by guessing, or refuse."""
    WARNING = "warning"
    """It prints, perhaps not as it looks."""
    NOTE = "note"
    """Good to know: supports, cavities."""


class Elements(StrEnum):
    """What of the mesh the indices of a finding count."""

    VERTICES = "vertices"
    EDGES = "edges"
    FACES = "faces"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that may be found."""

    label: str
    severity: Severity
    elements: Elements


KINDS: Final[Mapping[str, Kind]] = {
    "empty": Kind("No surface", Severity.ERROR, Elements.NONE),
    "open_edges": Kind("Open edges", Severity.ERROR, Elements.EDGES),
    "non_manifold_edges": Kind("Edges of more than two faces", Severity.ERROR, Elements.EDGES),
    "flipped_faces": Kind("Faces turned against their neighbors", Severity.ERROR, Elements.FACES),
    "inside_out": Kind("Shells turned inside out", Severity.ERROR, Elements.FACES),
    "too_large": Kind("Too large for the printer", Severity.ERROR, Elements.NONE),
    "self_intersections": Kind(
        "Faces that cut through each other", Severity.WARNING, Elements.FACES
    ),
    "loose_shells": Kind("Loose parts beside the largest", Severity.WARNING, Elements.FACES),
    "shells_inside": Kind("Solids inside others", Severity.WARNING, Elements.FACES),
    "thin_walls": Kind("Thin walls", Severity.WARNING, Elements.FACES),
    "islands": Kind("Parts that start in mid-air", Severity.WARNING, Elements.VERTICES),
    "degenerate_faces": Kind("Faces without area", Severity.NOTE, Elements.FACES),
    "cavities": Kind("Closed hollow spaces", Severity.NOTE, Elements.FACES),
    "overhangs": Kind("Overhangs", Severity.NOTE, Elements.FACES),
}
"""By name, the worst first."""

WORST: Final[Mapping[str, str]] = {
    "open_edges": "mm of open edge",
    "non_manifold_edges": "faces at one edge",
    "flipped_faces": "mm² of turned faces",
    "inside_out": "mm³, the largest",
    "too_large": "mm too much",
    "self_intersections": "pairs of faces",
    "loose_shells": "mm³, the largest",
    "shells_inside": "mm³, the largest",
    "thin_walls": "mm, the thinnest",
    "islands": "mm above the bed, the highest",
    "cavities": "mm³, the largest",
    "overhangs": "mm² to support",
}
"""What the worst figure of a finding says, by its kind."""
