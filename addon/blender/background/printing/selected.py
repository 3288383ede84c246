"""What is done for a printer with objects that somebody has selected."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ....printing.limits import Limits
from ....printing.orders import Base, Mending
from ...print.base import add_base
from ...print.check import check
from ...print.fixes import fix
from .selections import Sent, open_selection, write_back, write_marks
from .work import write


def do(order: Mapping[str, Any]) -> dict[str, Any]:
    """As ``work.do`` with one model, the selected objects; raises PreparationFailed.

    ``file`` and ``selection`` are what ``scene.export_selection`` wrote, and its settings.
    ``marks`` is the file for where the findings are (``selections.write_marks``), of which the
    report has no indices; without it there is no check. ``back`` is the .blend for what was made
    of the model.
    """
    sent = open_selection(Path(order["file"]), order["selection"])
    said = _made(sent, order)
    if order.get("marks"):
        report = check(sent.figurine.mesh, Limits(**order["limits"]))
        write_marks(report, sent.to_bed, Path(order["marks"]))
        findings = [finding.document() | {"indices": []} for finding in report.findings]
        said |= {"findings": findings, "figures": report.figures}
    for path in order.get("to", []):
        write([sent.figurine], Path(path))
    if order.get("back"):
        said["back"] = write_back([sent.figurine.mesh], sent.to_bed, Path(order["back"]))
    return {"unit": "mm", "figurines": [said]}


def _made(sent: Sent, order: Mapping[str, Any]) -> dict[str, Any]:
    """Do to the model what was asked for, and tell it."""
    said: dict[str, Any] = {"name": sent.figurine.name, "is_own": sent.is_own}
    if order.get("fix") is not None:
        said["fixed"] = fix(sent.figurine.mesh, Mending(**order["fix"]))
    if order.get("base") is not None:
        add_base(sent.figurine.mesh, Base(**order["base"]))
        said["fixed"] = {**said.get("fixed", {}), "base": 1}
    return said
