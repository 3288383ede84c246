"""Render a selection from its sides; started as ``entry`` says.

``job.json`` holds ``blend`` (the file with the selection), ``pictures`` (the PNG to write by side),
``report`` (the JSON to write) and ``settings``, which ``views.render_views`` describes.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def render(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work; there is nothing to tell beside that it is done."""
    said: dict[str, Any] = entry["load"]("blender.background.pictures.views").render_views(
        Path(job["blend"]), job["settings"], job["pictures"]
    )
    return said


if __name__ == "__main__":
    entry["main"](
        render,
        message="Blender could not render the views: {error}",
        hint="Render them yourself and choose the files.",
    )
