"""What a print can do, and what is asked of a model: the settings of a check, with their bounds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Material:
    """What is printed with."""

    label: str
    density: float
    """In grams per cubic centimetre."""


MATERIALS: Final[Mapping[str, Material]] = {
    # Densities as in PrusaSlicer's profiles of the maker's own, or of generic, materials.
    "pla": Material("PLA", 1.24),
    "petg": Material("PETG", 1.27),
    "abs": Material("ABS", 1.04),
    "asa": Material("ASA", 1.07),
    "tpu": Material("TPU", 1.22),
    "resin": Material("Resin", 1.12),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths in millimetres, angles in degrees."""

    nozzle: float = 0.4
    wall: float = 0.8
    """Walls that are thinner are told: two lines of the nozzle."""
    overhang: float = 45.0
    """How far a surface may lean out from upright without support."""
    layer: float = 0.2
    printer: str = ""
    """Key of a printer; "": no bed to fit on."""
    material: str = "pla"
    price: float = 20.0
    """Of a kilogram, in whatever currency."""

    def document(self) -> dict[str, Any]:
        """As JSON has it, and ``Limits(**document)`` takes it."""
        return asdict(self)


def limits_for(nozzle: float, wall: float | None = None, layer: float | None = None) -> Limits:
    """Those of a nozzle: walls of two lines, layers of half its width, unless they are given."""
    return Limits(
        nozzle=nozzle,
        wall=2 * nozzle if wall is None else wall,
        layer=nozzle / 2 if layer is None else layer,
    )


def grams(cubic_millimetres: float, material: str) -> float:
    """What that much of the material weighs, printed without hollow spaces."""
    return cubic_millimetres / 1000.0 * MATERIALS[material].density
