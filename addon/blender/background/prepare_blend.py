"""Turn a downloaded model into a .blend that can be appended at once; started as ``entry`` says.

``job.json`` holds ``files`` (model files, the wanted one first), ``to`` (the .blend to write),
``report`` (the JSON to write), ``name`` and perhaps ``keep_place`` and ``sent``
(see ``preparation.prepare``). The report adds ``blender_version``, ``collection``, ``objects``,
``triangles``, ``dimensions`` in metres and ``warnings``.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the figures."""
    figures: dict[str, Any] = entry["load"]("preparation").prepare(
        [Path(file) for file in job["files"]],
        Path(job["to"]),
        job["name"],
        keep_place=job.get("keep_place", False),
        sent=job.get("sent"),
    )
    return figures


if __name__ == "__main__":
    entry["main"](
        prepare,
        message="Blender could not prepare the model: {error}",
        hint="The downloaded files are kept and can be imported by hand.",
    )
