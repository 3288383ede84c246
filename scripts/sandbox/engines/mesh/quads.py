"""Quad meshes. trimesh knows triangles only: a quad is two triangles that follow each other."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trimesh

from scripts.sandbox.engines.blender_run import run_job


@dataclass(frozen=True, slots=True)
class QuadMesh:
    """``mesh`` has the triangles of the quads in pairs; ``method`` names the remesher."""

    mesh: trimesh.Trimesh
    quads: int
    method: str


def remeshed(solid: trimesh.Trimesh, faces: int) -> QuadMesh:
    """About ``faces`` quads over the same shape, made by Blender."""
    with tempfile.TemporaryDirectory(prefix="studio3d-quads-") as name:
        source, target = Path(name) / "solid.glb", Path(name) / "quads.npz"
        source.write_bytes(trimesh.Scene(solid).export(file_type="glb"))
        request = {"source": str(source), "target": str(target), "faces": faces}
        method = run_job("quads", request, seconds=180.0)["method"]
        with np.load(target) as found:
            vertices, corners = found["vertices"], found["corners"]
    quads = corners[corners[:, 2] != corners[:, 3]]
    triangles = corners[corners[:, 2] == corners[:, 3]][:, :3]
    faces_of = np.concatenate([quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3), triangles])
    mesh = trimesh.Trimesh(vertices, faces_of, metadata=solid.metadata, process=False)
    return QuadMesh(mesh, len(quads), str(method))


def joined_lines(obj: str) -> str:
    """OBJ text in which two triangles that follow each other and share an edge are one quad."""
    lines = obj.splitlines()
    joined: list[str] = []
    for line in lines:
        quad = _quad(joined[-1], line) if joined else None
        if quad is None:
            joined.append(line)
        else:
            joined[-1] = quad
    return "\n".join(joined) + "\n"


def _quad(first: str, second: str) -> str | None:
    """``f a b c`` and ``f a c d`` make ``f a b c d``."""
    one, two = first.split(), second.split()
    if len(one) != 4 or len(two) != 4 or one[0] != "f" or two[0] != "f":
        return None
    return f"{first} {two[3]}" if (two[1], two[2]) == (one[1], one[3]) else None
