"""Make a copy of a picture that the service takes; started as ``entry`` says.

``job.json`` holds what ``picture_fitting.fit`` takes and ``report``, the JSON to write. The report
adds ``to``, the file.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def fit(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and name the file."""
    made: Path = entry["load"]("blender.background.picture_fitting").fit(
        Path(job["source"]),
        Path(job["folder"]),
        orientation=job["orientation"],
        least=job["least"],
        most=job["most"],
        most_bytes=job["most_bytes"],
    )
    return {"to": str(made)}


if __name__ == "__main__":
    entry["main"](
        fit,
        message="Blender could not convert the picture: {error}",
        hint="Save it as PNG or JPEG and choose that.",
    )
