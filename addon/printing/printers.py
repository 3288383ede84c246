"""Common printers and the room they have, in millimetres.

The figures are those of the slicers' own profiles, which leave out what a nozzle cannot reach:
PrusaSlicer 2.9.2, ``resources/profiles``: PrusaResearch.ini, PrusaResearchSLA.ini, Creality.ini,
Elegoo.ini, AnycubicSLA.ini, Voron.ini (``bed_shape``, ``max_print_height``); OrcaSlicer,
``resources/profiles``: BBL/machine, Creality/machine (``printable_area``, ``printable_height``).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer: its bed's width and depth, and how high it prints, in millimetres."""

    key: str
    label: str
    width: float
    depth: float
    height: float

    def fits(self, sides: tuple[float, float, float]) -> bool:
        """Whether a model of these sides (x, y, z) has room, turned by a quarter if need be."""
        x, y, z = sides
        bed = sorted((self.width, self.depth))
        return z <= self.height and all(
            side <= room for side, room in zip(sorted((x, y)), bed, strict=True)
        )


PRINTERS: Final = (
    Printer("prusa-mk4", "Prusa MK4 / MK4S", 250, 210, 220),
    Printer("prusa-core-one", "Prusa CORE One", 250, 220, 270),
    Printer("prusa-mini", "Prusa MINI+", 180, 180, 180),
    Printer("prusa-xl", "Prusa XL", 360, 360, 360),
    Printer("prusa-sl1s", "Prusa SL1S Speed", 128, 81, 150),
    Printer("bambu-a1-mini", "Bambu Lab A1 mini", 180, 180, 180),
    Printer("bambu-a1", "Bambu Lab A1", 256, 256, 256),
    Printer("bambu-p1s", "Bambu Lab P1S", 256, 256, 250),
    Printer("bambu-x1c", "Bambu Lab X1 Carbon", 256, 256, 250),
    Printer("bambu-h2d", "Bambu Lab H2D", 350, 320, 325),
    Printer("creality-ender-3", "Creality Ender-3 V2", 210, 220, 250),
    Printer("creality-ender-3-s1", "Creality Ender-3 S1", 210, 220, 270),
    Printer("creality-k1-max", "Creality K1 Max", 300, 300, 300),
    Printer("elegoo-neptune-3-pro", "Elegoo Neptune 3 Pro", 225, 225, 280),
    Printer("voron-0", "Voron 0", 120, 120, 120),
    Printer("voron-2.4-350", "Voron 2.4, 350 mm", 350, 350, 330),
    Printer("anycubic-mono", "Anycubic Photon Mono", 130.56, 82.62, 165),
    Printer("anycubic-mono-x", "Anycubic Photon Mono X", 192, 120, 245),
)


def printer_of(key: str) -> Printer | None:
    """The printer of that key; None for "" and for one that is not in the table."""
    return next((printer for printer in PRINTERS if printer.key == key), None)


def printers_for(sides: tuple[float, float, float]) -> list[str]:
    """Keys of those that a model of these sides fits on."""
    return [printer.key for printer in PRINTERS if printer.fits(sides)]
