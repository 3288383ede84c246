"""Several figurines on one bed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np
from mathutils import Matrix

from ....printing.orders import Plate
from ....printing.packing import Place, pack
from ....printing.printers import Printer
from ...model.arrays import places_of
from ...model.failure import PreparationFailed
from ...print.fixes import copy_of
from .figurines import Figurine


@dataclass(frozen=True, slots=True)
class Arranged:
    """What stands on the bed."""

    figurines: list[Figurine]
    """With every copy."""
    sides: tuple[float, float]
    """Width and depth that they take up, in millimetres."""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"count": len(self.figurines), "sides": [round(side, 4) for side in self.sides]}


def arrange(figurines: Sequence[Figurine], order: Plate, printer: Printer) -> Arranged:
    """Put the figurines, and their copies, onto the printer's bed; raises PreparationFailed."""
    sides = [np.ptp(places_of(one.mesh), axis=0).tolist() for one in figurines]
    for figurine, (_, _, height) in zip(figurines, sides, strict=True):
        if height > printer.height:
            raise PreparationFailed("{name} is too high for the printer.", name=figurine.name)
    wanted = [number for number in range(len(figurines)) for _ in range(order.copies)]
    room = (printer.width, printer.depth)
    places = pack([(sides[n][0], sides[n][1]) for n in wanted], room, order.spacing)
    held = [place for place in places if place is not None]
    if len(held) < len(places):
        raise PreparationFailed(
            "{n} of {all} models fit on the bed of the printer.",
            hint="Take fewer or smaller ones, or less space between them.",
            n=len(held),
            all=len(places),
        )
    made = _put(figurines, wanted, held)
    places_taken = np.concatenate([places_of(one.mesh) for one in made])
    width, depth, _ = np.ptp(places_taken, axis=0).tolist()
    return Arranged(made, (width, depth))


def _put(
    figurines: Sequence[Figurine], wanted: Sequence[int], places: Sequence[Place]
) -> list[Figurine]:
    """Copies first: what they are made of has not been moved yet."""
    made: list[Figurine] = []
    seen: dict[int, int] = {}
    for number in wanted:
        figurine = figurines[number]
        seen[number] = seen.get(number, 0) + 1
        if seen[number] > 1:
            name = f"{figurine.name} {seen[number]}"
            figurine = Figurine(name, copy_of(figurine.mesh))
        made.append(figurine)
    for figurine, place in zip(made, places, strict=True):
        if place.turned:
            figurine.mesh.transform(Matrix.Rotation(pi / 2, 4, "Z"))
        low = places_of(figurine.mesh).min(axis=0).tolist()
        figurine.mesh.transform(Matrix.Translation((place.x - low[0], place.y - low[1], -low[2])))
        figurine.mesh.update()
    return made
