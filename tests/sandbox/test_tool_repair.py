"""Repaired models, measured again after reading them back."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from scripts.sandbox.engines.repair import repair
from scripts.sandbox.work import EngineFailed, Result
from tests.sandbox.tool_inputs import needs_blender, textured_ball, work, write_glb


def _repair(model: Path, tmp_path: Path, **parameters: object) -> Result:
    given = {
        "output_format": "glb",
        "hollow": False,
        "wall_thickness": 2.0,
        "target_height": None,
        "unit": "cm",
        "quality": "low",
        "topology": "tris",
        "texture_resolution": 256,
        "bake_textures": True,
        **parameters,
    }
    [result] = repair(work("repair", tmp_path, {"model": model}, given))
    assert result.metadata["sandbox"]
    return result


def _read(result: Result) -> trimesh.Trimesh:
    """The triangles with UV seams closed again."""
    assert result.path is not None
    mesh = trimesh.load_mesh(result.path)
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    return mesh


@pytest.fixture
def bowl(tmp_path: Path) -> Path:
    """A textured ball without its top: not closed."""
    ball = textured_ball("red")
    ball.update_faces(ball.triangles_center[:, 1] < 0.8)
    ball.remove_unreferenced_vertices()
    return write_glb(tmp_path / "bowl.glb", ball)


def test_holes_are_closed_and_the_height_is_set(bowl: Path, tmp_path: Path) -> None:
    mesh = _read(_repair(bowl, tmp_path, target_height=12.0, unit="cm"))
    assert mesh.is_watertight
    assert mesh.extents[1] == pytest.approx(0.12, rel=1e-3)


def test_overlapping_parts_become_one_volume(tmp_path: Path) -> None:
    first, second = trimesh.creation.box([1, 1, 1]), trimesh.creation.box([1, 1, 1])
    second.apply_translation([0.5, 0, 0])
    mesh = _read(_repair(write_glb(tmp_path / "two.glb", first, second), tmp_path))
    assert mesh.is_volume
    assert mesh.volume == pytest.approx(1.5, rel=1e-4)


def test_an_inside_out_model_is_turned(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    ball.invert()
    mesh = _read(_repair(write_glb(tmp_path / "inverted.glb", ball), tmp_path))
    assert mesh.volume == pytest.approx(-ball.volume, rel=1e-4)


def test_loose_triangles_are_rebuilt_to_a_closed_surface(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=3)
    kept = ball.triangles[np.arange(len(ball.faces)) % 7 != 0]
    soup = trimesh.Trimesh(kept.reshape(-1, 3), np.arange(3 * len(kept)).reshape(-1, 3))
    result = _repair(write_glb(tmp_path / "soup.glb", soup), tmp_path)
    mesh = _read(result)
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(ball.volume, rel=0.05)


def test_hollow_walls_have_the_thickness(tmp_path: Path) -> None:
    model = write_glb(tmp_path / "ball.glb", trimesh.creation.icosphere(subdivisions=4))
    result = _repair(
        model, tmp_path, hollow=True, wall_thickness=5.0, target_height=5.0, output_format="stl"
    )
    mesh = _read(result)
    assert mesh.is_watertight
    shells = sorted(mesh.split(), key=lambda shell: float(np.ptp(shell.bounds)))
    inner, outer = shells[0].extents / 2, shells[1].extents / 2
    assert outer == pytest.approx([25.0] * 3, rel=0.01)
    assert outer - inner == pytest.approx([5.0] * 3, rel=0.06)
    assert mesh.volume == pytest.approx(4 / 3 * np.pi * (25**3 - 20**3), rel=0.03)


def test_walls_without_room_inside_fail(tmp_path: Path) -> None:
    model = write_glb(tmp_path / "ball.glb", trimesh.creation.icosphere(subdivisions=2))
    with pytest.raises(EngineFailed, match="thinner walls"):
        _repair(model, tmp_path, hollow=True, wall_thickness=30.0, target_height=5.0)


def test_colours_stay_where_they_were(bowl: Path, tmp_path: Path) -> None:
    result = _repair(bowl, tmp_path, texture_resolution=512)
    mesh: Any = trimesh.load_mesh(result.path)
    texture = mesh.visual.material.baseColorTexture.convert("RGB")
    assert texture.size == (512, 512)
    centres = mesh.visual.uv[mesh.faces].mean(axis=1)
    pixels = np.asarray(texture)[
        ((1 - centres[:, 1]) * 512).astype(int).clip(0, 511),
        (centres[:, 0] * 512).astype(int).clip(0, 511),
    ].astype(int)
    height = mesh.triangles_center[:, 1]
    # The old texture was red above the middle and white below it.
    assert np.abs(pixels[(height > 0.15) & (height < 0.7)] - [255, 0, 0]).max() < 60
    assert np.abs(pixels[height < -0.15] - [255, 255, 255]).max() < 60


@needs_blender
def test_quads_are_quads_in_obj(bowl: Path, tmp_path: Path) -> None:
    result = _repair(bowl, tmp_path, topology="quads", output_format="obj", bake_textures=False)
    assert result.path is not None
    corners = [
        len(line.split()) - 1 for line in result.path.read_text().splitlines() if line[:2] == "f "
    ]
    assert len(corners) > 500
    assert corners.count(4) / len(corners) > 0.95
    assert _read(result).is_watertight
