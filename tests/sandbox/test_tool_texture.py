"""New textures leave the shape alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from scripts.sandbox.engines.texture_model import texture_model
from scripts.sandbox.work import Work


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.glb"
    trimesh.creation.icosphere(subdivisions=3, radius=0.5).export(path)
    return path


def texture(model: Path, files: dict[str, Path] | None = None, **parameters: Any) -> trimesh.Scene:
    defaults = {"texture_quality": "standard", "pbr": False}
    work = Work(
        "texture-model", defaults | parameters, {"model": model, **(files or {})}, model.parent
    )
    [result] = texture_model(work)
    assert result.path is not None
    assert result.metadata["sandbox"]
    return trimesh.load_scene(result.path)


def base_colour(scene: trimesh.Scene) -> Any:
    [mesh] = scene.geometry.values()
    return np.asarray(mesh.visual.material.baseColorTexture.convert("RGB"), dtype=float)


def test_a_prompt_gives_its_material(model: Path) -> None:
    scene = texture(model, prompt="red wood", pbr=True)
    before = trimesh.load_scene(model)
    assert np.allclose(scene.bounds, before.bounds, atol=1e-4)
    [mesh] = scene.geometry.values()
    assert len(mesh.faces) == len(next(iter(before.geometry.values())).faces)
    assert mesh.visual.uv.min() >= 0
    assert mesh.visual.uv.max() <= 1
    assert mesh.visual.material.normalTexture is not None
    # The atlas is partly empty: look at what is colored.
    colour = base_colour(scene).reshape(-1, 3)
    colored = colour[np.ptp(colour, axis=1) > 20]
    assert len(colored) > 0.1 * len(colour)
    red, _, blue = colored.mean(axis=0)
    assert red > blue + 15


def test_a_picture_is_projected(model: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (128, 128), (20, 160, 40)).save(picture)
    colour = base_colour(texture(model, {"image": picture})).reshape(-1, 3).mean(axis=0)
    assert np.allclose(colour, (20, 160, 40), atol=6)


def test_a_style_picture_tints(model: Path, tmp_path: Path) -> None:
    style = tmp_path / "style.png"
    Image.new("RGB", (64, 64), (0, 0, 255)).save(style)
    plain = base_colour(texture(model, prompt="white paint")).reshape(-1, 3).mean(axis=0)
    tinted = base_colour(texture(model, {"style_image": style}, prompt="white paint"))
    mean = tinted.reshape(-1, 3).mean(axis=0)
    assert mean[2] - mean[0] > plain[2] - plain[0] + 30
