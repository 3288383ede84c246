"""What is done for a printer with the models of one file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ....printing.limits import Limits
from ....printing.orders import Base, Mending
from ...model.failure import PreparationFailed, own_words
from ...print.base import add_base
from ...print.check import check
from ...print.fixes import fix
from . import slicer_files
from .figurines import Figurine, open_figurines


def do(order: Mapping[str, Any]) -> dict[str, Any]:
    """Check the models of ``file``, after mending them, and write them; raises PreparationFailed.

    ``sizes`` are as ``open_figurines`` takes them, ``limits`` those of ``Limits``; ``fix``, if
    they are to be mended, those of ``orders.Mending``; ``base``, if they get one, those of
    ``orders.Base``; ``to`` are the files to write, by their suffix.
    """
    file = Path(order["file"])
    figurines, unit = open_figurines(file, order["sizes"])
    limits = Limits(**order["limits"])
    wanted = None if order.get("fix") is None else Mending(**order["fix"])
    base = None if order.get("base") is None else Base(**order["base"])
    said = [_looked_at(figurine, limits, wanted, base) for figurine in figurines]
    for path in order.get("to", []):
        write(figurines, Path(path))
    return {"unit": unit, "figurines": said}


def _looked_at(
    figurine: Figurine, limits: Limits, wanted: Mending | None, base: Base | None
) -> dict[str, Any]:
    said: dict[str, Any] = {"name": figurine.name}
    if wanted is not None:
        said["before"] = check(figurine.mesh, limits).document()
        said["fixed"] = fix(figurine.mesh, wanted)
    if base is not None:
        add_base(figurine.mesh, base)
    return said | check(figurine.mesh, limits).document()


def write(figurines: list[Figurine], to: Path) -> None:
    """Write one file for slicers; raises PreparationFailed."""
    # An OBJ names its materials' file after itself, and is written in place.
    part = to if to.suffix == ".obj" else to.with_name(f"{to.stem}.part{to.suffix}")
    try:
        slicer_files.write(figurines, part)
        part.replace(to)
    except (OSError, RuntimeError) as error:
        raise PreparationFailed(
            "{name} could not be written: {error}", name=to.name, error=own_words(error)
        ) from error
