"""Make one asset of downloaded files; started as ``background.entry`` says.

``job.json`` is an asset's ``order.json`` (see ``batch.assets``) with ``files`` and ``others``
(absolute; see ``preparation.open_model``), ``stem``
(of the file names to make), ``to`` (an empty folder for them) and ``report`` (the JSON to write).
The report adds what ``make_asset.make`` returns.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).parents[1] / "entry.py"))


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return what was made."""
    made: dict[str, Any] = entry["load"]("blender.background.assets.make_asset").make(job)
    return made


if __name__ == "__main__":
    entry["main"](
        make,
        message="Blender could not make the asset: {error}",
        hint="The downloaded files are kept and can be imported by hand.",
    )
