"""Small changes of a scene's geometry: a flat bottom, a new origin, mirrored halves."""

from __future__ import annotations

import numpy as np
import trimesh

from scripts.sandbox.engines.mesh import solids


def flatten_bottom(scene: trimesh.Scene, share: float) -> None:
    """In place: everything in the lowest ``share`` of the height is lifted onto one level."""
    low, high = (float(bound[1]) for bound in scene.bounds)
    level = low + share * (high - low)
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        world = trimesh.transform_points(mesh.vertices, matrix)
        world[:, 1] = np.maximum(world[:, 1], level)
        mesh.vertices = trimesh.transform_points(world, np.linalg.inv(matrix))


def stand_on_origin(scene: trimesh.Scene) -> None:
    """In place: the middle of the bounding box's bottom comes to the origin."""
    low, high = scene.bounds
    scene.apply_translation([-(low[0] + high[0]) / 2, -low[1], -(low[2] + high[2]) / 2])


def symmetric(solid: trimesh.Trimesh) -> trimesh.Trimesh:
    """The +X half of a closed surface and its mirror image, as one closed surface."""
    middle = float(solid.bounds[:, 0].mean())
    body = solids.to_manifold(solid).translate((-middle, 0.0, 0.0))
    half = body.trim_by_plane((1.0, 0.0, 0.0), 0.0)
    whole = half + half.mirror((1.0, 0.0, 0.0))
    return solids.from_manifold(whole.translate((middle, 0.0, 0.0)))
