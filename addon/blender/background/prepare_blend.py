"""Turn a downloaded model into a .blend that can be appended at once.

Runs in a background Blender, or under Python with the bpy module::

    blender -b --factory-startup --python prepare_blend.py -- job.json
    python -I prepare_blend.py -- job.json

``job.json`` holds ``files`` (model files, the wanted one first), ``to`` (the .blend to write),
``report`` (the JSON to write), ``name`` and perhaps ``keep_place`` and ``sent``
(see ``preparation.prepare``). The report is ``{"ok": true, "blender_version",
"collection", "objects", "triangles", "dimensions", "warnings"}`` with dimensions in metres, or
``{"ok": false, "message", "hint"}``. The exit code is 0 whenever a report was written.
"""

import importlib.util
import json
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

log = logging.getLogger("studio3d.prepare")

PACKAGE = "studio3d_background"


def load_package() -> ModuleType:
    """Import the folder of this script as a package: isolated Python does not look here."""
    here = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{here} is not a package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    return importlib.import_module(f"{PACKAGE}.preparation")


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the report."""
    preparation = load_package()
    try:
        report: dict[str, Any] = preparation.prepare(
            [Path(file) for file in job["files"]],
            Path(job["to"]),
            job["name"],
            keep_place=job.get("keep_place", False),
            sent=job.get("sent"),
        )
    except preparation.PreparationFailed as error:
        failed: dict[str, Any] = error.report()
        return failed
    except Exception as error:  # importers raise anything; the worker needs words
        log.exception("preparing failed")
        return {
            "ok": False,
            "message": {
                "template": "Blender could not prepare the model: {error}",
                "parts": {"error": str(error)},
            },
            "hint": "The downloaded files are kept and can be imported by hand.",
        }
    return {"ok": True, **report}


def write_report(path: Path, report: dict[str, Any]) -> None:
    """Write the report so that nobody ever sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report), encoding="utf-8")
    part.replace(path)


def main() -> None:
    """Prepare the job named on the command line and leave Blender."""
    (job_file,) = sys.argv[sys.argv.index("--") + 1 :]
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    write_report(Path(job["report"]), prepare(job))
    # The bpy module of some versions hangs or crashes while Python ends; all is written by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
