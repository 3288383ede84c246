"""Render a selection from its sides, from a .blend with the selection.

Runs in a background Blender, or under Python with the bpy module::

    blender -b --factory-startup --python render_views.py -- job.json
    python -I render_views.py -- job.json

``job.json`` holds ``blend`` (the file with the selection), ``pictures`` (the PNG to write by side),
``report`` (the JSON to write) and ``settings``, which ``views.render_views`` describes. The report
is ``{"ok": true}`` or ``{"ok": false, "message", "hint"}``. The exit code is 0 whenever a report
was written.
"""

import importlib.util
import json
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

log = logging.getLogger("studio3d.views")

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
    return importlib.import_module(f"{PACKAGE}.views")


def render(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the report."""
    module = load_package()
    try:
        report: dict[str, Any] = module.render_views(
            Path(job["blend"]), job["settings"], job["pictures"]
        )
    except module.RenderFailed as error:
        return {"ok": False, "message": str(error), "hint": error.hint}
    except Exception as error:  # renderers raise anything; people need words
        log.exception("rendering failed")
        return {
            "ok": False,
            "message": f"Blender could not render the views: {error}",
            "hint": "Render them yourself and choose the files.",
        }
    return {"ok": True, **report}


def write_report(path: Path, report: dict[str, Any]) -> None:
    """Write the report so that nobody ever sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report), encoding="utf-8")
    part.replace(path)


def main() -> None:
    """Render the job named on the command line and leave Blender."""
    (job_file,) = sys.argv[sys.argv.index("--") + 1 :]
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    write_report(Path(job["report"]), render(job))
    # The bpy module of some versions hangs or crashes while Python ends; all is written by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
