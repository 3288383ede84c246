"""Triangles in, quads out: QuadriFlow, and a voxel remesh where that finds no solution."""

from typing import Any

import bpy
import numpy as np

from . import scenes

Refused = scenes.Refused

_TOLERANCE = 1.8


def run(request: dict[str, Any]) -> dict[str, Any]:
    """``source`` is a GLB with one closed mesh, ``faces`` the wanted number of quads.

    Writes ``vertices`` (n, 3) and ``corners`` (m, 4) into the NumPy archive ``target``; the
    answer's ``method`` names what was used.
    """
    scenes.start_empty()
    meshes = scenes.import_model(request["source"])
    scenes.select_only(meshes)
    if len(meshes) > 1:
        bpy.ops.object.join()
    body = meshes[0]
    _weld_active()
    method = "QuadriFlow"
    if not _quadriflow(body, request["faces"]):
        method = "voxel remesh"
        _voxel_remesh(body, request["faces"])
    vertices, corners = _quads_of(body)
    np.savez(request["target"], vertices=vertices, corners=corners)
    return {"method": method}


def _weld_active() -> None:
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.mesh.remove_doubles(threshold=1e-7)
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.object.transform_apply(location=True, rotation=True, scale=True)


def _quadriflow(body: bpy.types.Object, faces: int) -> bool:
    """Whether it made about as many faces as asked for; otherwise the mesh is as before."""
    original: Any = body.data
    body.data = original.copy()
    try:
        done = bpy.ops.object.quadriflow_remesh(target_faces=faces, mode="FACES", seed=1)
    except RuntimeError:
        done = {"CANCELLED"}
    remeshed: Any = body.data
    if "FINISHED" in done and 1 / _TOLERANCE < len(remeshed.polygons) / faces < _TOLERANCE:
        return True
    body.data = original
    return False


def _voxel_remesh(body: bpy.types.Object, faces: int) -> None:
    data = body.data
    if not isinstance(data, bpy.types.Mesh):
        raise Refused("There is no mesh to remesh.")
    area = sum(polygon.area for polygon in data.polygons)
    data.remesh_voxel_size = (area / max(faces, 1)) ** 0.5
    bpy.ops.object.voxel_remesh()


def _quads_of(body: bpy.types.Object) -> tuple[Any, Any]:
    """Vertices with Y up and the corners of all quads; triangles repeat their last corner."""
    data = body.data
    if not isinstance(data, bpy.types.Mesh):
        raise Refused("There is no mesh left.")
    flat = np.empty(3 * len(data.vertices))
    data.vertices.foreach_get("co", flat)
    x, y, z = flat.reshape(-1, 3).T
    first, count = (np.empty(len(data.polygons), dtype=np.int32) for _ in range(2))
    data.polygons.foreach_get("loop_start", first)
    data.polygons.foreach_get("loop_total", count)
    owner = np.empty(len(data.loops), dtype=np.int32)
    data.loops.foreach_get("vertex_index", owner)
    corners = owner[first[:, None] + np.minimum(np.arange(4), count[:, None] - 1)]
    return np.stack([x, z, -y], axis=1), corners.astype(np.int64)
