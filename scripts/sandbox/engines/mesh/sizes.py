"""Length units and scaling. Inside the engines one unit is one metre and Y points up."""

import numpy as np
import trimesh

METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254}

Z_UP = trimesh.transformations.rotation_matrix(np.pi / 2, [1, 0, 0])
"""From Y up to Z up, which is what STL, PLY and 3MF mean by convention."""


def in_metres(length: float, unit: str) -> float:
    return float(length) * METRES[unit]


def height(scene: trimesh.Scene) -> float:
    """Extent along Y."""
    return float(scene.extents[1])


def scale_longest_side(scene: trimesh.Scene, metres: float) -> None:
    """Scale in place so that the longest side of the bounding box has this length."""
    _scale(scene, metres / float(max(scene.extents)))


def scale_height(scene: trimesh.Scene, metres: float) -> None:
    """Scale in place to this extent along Y."""
    # A flat model has no height to speak of; its longest side then stands in for it.
    own = height(scene)
    longest = float(max(scene.extents))
    _scale(scene, metres / (own if own > 1e-6 * longest else longest))


def _scale(scene: trimesh.Scene, factor: float) -> None:
    matrix = np.eye(4)
    matrix[:3, :3] *= factor
    scene.apply_transform(matrix)


def dimensions(scene: trimesh.Scene) -> list[float]:
    """Width, height and depth in metres, for people to read."""
    return [float(f"{side:.6g}") for side in scene.extents]


def triangle_count(scene: trimesh.Scene) -> int:
    shown = [scene.geometry[scene.graph[node][1]] for node in scene.graph.nodes_geometry]
    return sum(len(mesh.faces) for mesh in shown if isinstance(mesh, trimesh.Trimesh))
