"""Fewer triangles: in memory for plain surfaces, in Blender for those with textures."""

import tempfile
from pathlib import Path
from typing import Any

import fast_simplification
import numpy as np
import trimesh
from scipy.spatial import cKDTree
from trimesh.visual import ColorVisuals, TextureVisuals

from scripts.sandbox.engines.blender_run import run_job
from scripts.sandbox.engines.mesh import parts, reading, sizes


def reduced(scene: trimesh.Scene, triangles: int) -> tuple[trimesh.Scene, str]:
    """About ``triangles`` of them, and what was used; the scene itself when it has no more."""
    present = sizes.triangle_count(scene)
    if present <= triangles:
        return scene, "triangles left as they are"
    if any(parts.texture_of(mesh) is not None for mesh in scene.geometry.values()):
        return _decimated(scene, triangles / present), "simplified by Blender's Decimate"
    meshes = [simplified(mesh, triangles / present) for mesh in parts.placed(scene)]
    return parts.assembled(meshes), "simplified by quadric error"


def _decimated(scene: trimesh.Scene, ratio: float) -> trimesh.Scene:
    with tempfile.TemporaryDirectory(prefix="studio3d-decimate-") as name:
        source, target = Path(name) / "in.glb", Path(name) / "out.glb"
        source.write_bytes(scene.export(file_type="glb"))
        run_job("decimate", {"source": str(source), "target": str(target), "ratio": ratio})
        return reading.load(target)


def simplified(mesh: trimesh.Trimesh, ratio: float) -> trimesh.Trimesh:
    """A surface without UVs with ``ratio`` of its triangles; vertex colours go along."""
    welded = trimesh.Trimesh(mesh.vertices, mesh.faces)
    vertices, faces = fast_simplification.simplify(
        np.asarray(welded.vertices, dtype=np.float32),
        np.asarray(welded.faces, dtype=np.int32),
        target_count=max(4, int(ratio * len(mesh.faces))),
    )
    visual: Any = mesh.visual
    if isinstance(visual, ColorVisuals) and visual.kind is not None:
        _, nearest = cKDTree(mesh.vertices).query(vertices)
        visual = ColorVisuals(vertex_colors=np.asarray(visual.vertex_colors)[nearest])
    elif isinstance(visual, TextureVisuals):
        visual = TextureVisuals(material=visual.material)
    return trimesh.Trimesh(vertices, faces, visual=visual, metadata=mesh.metadata, process=False)
