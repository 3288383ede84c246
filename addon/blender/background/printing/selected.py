"""What is done for a printer with objects that somebody has selected."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix

from ....printing.limits import Limits
from ....printing.orders import Plate
from ...print.check import check
from .colors import shares_of
from .figurines import APART, bounds
from .plates import arrange
from .selections import Sent, open_selections, write_back, write_marks, write_painted
from .work import make, paints_of, printer, write


def do(order: Mapping[str, Any]) -> dict[str, Any]:
    """As ``work.do`` with one model, the selected objects; raises PreparationFailed.

    ``file`` and ``selection`` are what ``scene.export_selection`` wrote, and its settings.
    ``marks`` is the file for where the findings are (``selections.write_marks``), of which the
    report has no indices; without it there is no check. ``back`` is the .blend for what was made
    of the model. ``others`` are settings of further models in the same file, for a ``plate``
    or side by side.
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
        plate = arrange(figurines, Plate(**order["plate"]), printer(limits))
        figurines, said["plate"] = plate.figurines, plate.count
    elif others:
        _lay_side_by_side([figurine.mesh for figurine in figurines])
    paints = paints_of(figurines, order, limits)
    if paints is not None:
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
    done, meshes = make(sent.figurine.mesh, order, limits)
    if order.get("base") is not None:
        done["fixed"] = {**done.get("fixed", {}), "base": 1}
    if len(meshes) > 1:
        _lay_side_by_side(meshes)
    return {"name": sent.figurine.name, "is_own": sent.is_own, **done}, meshes


def _lay_side_by_side(meshes: list[bpy.types.Mesh]) -> None:
    right = 0.0
    for mesh in meshes:
        low, high = bounds(mesh)
        mesh.transform(Matrix.Translation((right - low.x, -(low.y + high.y) / 2, -low.z)))
        mesh.update()
        right += high.x - low.x + APART
