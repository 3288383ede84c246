"""Smart topology: an even new mesh over the old shape, in quads or triangles."""

import trimesh

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.mesh import parts, quads, reading, reduction, solids, writing
from scripts.sandbox.work import Result, Work

_CELLS = 112
_QUADS = {"low": 1_500, "medium": 4_000, "high": 10_000}
_MOST_INPUT = 30_000
_FORMATS = {"OBJ": "obj", "FBX": "fbx", "STL": "stl", "USDZ": "usdz"}


def topology(work: Work) -> list[Result]:
    """Geometry only, as the service's; STL and USDZ hold triangles whatever was asked for."""
    wanted = work.parameters
    output = _FORMATS[str(wanted["output_format"])]
    as_quads = wanted["polygon_type"] == "quadrilateral" and output in {"obj", "fbx"}
    solid = solids.closed(reading.load(work.files["model"]), _CELLS)
    count = _QUADS[str(wanted["face_level"] or "medium")]
    # A quad makes two triangles: the level means the same number of faces for both kinds.
    remesh = quads.remeshed(_within(solid.mesh), count if as_quads else count // 2)
    remesh.mesh.metadata["name"] = "retopology"
    scene = parts.assembled([remesh.mesh])
    path = writing.save(scene, output, work.folder, "retopology", quads=as_quads)
    faces = len(remesh.mesh.faces)
    note = {
        "sandbox": sentence(solid.account, f"remeshed by Blender's {remesh.method}"),
        "faces": faces - remesh.quads if as_quads else faces,
        "quads": remesh.quads if as_quads else 0,
    }
    return [Result(path, "3D_MODEL", note)]


def _within(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """QuadriFlow takes minutes for large meshes and gains nothing from them."""
    if len(mesh.faces) <= _MOST_INPUT:
        return mesh
    simple = reduction.simplified(mesh, _MOST_INPUT / len(mesh.faces))
    return simple if simple.is_watertight else mesh
