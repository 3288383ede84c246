"""What a row asks for a 3D printer: the model as it was made, checked, mended and written."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...model.failure import PreparationFailed
from ..printing import work


def make(
    order: Mapping[str, Any], to: Path, stem: str, left_out: list[dict[str, Any]]
) -> dict[str, Any]:
    """Do the ``order`` with the asset's GLB; returns what was found, without long lists and paths.

    It opens another file: whatever is made of the open one has to be there. What was paid for
    stays: a model that takes no base, or none of the rest, is told in ``left_out``.
    """
    written = [str(to / f"{stem}.{format_}") for format_ in order["to"]]
    try:
        said = work.do({**order, "file": str(to / f"{stem}.glb"), "to": written})
    except PreparationFailed as error:
        left_out.append({"template": NOT_MADE, "parts": {"trouble": error.message}})
        return {}
    known = {name: said[name] for name in ("unit", "colors") if name in said}
    return known | {"figurines": [_short(figurine) for figurine in said["figurines"]]}


NOT_MADE = "Not made ready for a printer: {trouble}"


def _short(said: Mapping[str, Any]) -> dict[str, Any]:
    findings = [
        {name: part for name, part in finding.items() if name != "indices"}
        for finding in said["findings"]
    ]
    before = {"before": _short(said["before"])} if "before" in said else {}
    return {**said, **before, "findings": findings}
