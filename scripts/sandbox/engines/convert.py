"""Convert: one model file into another format, rescaled on request."""

from typing import Any

import trimesh

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.mesh import reading, sizes, writing
from scripts.sandbox.work import Result, Work


def convert(work: Work) -> list[Result]:
    """Write ``model`` as ``output_format``; ``max_size`` sets the longest side in ``unit``."""
    wanted = str(work.parameters["output_format"])
    max_size = work.parameters.get("max_size")
    scene = reading.load(work.files["model"])
    if max_size is not None:
        unit = str(work.parameters["unit"])
        sizes.scale_longest_side(scene, sizes.in_metres(max_size, unit))
    path = writing.save(scene, wanted, work.folder, sized=max_size is not None)
    archive = wanted in writing.ARCHIVE_FORMATS
    return [Result(path, "ARCHIVE" if archive else "3D_MODEL", _metadata(scene, wanted))]


def _metadata(scene: trimesh.Scene, wanted: str) -> dict[str, Any]:
    return {
        "sandbox": sentence(
            f"meshes and materials written again as {wanted} with {_writer(wanted)}",
            "animation is not kept",
        ),
        "triangles": sizes.triangle_count(scene),
        "dimensions_m": sizes.dimensions(scene),
    }


def _writer(wanted: str) -> str:
    return {"usdz": "usd-core", "fbx": "Blender", "fbx_zip": "Blender"}.get(wanted, "trimesh")
