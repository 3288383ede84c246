"""Cutting solids with solids."""

from __future__ import annotations

import manifold3d
import numpy as np

from .charts import with_box_charts
from .surface import Surface


def cut(base: Surface, *cutters: Surface) -> Surface:
    """``base`` without the cutters; the result is flattened anew."""
    solid = _solid(base)
    for cutter in cutters:
        solid = solid - _solid(cutter)
    return _surface(solid, base.crease)


def common(first: Surface, second: Surface) -> Surface:
    """What lies in both solids."""
    return _surface(_solid(first) ^ _solid(second), first.crease)


def _solid(surface: Surface) -> manifold3d.Manifold:
    mesh = manifold3d.Mesh(
        vert_properties=surface.positions.astype(np.float32),
        tri_verts=surface.triangles.astype(np.uint32),
    )
    return manifold3d.Manifold(mesh)


def _surface(solid: manifold3d.Manifold, crease: float) -> Surface:
    if solid.is_empty():
        raise ValueError("nothing is left of the solid")
    mesh = solid.to_mesh()
    return with_box_charts(
        np.asarray(mesh.vert_properties, dtype=np.float64)[:, :3],
        np.asarray(mesh.tri_verts, dtype=np.int64),
        crease,
    )
