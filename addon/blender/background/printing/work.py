"""What is done for a printer with the models of one file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ....printing.limits import Limits
from ...model.failure import PreparationFailed, own_words
from ...print.base import Base, add_base
from ...print.check import check
from ...print.fixes import Wanted, fix
from . import selections, slicer_files
from .figurines import Figurine, open_figurines


def do(order: Mapping[str, Any]) -> dict[str, Any]:
    """Check the models of ``file``, after mending them, and write them; raises PreparationFailed.

    ``sizes`` are as ``open_figurines`` takes them, ``limits`` those of ``Limits``; ``fix``, if
    it is to be mended, those of ``fixes.Wanted``; ``base``, if it
    gets one, those of ``base.Base``; ``to`` are the files to write, by their suffix.

    With ``selection``, the settings of ``export_selection``, the ``file`` is what that wrote; see
    ``of_selection``.
    """
    if order.get("selection") is not None:
        return of_selection(order)
    file = Path(order["file"])
    figurines, unit = open_figurines(file, order["sizes"])
    limits = Limits(**order["limits"])
    wanted = None if order.get("fix") is None else Wanted(**order["fix"])
    base = None if order.get("base") is None else Base(**order["base"])
    said = [_looked_at(figurine, limits, wanted, base) for figurine in figurines]
    for path in order.get("to", []):
        _write(figurines, Path(path))
    return {"unit": unit, "figurines": said}


def of_selection(order: Mapping[str, Any]) -> dict[str, Any]:
    """The same of one model that is selected objects.

    ``marks`` is the file for where the findings are (``selections.write_marks``), of which the
    report then has no indices; ``back`` is the .blend for what was made of the model.
    """
    sent = selections.open_selection(Path(order["file"]), order["selection"])
    figurines = [sent.figurine]
    said = _worked_on(sent, order)
    for path in order.get("to", []):
        _write(figurines, Path(path))
    if order.get("back"):
        meshes = [figurine.mesh for figurine in figurines]
        said["back"] = selections.write_back(meshes, sent.to_bed, Path(order["back"]))
    return {"unit": "mm", "figurines": [said]}


def _worked_on(sent: selections.Sent, order: Mapping[str, Any]) -> dict[str, Any]:
    limits = Limits(**order["limits"])
    said: dict[str, Any] = {"name": sent.figurine.name, "is_own": sent.is_own}
    if order.get("fix") is not None:
        said["fixed"] = fix(sent.figurine.mesh, Wanted(**order["fix"]))
    if order.get("base") is not None:
        add_base(sent.figurine.mesh, Base(**order["base"]))
    if order.get("marks"):
        report = check(sent.figurine.mesh, limits)
        selections.write_marks(report, sent.to_bed, Path(order["marks"]))
        findings = [finding.document() | {"indices": []} for finding in report.findings]
        said |= {"findings": findings, "figures": report.figures}
    return said


def _looked_at(
    figurine: Figurine, limits: Limits, wanted: Wanted | None, base: Base | None
) -> dict[str, Any]:
    said: dict[str, Any] = {"name": figurine.name}
    if wanted is not None:
        said["before"] = check(figurine.mesh, limits).document()
        said["fixed"] = fix(figurine.mesh, wanted)
    if base is not None:
        add_base(figurine.mesh, base)
    return said | check(figurine.mesh, limits).document()


def _write(figurines: list[Figurine], to: Path) -> None:
    # An OBJ names its materials' file after itself, and is written in place.
    part = to if to.suffix == ".obj" else to.with_name(f"{to.stem}.part{to.suffix}")
    try:
        slicer_files.write(figurines, part)
        part.replace(to)
    except (OSError, RuntimeError) as error:
        raise PreparationFailed(
            "{name} could not be written: {error}", name=to.name, error=own_words(error)
        ) from error
