"""Write the model that is to be sent to the service; started as ``entry`` says.

``job.json`` holds ``blend`` (the file with the selection), ``to`` (the GLB to write), ``report``
(the JSON to write) and ``settings``, which ``export.export_model`` describes, and perhaps
``preview`` (a small PNG, which may fail to come). The report adds ``figures``.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def export(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the figures."""
    figures: dict[str, Any] = entry["load"]("blender.background.export").export_model(
        Path(job["blend"]), Path(job["to"]), job["settings"]
    )
    return figures


def draw_preview(job: dict[str, Any], _figures: dict[str, Any]) -> None:
    """Draw what was exported; a crash or a hang costs no more than it, as the report is written."""
    if job.get("preview"):
        entry["within_reason"]()
        entry["load"]("blender.background.pictures.sketch").draw_all(Path(job["preview"]))


if __name__ == "__main__":
    entry["main"](
        export,
        message="Blender could not export the model: {error}",
        hint="Export it by hand to see what is wrong with it.",
        afterwards=draw_preview,
    )
