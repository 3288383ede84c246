"""Turn a downloaded model into a .blend that can be appended at once; started as ``entry`` says.

``job.json`` holds ``files`` (model files, the wanted one first), ``to`` (the .blend to write),
``report`` (the JSON to write), ``name`` and perhaps ``keep_place``, ``root``, ``sent`` and
``others`` (see ``preparation.prepare``), ``then`` (see ``assets.on_arrival``), and ``preview`` (a
small PNG, which may fail to come). The report adds ``blender_version``, ``collection``,
``objects``, ``triangles``, ``dimensions`` in metres and ``left_out``.
"""

import runpy
from pathlib import Path
from typing import Any

entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))


def get_ready() -> None:
    """Load what takes its time to load."""
    entry["load"]("blender.background.preparation").get_ready()


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Do the work and return the figures."""
    figures: dict[str, Any] = entry["load"]("blender.background.preparation").prepare(
        [Path(file) for file in job["files"]],
        Path(job["to"]),
        job["name"],
        keep_place=job.get("keep_place", False),
        root=Path(job["root"]) if job.get("root") else None,
        sent=job.get("sent"),
        others=[[Path(file) for file in files] for files in job.get("others", [])],
        arrival=arrival(job),
    )
    return figures


def arrival(job: dict[str, Any]) -> Any:
    """What is done with the result before it enters a scene; None for most."""
    if job.get("then") is None:
        return None
    made: Any = entry["load"]("blender.background.assets.on_arrival")
    return made.Arrival(job["then"], Path(job["preview"]) if job.get("preview") else None)


def draw_preview(job: dict[str, Any], figures: dict[str, Any]) -> None:
    """Render the preview; a crash or a hang costs no more than it, as the report is written."""
    if job.get("preview") and not Path(job["preview"]).is_file():
        entry["within_reason"]()
        entry["load"]("blender.background.preparation").draw_preview(
            figures["collection"], Path(job["preview"])
        )


if __name__ == "__main__":
    entry["main"](
        prepare,
        message="Blender could not prepare the model: {error}",
        hint="The downloaded files are kept and can be imported by hand.",
        afterwards=draw_preview,
        get_ready=get_ready,
    )
