"""Find what is wrong with photos; started as ``entry`` says.

``job.json`` holds ``photos``, each with ``path`` and ``orientation`` as EXIF counts it, and
``report``, the JSON to write. The report adds ``faults``, a list for each: [] of one that cannot be
read.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def judge(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work."""
    judging = entry["load"]("blender.background.photo_judging")
    return {
        "faults": [
            judging.faults_of(Path(photo["path"]), photo["orientation"]) for photo in job["photos"]
        ]
    }


if __name__ == "__main__":
    entry["main"](
        judge,
        message="Blender could not look at the photos: {error}",
        hint="They are sent as they are.",
    )
