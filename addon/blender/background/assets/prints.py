"""What is asked for a 3D printer: the model as it was made, checked, mended and written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ....service import whole_files
from ...model.failure import PreparationFailed
from ..preparation import Model
from ..printing import work
from . import exports


def without_own(formats: Sequence[str], order: Mapping[str, Any] | None) -> list[str]:
    """The formats, each once, that Blender's exporters write: not those ``make`` does."""
    own = () if order is None else order["to"]
    return [one for one in dict.fromkeys(formats) if one not in own]


SOURCE: Final = "for-printer"
"""Folder of what is read again, which goes."""


def write_source(model: Model, to: Path, stem: str) -> None:
    """Write what ``make`` reads, before it opens another file: the model alone."""
    (to / SOURCE).mkdir()
    exports.export(model.objects, to / SOURCE / f"{stem}.glb")


def make(
    order: Mapping[str, Any], to: Path, stem: str, left_out: list[dict[str, Any]]
) -> dict[str, Any]:
    """Do the ``order``; returns what was found, without long lists and paths.

    It opens another file: whatever is made of the open one has to be there. What was paid for
    stays: a model that takes no base, or none of the rest, is told in ``left_out``.
    """
    source = to / SOURCE
    written = [str(to / f"{stem}.{format_}") for format_ in order["to"]]
    try:
        said = work.do({**order, "file": str(source / f"{stem}.glb"), "to": written})
    except PreparationFailed as error:
        left_out.append({"template": NOT_MADE, "parts": {"trouble": error.message}})
        return {}
    finally:
        whole_files.discard_folder(source)
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
