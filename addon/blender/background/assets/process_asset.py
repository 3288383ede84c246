"""Make one asset of downloaded files; started as ``background.entry`` says.

``job.json`` is an asset's ``order.json`` (see ``batch.assets``) with ``files`` and ``others``
(absolute; see ``preparation.open_model``), ``stem``
(of the file names to make), ``to`` (an empty folder for them) and ``report`` (the JSON to write).
The report adds ``blend``, ``preview``, ``figures`` and ``warnings``.
"""

import importlib
import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

entry = runpy.run_path(str(ROOT / "blender" / "background" / "entry.py"))


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return what was made."""
    runpy.run_path(str(ROOT / "worker" / "bootstrap.py"))["load_package"]()
    work = importlib.import_module("studio3d.blender.background.assets.make_asset")
    made: dict[str, Any] = work.make(job)
    return made


if __name__ == "__main__":
    entry["main"](
        make,
        message="Blender could not make the asset: {error}",
        hint="The downloaded files are kept and can be imported by hand.",
    )
