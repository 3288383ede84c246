"""Mesh segmentation: the parts of a model as separate meshes of one GLB."""

import numpy as np
import trimesh
from trimesh.visual import ColorVisuals, TextureVisuals

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.mesh import parts, reading, regions
from scripts.sandbox.work import Result, Work


def segment(work: Work) -> list[Result]:
    """Every part keeps its place, UVs and material; its name tells the mesh it came from."""
    pieces: list[trimesh.Trimesh] = []
    methods: list[str] = []
    meshes = parts.placed(reading.load(work.files["model"]))
    for mesh in meshes:
        division = regions.divided(mesh, alone=len(meshes) == 1)
        methods.append(division.method)
        pieces += _pieces(mesh, division)
    path = work.folder / "segmented.glb"
    path.write_bytes(parts.assembled(pieces).export(file_type="glb"))
    note = {
        "sandbox": sentence(
            f"divided by {', '.join(dict.fromkeys(methods))}", "shapes only, no neural recognition"
        ),
        "parts": [piece.metadata["name"] for piece in pieces],
    }
    return [Result(path, "3D_MODEL", note)]


def _pieces(mesh: trimesh.Trimesh, division: regions.Division) -> list[trimesh.Trimesh]:
    found = []
    for number in range(int(division.labels.max()) + 1):
        chosen = np.flatnonzero(division.labels == number)
        used, faces = np.unique(mesh.faces[chosen], return_inverse=True)
        piece = trimesh.Trimesh(
            mesh.vertices[used],
            faces.reshape(-1, 3),
            vertex_normals=mesh.vertex_normals[used],
            visual=_visual(mesh, used),
            metadata={"name": f"{mesh.metadata['name']}_part_{number + 1:02d}"},
            process=False,
        )
        found.append(piece)
    return found


def _visual(mesh: trimesh.Trimesh, used: np.ndarray) -> TextureVisuals | ColorVisuals | None:
    visual = mesh.visual
    if isinstance(visual, TextureVisuals):
        uv = None if visual.uv is None else visual.uv[used]
        return TextureVisuals(uv, material=visual.material)
    if visual is not None and visual.kind is not None:
        return ColorVisuals(vertex_colors=visual.vertex_colors[used])
    return None
