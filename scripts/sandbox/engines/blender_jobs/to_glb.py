"""FBX in, GLB out."""

from typing import Any

from . import scenes

Refused = scenes.Refused


def run(request: dict[str, Any]) -> dict[str, Any]:
    """``source`` and ``target`` are paths."""
    scenes.start_empty()
    scenes.import_model(request["source"])
    scenes.export_glb(request["target"])
    return {}
