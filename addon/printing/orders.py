"""What can be asked for when models are made ready for a printer, declared once.

The command line, batch lists, the sidebar and the background work take defaults, bounds and labels
from here. Lengths are millimetres.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

LONGEST: Final = 10_000.0
"""The most that any length may be."""
SETTING: Final = "setting"
"""Key of a field's metadata."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How people are asked for a field of an order."""

    label: str
    description: str = ""
    least: float = 0.0
    most: float = LONGEST
    """Bounds of a number, both included."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Labels of the values it may have, if they are few."""
    automatic: bool = False
    """Whether 0 stands for what suits the model."""

    def takes(self, value: float) -> bool:
        """Whether a number is within the bounds."""
        return self.least <= value <= self.most


def settings_of(order: type) -> dict[str, Setting]:
    """How the fields of an order are asked for, by their names; their defaults are the order's."""
    return {one.name: one.metadata[SETTING] for one in fields(order)}


def _asked(default: Any, label: str, description: str = "", **more: Any) -> Any:
    return field(default=default, metadata={SETTING: Setting(label, description, **more)})


@dataclass(frozen=True, slots=True)
class Mending:
    """What is mended, in this order."""

    doubles: bool = _asked(
        True, "Merge Doubles", "Make vertices at one place one, and remove faces without area"
    )
    loose: bool = _asked(
        True, "Remove Crumbs", "Remove small loose parts, and sheets that end open"
    )
    holes: bool = _asked(True, "Close Holes", "However many edges they have")
    voxel: float = _asked(
        0.0,
        "Voxel Size",
        "Make the surface anew of voxels of this size, which closes everything and loses colors; "
        "0 keeps it",
        most=100.0,
    )
    flat: float = _asked(
        0.0, "Flat Foot", "How much to cut off at the foot, so that it stands", most=1000.0
    )
    normals: bool = _asked(True, "Turn Faces Outwards", "And into closed hollow spaces")


STEPS: Final = tuple(one.name for one in fields(Mending) if isinstance(one.default, bool))
"""Of mending: those that are done or not."""
VOXELS: Final = 4
"""Of a surface made anew, in the width of a nozzle: less than it prints."""
FINEST: Final = 3000.0
"""Voxels along the longest side that take minutes and gigabytes."""
TOO_FINE: Final = "The voxels are too small for a model of this size: set its size first."


def is_too_fine(voxel: float, longest: float) -> bool:
    """Whether a model with that longest side takes all memory there is in voxels of that size."""
    return voxel > 0.0 and longest / voxel > FINEST


SHAPES: Final[Mapping[str, str]] = {
    "disc": "Disc",
    "square": "Square",
    "hex": "Hexagon",
    "plinth": "Plinth",
}
USUAL_HEIGHT: Final = 3.0
NAMED_HEIGHT: Final = 6.0
"""Of a base with a name on it: the letters are half as high, and to be read when printed."""
PLINTH_HEIGHT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Base:
    """What a figurine stands on."""

    shape: str = _asked("disc", "Shape", "What the figurine stands on", choices=SHAPES)
    diameter: float = _asked(
        0.0,
        "Diameter",
        "From side to opposite side; 0 is a little wider than the model",
        automatic=True,
    )
    height: float = _asked(0.0, "Height", "0 is what suits the shape", automatic=True)
    bevel: float = _asked(0.5, "Bevel", "Of the upper rim", most=100.0)
    text: str = _asked("", "Text", "A name on the front, which is flat for it")
    engraved: bool = _asked(False, "Engraved", "The text goes in instead of standing out")
    depth: float = _asked(
        0.6, "Text Depth", "How far the text stands out or goes in", least=0.1, most=10.0
    )

    @property
    def high(self) -> float:
        """Its height, chosen or usual."""
        if self.shape == "plinth":
            return self.height or PLINTH_HEIGHT
        return self.height or (NAMED_HEIGHT if self.text else USUAL_HEIGHT)


@dataclass(frozen=True, slots=True)
class Hollow:
    """An empty space inside, and holes that it drains through."""

    wall: float = _asked(
        2.0,
        "Wall Thickness",
        "How thick the wall is; what is thinner stays solid",
        least=0.4,
        most=100.0,
    )
    holes: int = _asked(
        2, "Drain Holes", "Through the bottom, where resin or powder runs out", most=8
    )
    diameter: float = _asked(
        3.0, "Hole Diameter", "How wide a drain hole is", least=0.5, most=100.0
    )


@dataclass(frozen=True, slots=True)
class Split:
    """Parts that fit on the bed of the chosen printer, and pins that hold them together."""

    pin: float = _asked(4.0, "Pin Diameter", "How wide a pin is; 0 makes none", most=100.0)
    clearance: float = _asked(
        0.2, "Clearance", "How much wider than its pin a hole is, on each side", most=2.0
    )


@dataclass(frozen=True, slots=True)
class Plate:
    """Several models on one bed."""

    copies: int = _asked(1, "Copies", "How many of each model", least=1, most=100)
    spacing: float = _asked(5.0, "Spacing", "Room between two models", most=1000.0)


HEX: Final = re.compile(r"#[0-9a-f]{6}")
FEWEST_FILAMENTS: Final = 2
MOST_FILAMENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Colors:
    """As many colors as the printer has filaments."""

    filaments: int = _asked(
        4,
        "Filaments",
        "How many colors to print with",
        least=FEWEST_FILAMENTS,
        most=MOST_FILAMENTS,
    )
    palette: Sequence[str] = _asked(
        (), "Palette", "The colors of the filaments, the first extruder's first"
    )
    """#rrggbb; none: as many as ``filaments`` says are found on the model."""


def read_palette(text: str) -> list[str]:
    """Colors with commas between them, the # left out or not; raises ValueError."""
    colors = [f"#{word.strip().lstrip('#').lower()}" for word in text.split(",") if word.strip()]
    for color in colors:
        if not HEX.fullmatch(color):
            raise ValueError(f'"{color}" is no color; write it as #d04020')
    if not FEWEST_FILAMENTS <= len(colors) <= MOST_FILAMENTS:
        raise ValueError(f"write {FEWEST_FILAMENTS} to {MOST_FILAMENTS} colors")
    return colors
