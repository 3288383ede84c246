"""Optimized models: smaller, still the same thing to look at."""

from pathlib import Path
from typing import Any

import numpy as np
import pygltflib
import pytest
import trimesh
from PIL import Image
from trimesh.visual import ColorVisuals

from scripts.sandbox.engines.mesh.transfer import Colours
from scripts.sandbox.engines.optimize import optimize
from scripts.sandbox.work import Result
from tests.sandbox.tool_inputs import needs_blender, textured_ball, textured_box, work, write_glb


def _optimize(model: Path, tmp_path: Path, **parameters: object) -> Result:
    given = {"preset": "default", "max_texture_size": None, **parameters}
    [result] = optimize(work("optimize", tmp_path, {"model": model}, given))
    assert result.metadata["sandbox"]
    return result


@needs_blender
def test_textured_model_shrinks_and_keeps_its_colours(tmp_path: Path) -> None:
    ball = textured_ball("red", subdivisions=4)
    noisy = np.random.default_rng(3).integers(0, 40, (512, 512, 3), dtype=np.uint8)
    noisy[:256] += np.array([200, 0, 0], dtype=np.uint8)
    visual: Any = ball.visual
    visual.material.baseColorTexture = Image.fromarray(noisy)
    model = write_glb(tmp_path / "ball.glb", ball)
    result = _optimize(model, tmp_path, preset="low", max_texture_size=128)
    assert result.path is not None
    assert result.path.stat().st_size < model.stat().st_size / 8
    document = pygltflib.GLTF2().load(str(result.path))
    assert "KHR_draco_mesh_compression" in document.extensionsRequired
    scene: Any = trimesh.load_scene(result.path)
    [mesh] = scene.geometry.values()
    assert len(mesh.faces) == pytest.approx(800, rel=0.05)
    assert mesh.visual.material.baseColorTexture.size == (128, 128)
    top, bottom = Colours(scene).at(np.array([[0.0, 0.9, 0.3], [0.0, -0.9, 0.3]]))
    assert top[0] > 180
    assert bottom[0] < 60


def test_plain_model_keeps_its_shape_and_vertex_colours(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=5)
    colours = np.where(ball.vertices[:, [1]] > 0, [[255, 0, 0, 255]], [[0, 0, 255, 255]])
    ball.visual = ColorVisuals(ball, vertex_colors=colours.astype(np.uint8))
    result = _optimize(write_glb(tmp_path / "ball.glb", ball), tmp_path)
    mesh: Any = trimesh.load_mesh(result.path)
    assert len(mesh.faces) == pytest.approx(len(ball.faces) / 2, rel=0.02)
    assert mesh.volume == pytest.approx(ball.volume, rel=0.01)
    upper = mesh.visual.vertex_colors[mesh.vertices[:, 1] > 0.2]
    assert (upper[:, 0] > 250).all()


def test_small_models_keep_every_triangle(tmp_path: Path) -> None:
    result = _optimize(write_glb(tmp_path / "box.glb", textured_box("green")), tmp_path)
    assert trimesh.load_mesh(result.path).faces.shape == (12, 3)
    assert result.metadata["triangles"] == 12
