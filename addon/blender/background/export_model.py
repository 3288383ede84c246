"""Write the model that is to be sent to the service, from a .blend with the selection.

Runs in a background Blender, or under Python with the bpy module::

    blender -b --factory-startup --python export_model.py -- job.json
    python -I export_model.py -- job.json

``job.json`` holds ``blend`` (the file with the selection), ``to`` (the GLB to write), ``report``
(the JSON to write) and ``settings``, which ``export.export_model`` describes. The report is
``{"ok": true, "figures"}`` or ``{"ok": false, "message", "hint"}``. The exit code is 0 whenever
a report was written.
"""

import importlib.util
import json
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

log = logging.getLogger("studio3d.export")

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
    return importlib.import_module(f"{PACKAGE}.export")


def export(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the report."""
    module = load_package()
    try:
        report: dict[str, Any] = module.export_model(
            Path(job["blend"]), Path(job["to"]), job["settings"]
        )
    except module.ExportFailed as error:
        failed: dict[str, Any] = error.report()
        return failed
    except Exception as error:  # exporters raise anything; the worker needs words
        log.exception("exporting failed")
        return {
            "ok": False,
            "message": {
                "template": "Blender could not export the model: {error}",
                "parts": {"error": str(error)},
            },
            "hint": "Export it by hand to see what is wrong with it.",
        }
    return {"ok": True, **report}


def write_report(path: Path, report: dict[str, Any]) -> None:
    """Write the report so that nobody ever sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report), encoding="utf-8")
    part.replace(path)


def main() -> None:
    """Export the job named on the command line and leave Blender."""
    (job_file,) = sys.argv[sys.argv.index("--") + 1 :]
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    write_report(Path(job["report"]), export(job))
    # The bpy module of some versions hangs or crashes while Python ends; all is written by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
