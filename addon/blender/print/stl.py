"""Binary STL: triangles without names, colors or a unit; every slicer takes it for millimetres."""

from pathlib import Path
from typing import Final

import numpy as np

from ...printing.own_files import STL_MARK
from .solid import Solid

HEADER: Final = 80
"""Bytes of a text that nobody reads; it may not begin with "solid", as text STL does."""
RECORD: Final = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def write(solids: list[Solid], to: Path) -> None:
    """Write all of them as one model; raises OSError."""
    with to.open("wb") as file:
        file.write(STL_MARK.ljust(HEADER))
        file.write(np.array([sum(map(len, solids))], dtype="<u4").tobytes())
        for solid in solids:
            records = np.zeros(len(solid), dtype=RECORD)
            records["normal"] = solid.normals
            records["corners"] = solid.places[solid.triangles]
            file.write(records.tobytes())
