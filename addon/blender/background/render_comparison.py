"""Render several results side by side into one picture; started as ``entry`` says.

``job.json`` holds ``results``, which ``comparison.render_comparison`` describes, ``picture`` (the
PNG to write) and ``report`` (the JSON to write).
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def render(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work; there is nothing to tell beside that it is done."""
    said: dict[str, Any] = entry["load"](
        "blender.background.pictures.comparison"
    ).render_comparison(job["results"], Path(job["picture"]))
    return said


if __name__ == "__main__":
    entry["main"](
        render,
        message="Blender could not render the comparison: {error}",
        hint="Try again, or look at the results in the scene.",
    )
