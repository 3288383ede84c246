"""Make one asset of downloaded files.

Runs in a background Blender, or under Python with the bpy module::

    blender -b --factory-startup --python process_asset.py -- job.json
    python -I process_asset.py -- job.json

``job.json`` is an asset's ``order.json`` (see ``batch.assets``) with ``files`` (absolute), ``stem``
(of the file names to make), ``to`` (an empty folder for them) and ``report`` (the JSON to write):
``{"ok": true, "blend", "preview", "figures", "warnings"}`` or ``{"ok": false, "message", "hint"}``.
The exit code is 0 whenever a report was written.
"""

import importlib
import json
import logging
import os
import runpy
import sys
from pathlib import Path
from typing import Any

log = logging.getLogger("studio3d.asset")

ROOT = Path(__file__).resolve().parents[2]


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the report."""
    runpy.run_path(str(ROOT / "worker" / "bootstrap.py"))["load_package"]()
    work = importlib.import_module("studio3d.blender.asset_work.work")
    try:
        return {"ok": True, **work.make(job)}
    except work.PreparationFailed as error:
        return {"ok": False, "message": str(error), "hint": error.hint}
    except Exception as error:  # Blender's operators raise anything; the batch needs words
        log.exception("the asset could not be made")
        return {
            "ok": False,
            "message": f"Blender could not make the asset: {error}",
            "hint": "The downloaded files are kept and can be imported by hand.",
        }


def main() -> None:
    """Make the asset named on the command line and leave Blender."""
    (job_file,) = sys.argv[sys.argv.index("--") + 1 :]
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    report = Path(job["report"])
    part = report.with_name(report.name + ".part")
    part.write_text(json.dumps(make(job)), encoding="utf-8")
    part.replace(report)
    # The bpy module of some versions hangs or crashes while Python ends; all is written by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
