"""Several figurines on one bed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import pi
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ....printing.orders import Plate
from ....printing.packing import Place, pack
from ....printing.printers import Printer
from ...model.arrays import Places, moved, places_of
from ...model.failure import PreparationFailed
from .figurines import Figurine


@dataclass(frozen=True, slots=True)
class Arranged:
    """What stands on the bed."""

    figurines: list[Figurine]
    """Each with the places of its copies."""
    sides: tuple[float, float]
    """Width and depth that they take up, in millimetres."""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"count": self.count, "sides": [round(side, 4) for side in self.sides]}

    @property
    def count(self) -> int:
        """How many there are, with every copy."""
        return sum(len(one.stands) for one in self.figurines)


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
    stands = [_stand(figurines[n].mesh, place) for n, place in zip(wanted, held, strict=True)]
    made = [
        replace(one, stands=tuple(stands[n * order.copies : (n + 1) * order.copies]))
        for n, one in enumerate(figurines)
    ]
    boxes = np.array([end for one in made for stand in one.stands for end in _box(one, stand)])
    width, depth, _ = np.ptp(boxes, axis=0).tolist()
    return Arranged(made, (width, depth))


def _stand(mesh: bpy.types.Mesh, place: Place) -> Matrix:
    """What takes the mesh to its place, turned or not."""
    turn = Matrix.Rotation(pi / 2, 4, "Z") if place.turned else Matrix()
    low = moved(places_of(mesh), turn).min(axis=0).tolist()
    return Matrix.Translation((place.x - low[0], place.y - low[1], -low[2])) @ turn


def _box(figurine: Figurine, stand: Matrix) -> tuple[Places, Places]:
    """The lowest and the highest corner there."""
    there = moved(places_of(figurine.mesh), stand)
    return there.min(axis=0), there.max(axis=0)
