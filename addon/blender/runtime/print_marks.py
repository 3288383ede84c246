"""What viewports show of a finding: its faces, edges or points, over the object it is of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import bpy

from ..core import memory
from ..core.memory import Part
from ..snapshot.redraw import VIEWPORTS, redraw, tag

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from ...printing.limits import Limits


HEAT: Final = frozenset({"thin_walls", "overhangs"})
"""Kinds that are shown by how bad they are, and not selected."""
PAINTED: Final = "painted"
"""What is shown is no finding: it is the colors of filaments."""
HIGHEST: Final = 90.0
"""Degrees that a surface leans out from upright at most."""


@dataclass(frozen=True, eq=False, slots=True)
class Marks:
    """What is shown."""

    obj: int
    """``session_uid`` of the object in whose coordinates the places are."""
    kind: str
    places: npt.NDArray[np.float32]
    """(n, 3, 3), (n, 2, 3) or (n, 1, 3)."""
    heat: npt.NDArray[np.float32] | None
    """(n,) from 0, hardly bad, to 1, as bad as can be."""
    colors: npt.NDArray[np.float32] | None = None
    """(n, 3) what each triangle is painted with, 0-1 as a picture stores it."""
    batches: dict[str, Any] = field(default_factory=dict)
    """For who draws: what the graphics card has of it already."""


class _Shown(Part):
    marks: Marks | None = None

    def forget_file(self) -> None:
        hide()


def shown() -> Marks | None:
    """What is to be drawn."""
    return memory.of(_Shown).marks


def is_shown(obj: bpy.types.Object, kind: str) -> bool:
    """Whether it is this finding of this object."""
    marks = shown()
    return marks is not None and (marks.obj, marks.kind) == (obj.session_uid, kind)


def indices_of(file: Path, kind: str) -> npt.NDArray[np.int32]:
    """The numbers of a finding's vertices, edges or faces; raises OSError."""
    import numpy as np  # late: Blender takes a while to load it

    with np.load(file) as arrays:
        indices: npt.NDArray[np.int32] = arrays[f"{kind}.indices"]
    return indices


def show(obj: bpy.types.Object, file: Path, kind: str, limits: Limits) -> None:
    """Show a finding of the object, and no other; ``selections.write_marks`` wrote it.

    Raises OSError.
    """
    import numpy as np  # late, as above

    with np.load(file) as arrays:
        places = arrays[f"{kind}.places"]
        values = arrays.get(f"{kind}.values")
    heat = None
    if values is not None:
        if kind == "thin_walls":
            bad = 1.0 - values / max(limits.wall, 1e-9)
        else:
            bad = (values - limits.overhang) / max(HIGHEST - limits.overhang, 1e-9)
        heat = np.clip(bad, 0.0, 1.0).astype(np.float32)
    memory.of(_Shown).marks = Marks(obj.session_uid, kind, places, heat)
    _draw_again()


def show_painted(obj: int, file: Path) -> None:
    """Show an object as it is printed; ``selections.write_painted`` wrote it. Raises OSError."""
    import numpy as np  # late, as above

    with np.load(file) as arrays:
        painted = Marks(obj, PAINTED, arrays["places"], None, arrays["colors"])
    memory.of(_Shown).marks = painted
    _draw_again()


def hide() -> None:
    """Show nothing."""
    if memory.of(_Shown).marks is not None:
        memory.of(_Shown).marks = None
        _draw_again()


def _draw_again() -> None:
    tag(VIEWPORTS)
    redraw()
