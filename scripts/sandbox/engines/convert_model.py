"""Convert model (Tripo): another format, with changes to mesh and textures on the way."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import trimesh

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.mesh import (
    parts,
    quads,
    reading,
    reduction,
    sizes,
    solids,
    transfer,
    writing,
)
from scripts.sandbox.work import Result, Work

_FORMATS = {
    "GLTF": "glb", "USDZ": "usdz", "FBX": "fbx", "OBJ": "obj_zip", "STL": "stl", "3MF": "3mf",
}  # fmt: skip
_CELLS = 112
_MOST_QUADS = 8_000
_TEXTURE, _TEXELS = 2048, 1024
_WITHOUT_TEXTURES = frozenset({"STL", "3MF"})


def convert_model(work: Work) -> list[Result]:
    """Write ``model`` as ``format`` after the other parameters were applied in turn."""
    wanted = work.parameters
    output = _FORMATS[str(wanted["format"])]
    scene = reading.load(work.files["model"])
    scene, steps = _remeshed(scene, wanted)
    if wanted["flatten_bottom"]:
        _flatten_bottom(scene, float(wanted["flatten_bottom_threshold"]))
        steps.append("bottom flattened")
    if wanted["scale_factor"] != 1:
        scene.apply_scale(float(wanted["scale_factor"]))
        steps.append(f"scaled by {wanted['scale_factor']:g}")
    if wanted["pivot_to_center_bottom"]:
        _stand_on_origin(scene)
        steps.append("origin moved to the middle of the bottom")
    steps += _set_textures(scene, wanted)
    path = writing.save(scene, output, work.folder, quads=bool(wanted["quad"]))
    note = {
        "sandbox": sentence(*steps, f"written as {path.name}", "animation is not kept"),
        "triangles": sizes.triangle_count(scene),
        "dimensions_m": sizes.dimensions(scene),
    }
    archive = output in writing.ARCHIVE_FORMATS
    return [Result(path, "ARCHIVE" if archive else "3D_MODEL", note)]


def _remeshed(scene: trimesh.Scene, wanted: Mapping[str, Any]) -> tuple[trimesh.Scene, list[str]]:
    """Fewer faces, quads, symmetry, new UVs; what was done."""
    limit = wanted.get("face_limit")
    rebuild = wanted["quad"] or wanted["force_symmetry"]
    if not rebuild and not wanted["pack_uv"]:
        return _limited(scene, limit)
    surface, steps = parts.bare(scene), []
    if rebuild:
        solid = solids.closed(scene, _CELLS)
        surface, steps = solid.mesh, [solid.account]
    if wanted["force_symmetry"]:
        surface = _symmetric(surface)
        steps.append("right half mirrored")
    if wanted["quad"]:
        count = int(limit or min(_MOST_QUADS, len(surface.faces) // 2))
        remesh = quads.remeshed(surface, max(count, 1))
        surface = remesh.mesh
        steps.append(f"remeshed to {remesh.quads} quads by Blender's {remesh.method}")
    surface.metadata["name"] = "model"
    if wanted["bake"]:
        size = int(wanted.get("texture_size") or _TEXTURE)
        surface = transfer.painted(surface, scene, size, _TEXELS)
        steps.append("colours carried over into new UVs")
    result = parts.assembled([surface])
    if limit is not None and not wanted["quad"]:
        result, more = _limited(result, limit)
        steps += more
    return result, steps


def _limited(scene: trimesh.Scene, limit: int | None) -> tuple[trimesh.Scene, list[str]]:
    if limit is None:
        return scene, []
    reduced, how = reduction.reduced(scene, int(limit))
    return reduced, [how]


def _set_textures(scene: trimesh.Scene, wanted: Mapping[str, Any]) -> list[str]:
    """Apply texture_size and texture_format; what was done."""
    if wanted["format"] in _WITHOUT_TEXTURES:
        return []
    size = wanted.get("texture_size")
    asked = str(wanted["texture_format"])
    # The only two that every one of the formats can carry.
    stored = "JPEG" if asked == "JPEG" else "PNG"
    count = parts.store_textures(scene, stored, None if size is None else int(size))
    if not count:
        return []
    told = f"{count} textures stored as {stored}"
    return [told if stored == asked else f"{told} instead of {asked}"]


def _flatten_bottom(scene: trimesh.Scene, share: float) -> None:
    """In place: everything in the lowest ``share`` of the height is lifted onto one level."""
    low, high = (float(bound[1]) for bound in scene.bounds)
    level = low + share * (high - low)
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        world = trimesh.transform_points(mesh.vertices, matrix)
        world[:, 1] = np.maximum(world[:, 1], level)
        mesh.vertices = trimesh.transform_points(world, np.linalg.inv(matrix))


def _stand_on_origin(scene: trimesh.Scene) -> None:
    """In place: the middle of the bounding box's bottom comes to the origin."""
    low, high = scene.bounds
    scene.apply_translation([-(low[0] + high[0]) / 2, -low[1], -(low[2] + high[2]) / 2])


def _symmetric(solid: trimesh.Trimesh) -> trimesh.Trimesh:
    """The +X half of a closed surface and its mirror image, as one closed surface."""
    middle = float(solid.bounds[:, 0].mean())
    body = solids.to_manifold(solid).translate((-middle, 0.0, 0.0))
    half = body.trim_by_plane((1.0, 0.0, 0.0), 0.0)
    whole = half + half.mirror((1.0, 0.0, 0.0))
    return solids.from_manifold(whole.translate((middle, 0.0, 0.0)))
