"""What is done for a printer with the models of one file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ....printing.limits import Limits
from ....printing.orders import Base, Colors, Hollow, Mending, Plate, Split
from ....printing.printers import Printer, printer_of
from ....service import whole_files
from ...model.failure import PreparationFailed, own_words
from ...print.base import add_base
from ...print.check import check
from ...print.fixes import fix
from ...print.hollow import hollow
from ...print.split import split
from . import slicer_files
from .colors import Paints, paint_all, shares_of
from .figurines import Figurine, open_several
from .plates import arrange


def do(order: Mapping[str, Any]) -> dict[str, Any]:
    """Work on the models of ``file``, check them, and write them; raises PreparationFailed.

    ``sizes`` are as ``open_figurines`` takes them, ``limits`` those of ``Limits``. What is to be
    done is done in this order: ``fix``, if they are to be mended, is an ``orders.Mending``,
    ``base`` an ``orders.Base``, ``hollow`` an ``orders.Hollow``, ``split`` an ``orders.Split`` and
    ``plate`` an ``orders.Plate``, which takes the models of ``others``, more files, as well. With
    ``colors``, an ``orders.Colors``, a 3MF is painted. ``to`` are the files to write, by their
    suffix; parts get one each, with a number in its name, and ``written`` in the report are those
    that there are.
    """
    files = [order["file"], *order.get("others", [])]
    opened = open_several([Path(file) for file in files], order["sizes"])
    limits = Limits(**order["limits"])
    said = [[_worked_on(one, order, limits) for one in figurines] for figurines, _ in opened]
    units = [unit for _, unit in opened]
    reports = [
        {"unit": unit, "figurines": [part for _, parts in models for part in parts]}
        for unit, models in zip(units, said, strict=True)
    ]
    figurines = [one for models in said for made, _ in models for one in made]
    report: dict[str, Any] = {**reports[0], "others": reports[1:]}
    if order.get("plate") is not None:
        plate = arrange(figurines, Plate(**order["plate"]), printer(limits))
        figurines, report["plate"] = plate.figurines, plate.document()
    paints = paints_of(figurines, order, limits)
    if paints is not None:
        report["colors"] = shares_of(*paints)
    groups = [slice(None)]
    if order.get("split") is not None and order.get("plate") is None and len(figurines) > 1:
        groups = [slice(number, number + 1) for number in range(len(figurines))]
    report["written"] = [
        str(write(figurines[group], _numbered(Path(path), number, len(groups)), part))
        for path in order.get("to", [])
        for number, group in enumerate(groups, 1)
        for part in [None if paints is None else (paints[0], paints[1][group])]
    ]
    return report


def paints_of(figurines: list[Figurine], order: Mapping[str, Any], limits: Limits) -> Paints | None:
    """The models in the ``colors`` of the order; None if it has none."""
    if order.get("colors") is None:
        return None
    meshes = [figurine.mesh for figurine in figurines]
    return paint_all(meshes, Colors(**order["colors"]), limits.nozzle)


def _numbered(path: Path, number: int, count: int) -> Path:
    return path if count == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def printer(limits: Limits) -> Printer:
    """The chosen one; raises PreparationFailed where none is."""
    chosen = printer_of(limits.printer)
    if chosen is None:
        raise PreparationFailed("No printer is chosen.", hint="Choose one: it says how much fits.")
    return chosen


Worked = tuple[list[Figurine], list[dict[str, Any]]]
"""A figurine, or its parts, and what there is to tell of each."""


def _worked_on(figurine: Figurine, order: Mapping[str, Any], limits: Limits) -> Worked:
    said: dict[str, Any] = {"name": figurine.name}
    if order.get("fix") is not None:
        said["before"] = check(figurine.mesh, limits).document()
    done, meshes = make(figurine.mesh, order, limits)
    if "split" in done:
        done["split"]["of"] = figurine.name
    made = _parts(figurine, meshes)
    said |= done
    return made, [{**said, "name": one.name, **check(one.mesh, limits).document()} for one in made]


def make(
    mesh: bpy.types.Mesh, order: Mapping[str, Any], limits: Limits
) -> tuple[dict[str, Any], list[bpy.types.Mesh]]:
    """Mend a model, give it a base, make it hollow, split it, as far as the order says.

    Returns what was done, by the order's names (``fixed`` for ``fix``), and what became of the
    model, which may be several parts. Raises PreparationFailed.
    """
    said: dict[str, Any] = {}
    if order.get("fix") is not None:
        said["fixed"] = fix(mesh, Mending(**order["fix"]))
    if order.get("base") is not None:
        add_base(mesh, Base(**order["base"]))
    if order.get("hollow") is not None:
        done = hollow(mesh, Hollow(**order["hollow"]))
        said["hollow"] = done.document(limits.material)
    if order.get("split") is None:
        return said, [mesh]
    parts = split(mesh, Split(**order["split"]), printer(limits))
    said["split"] = {"parts": len(parts.meshes), "pins": parts.pins}
    return said, parts.meshes


def _parts(figurine: Figurine, meshes: list[bpy.types.Mesh]) -> list[Figurine]:
    if len(meshes) == 1:
        return [figurine]
    return [Figurine(f"{figurine.name} {number}", mesh) for number, mesh in enumerate(meshes, 1)]


def write(figurines: list[Figurine], to: Path, paints: Paints | None = None) -> Path:
    """Write one file for slicers, which is returned; raises PreparationFailed."""
    # An OBJ names its materials' file after itself, and is written in place.
    part = to if to.suffix.lower() == ".obj" else to.with_name(f"{to.stem}.part{to.suffix}")
    try:
        if paints is not None and to.suffix.lower() == ".3mf":
            palette, painted = paints
            slicer_files.write_painted(figurines, part, palette, painted)
        else:
            slicer_files.write(figurines, part)
        whole_files.replace(part, to)
    except (OSError, RuntimeError) as error:
        raise PreparationFailed(
            "{name} could not be written: {error}", name=to.name, error=own_words(error)
        ) from error
    return to
