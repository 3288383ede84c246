"""Primitives are closed, face outwards and unwrap without mirroring or stretching."""

import numpy as np
import pytest
import trimesh

from scripts.sandbox.engines.geometry import fields, primitives
from scripts.sandbox.engines.geometry.atlas import drawn, flattened, lay_out
from scripts.sandbox.engines.geometry.reduction import reduced_together
from scripts.sandbox.engines.geometry.surface import Floats, Surface, corner_normals

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
HOLE = [(0.3, 0.3), (0.6, 0.3), (0.6, 0.6), (0.3, 0.6)]


def ring(x: float) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 17)[:-1]
    return np.stack([np.full(16, x), 0.3 * np.cos(angle), 0.3 * np.sin(angle)], axis=1)


def circle(count: int) -> Floats:
    angle = np.linspace(0, 2 * np.pi, count + 1)[:-1]
    return np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)


BOX = primitives.rounded_box((1, 2, 0.5), 0.05, 2)
SURFACES: dict[str, tuple[Surface, float]] = {
    # name -> surface, its volume
    "rounded box": (BOX, 0.99),
    "sharp box": (primitives.rounded_box((1, 2, 0.5), 0.0), 1.0),
    "ball": (primitives.ball((1.0, 0.5, 0.7), 10), 4 / 3 * np.pi * 0.35),
    "lathe": (primitives.lathe([(0, 0), (1, 0), (1, 1), (0, 1)], 64), np.pi),
    "lathe from the top": (primitives.lathe([(0, 1), (1, 1), (1, 0), (0, 0)], 64), np.pi),
    "pipe": (
        primitives.lathe([(0.5, 0), (1, 0), (1, 1), (0.5, 1), (0.5, 0)], 64),
        0.75 * np.pi,
    ),
    "tube": (primitives.sweep([(0, 0, 0), (0, 2, 0)], 0.5, 48, round_ends=False), np.pi / 2),
    "capsule": (primitives.sweep([(0, 0, 0), (0, 2, 0)], 0.5, 48), np.pi / 2 + np.pi / 6),
    "torus": (primitives.sweep(circle(64), 0.2, 32, loop=True), 2 * np.pi**2 * 0.04),
    "plate": (primitives.extrude(SQUARE, 0.2), 0.2),
    "plate with a hole": (primitives.extrude(SQUARE, 0.2, 0.02, holes=[HOLE]), 0.18),
    "loft": (primitives.loft(np.stack([ring(0.0), ring(0.5), ring(1.0)])), np.pi * 0.09),
    "skin": (fields.skin([fields.Limb((0, 0, 0), (0, 1, 0), 0.3, 0.3)], 0.02), 0.396),
    "cut": (primitives.cut(BOX, primitives.ball((0.1, 0.1, 0.1), 10)), 0.988),
    "common": (primitives.common(BOX, primitives.rounded_box((9, 1, 9), 0.0)), 0.495),
    "mirrored": (primitives.ball((1.0, 0.5, 0.7), 10).mirrored(), 4 / 3 * np.pi * 0.35),
    "scaled inside out": (BOX.scaled(1, -1, 1), 0.99),
}


@pytest.mark.parametrize("name", SURFACES)
def test_closed_and_facing_out(name: str) -> None:
    surface, volume = SURFACES[name]
    mesh = trimesh.Trimesh(surface.positions, surface.triangles, process=False)
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    assert mesh.volume == pytest.approx(volume, rel=0.05)


@pytest.mark.parametrize("name", SURFACES)
def test_flattened_in_metres_and_not_mirrored(name: str) -> None:
    surface, _ = SURFACES[name]
    uv, _ = flattened(surface.rest, surface.triangles)
    a, b = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    area = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    mesh = trimesh.Trimesh(surface.positions, surface.triangles, process=False)
    assert area.min() > -1e-9
    assert area.sum() == pytest.approx(mesh.area, rel=0.2)


def test_normals_break_at_the_crease_only() -> None:
    sharp = primitives.rounded_box((1, 1, 1), 0.0)
    assert np.allclose(np.abs(corner_normals(sharp)).max(axis=2), 1.0)
    smooth = corner_normals(primitives.ball((1, 1, 1), 6))
    points = primitives.ball((1, 1, 1), 6)
    outward = points.positions[points.triangles]
    assert np.einsum("mci,mci->mc", smooth, outward).min() > 0.98


def test_charts_do_not_overlap() -> None:
    sizes = np.random.default_rng(3).uniform(0.02, 1.0, (60, 2))
    plates = [primitives.rounded_box((width, height, 0.02), 0.0) for width, height in sizes]
    resolution = 512
    layout = lay_out(plates, resolution)
    taken = np.zeros((resolution, resolution), dtype=int)
    for uv in layout.uvs:
        taken += drawn(uv, resolution) >= 0
    assert taken.max() == 1
    assert (taken > 0).mean() > 0.6


def test_uvs_lie_inside_the_atlas_at_one_scale() -> None:
    surfaces = [SURFACES[name][0] for name in ("rounded box", "torus", "skin")]
    layout = lay_out(surfaces, 512)
    for metres, uv in zip(layout.metres, layout.uvs, strict=True):
        assert uv.min() > 0
        assert uv.max() < 1
        texels = np.linalg.norm(uv[:, 0] - uv[:, 1], axis=1) * 512
        assert np.allclose(
            texels, np.linalg.norm(metres[:, 0] - metres[:, 1], axis=1) * layout.scale, atol=1.0
        )


def test_copies_share_their_place_in_the_atlas() -> None:
    first, second = lay_out([BOX, BOX.moved(x=3)], 256).uvs
    assert np.array_equal(first, second)
    red, blue = lay_out([BOX, BOX.moved(x=3)], 256, ["red", "blue"]).uvs
    assert not np.array_equal(red, blue)


def test_reduction_shares_out_the_triangles_and_stays_closed() -> None:
    ball, torus = (SURFACES[name][0] for name in ("ball", "torus"))
    few = reduced_together([ball, torus], 800)
    assert sum(len(s.triangles) for s in few) <= 800
    for surface in few:
        mesh = trimesh.Trimesh(surface.positions, surface.triangles, process=False)
        assert mesh.is_watertight
