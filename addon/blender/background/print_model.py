"""Check, mend or export a model for a printer; started as ``entry`` says.

``job.json`` holds what ``printing.work.do`` takes, or with a ``selection`` what
``printing.selected.do`` takes, and ``report``, the JSON to write.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return what there is to tell."""
    module = "selected" if "selection" in job else "work"
    said: dict[str, Any] = entry["load"](f"blender.background.printing.{module}").do(job)
    return said


if __name__ == "__main__":
    entry["main"](
        work,
        message="Blender could not look at the model: {error}",
        hint="The file may be damaged; Blender itself may open it.",
    )
