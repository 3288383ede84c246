"""What is done for a printer with objects that somebody has selected."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix

from ....printing.limits import Limits
from ....printing.orders import Base, Colors, Hollow, Mending, Plate, Split
from ....printing.printers import Printer, printer_of
from ...model.failure import PreparationFailed
from ...print.base import add_base
from ...print.check import check
from ...print.fixes import fix
from ...print.hollow import hollow
from ...print.split import split
from .colors import paint_all, shares_of
from .figurines import APART, bounds
from .plates import arrange
from .selections import Sent, open_selections, write_back, write_marks, write_painted
from .work import write


def do(order: Mapping[str, Any]) -> dict[str, Any]:
    """As ``work.do`` with one model, the selected objects; raises PreparationFailed.

    ``file`` and ``selection`` are what ``scene.export_selection`` wrote, and its settings.
    ``marks`` is the file for where the findings are (``selections.write_marks``), of which the
    report has no indices; without it there is no check. ``back`` is the .blend for what was made
    of the model. ``others`` are settings of further models in the same file, for a ``plate``.
    ``painted`` is the file for how the model looks in its ``colors``
    (``selections.write_painted``).
    """
    sent, *others = open_selections(
        Path(order["file"]), [order["selection"], *order.get("others", [])]
    )
    limits = Limits(**order["limits"])
    said, made = _made(sent, order, limits)
    if order.get("marks") and len(made) == 1:
        report = check(made[0], limits)
        write_marks(report, sent.to_bed, Path(order["marks"]))
        findings = [finding.document() | {"indices": []} for finding in report.findings]
        said |= {"findings": findings, "figures": report.figures}
    figurines = [sent.figurine, *(other.figurine for other in others)]
    if order.get("plate") is not None:
        figurines = arrange(figurines, Plate(**order["plate"]), _printer(limits)).figurines
        said["plate"] = len(figurines)
    paints = None
    if order.get("colors") is not None:
        meshes = [figurine.mesh for figurine in figurines]
        paints = paint_all(meshes, Colors(**order["colors"]), limits.nozzle)
        said["colors"] = shares_of(*paints)
        if order.get("painted"):
            write_painted(paints[0], paints[1][0], sent.to_bed, Path(order["painted"]))
    for path in order.get("to", []):
        write(figurines, Path(path), paints)
    if order.get("back"):
        said["back"] = write_back(made, sent.to_bed, Path(order["back"]))
    return {"unit": "mm", "figurines": [said]}


def _made(
    sent: Sent, order: Mapping[str, Any], limits: Limits
) -> tuple[dict[str, Any], list[bpy.types.Mesh]]:
    """Do to the model what was asked for, and tell it; what became of it may be several parts."""
    said: dict[str, Any] = {"name": sent.figurine.name, "is_own": sent.is_own}
    mesh = sent.figurine.mesh
    if order.get("fix") is not None:
        said["fixed"] = fix(mesh, Mending(**order["fix"]))
    if order.get("base") is not None:
        add_base(mesh, Base(**order["base"]))
        said["fixed"] = {**said.get("fixed", {}), "base": 1}
    if order.get("hollow") is not None:
        done = hollow(mesh, Hollow(**order["hollow"]))
        said["hollow"] = done.document(limits.material)
    if order.get("split") is None:
        return said, [mesh]
    parts = split(mesh, Split(**order["split"]), _printer(limits))
    said["split"] = {"parts": len(parts.meshes), "pins": parts.pins}
    if len(parts.meshes) > 1:
        _lay_side_by_side(parts.meshes)
    return said, parts.meshes


def _printer(limits: Limits) -> Printer:
    printer = printer_of(limits.printer)
    if printer is None:
        raise PreparationFailed("No printer is chosen.", hint="Choose one: it says how much fits.")
    return printer


def _lay_side_by_side(meshes: list[bpy.types.Mesh]) -> None:
    right = 0.0
    for mesh in meshes:
        low, high = bounds(mesh)
        mesh.transform(Matrix.Translation((right - low.x, -(low.y + high.y) / 2, -low.z)))
        mesh.update()
        right += high.x - low.x + APART
