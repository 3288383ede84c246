"""Tripo's conversion: each parameter seen in the file that comes back."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from scripts.sandbox.engines.convert_model import convert_model
from scripts.sandbox.engines.mesh import reading
from scripts.sandbox.engines.mesh.transfer import Colours
from scripts.sandbox.work import Result
from tests.sandbox.tool_inputs import needs_blender, textured_ball, textured_box, work, write_glb


def _convert(model: Path, tmp_path: Path, **parameters: object) -> Result:
    given = {
        "format": "GLTF",
        "quad": False,
        "force_symmetry": False,
        "face_limit": None,
        "flatten_bottom": False,
        "flatten_bottom_threshold": 0.01,
        "pivot_to_center_bottom": False,
        "scale_factor": 1.0,
        "texture_size": None,
        "texture_format": "JPEG",
        "bake": True,
        "pack_uv": False,
        "with_animation": True,
        "fbx_preset": "blender",
        **parameters,
    }
    [result] = convert_model(work("convert-model", tmp_path, {"model": model}, given))
    assert result.path is not None
    assert result.metadata["sandbox"]
    return result


def _scene(result: Result) -> trimesh.Scene:
    assert result.path is not None
    return reading.load(result.path)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    moved = textured_box("red")
    moved.apply_translation([5.0, 3.0, 1.0])
    return write_glb(tmp_path / "box.glb", moved)


def test_scale_and_pivot(box: Path, tmp_path: Path) -> None:
    scene = _scene(_convert(box, tmp_path, scale_factor=3.0, pivot_to_center_bottom=True))
    assert scene.bounds == pytest.approx(np.array([[-1.5, 0.0, -0.75], [1.5, 6.0, 0.75]]))


def test_texture_size_and_format(box: Path, tmp_path: Path) -> None:
    for kind, stored in (("JPEG", "JPEG"), ("PNG", "PNG"), ("TARGA", "PNG")):
        result = _convert(box, tmp_path, format="OBJ", texture_size=16, texture_format=kind)
        assert result.asset_type == "ARCHIVE"
        assert result.path is not None
        with zipfile.ZipFile(result.path) as archive:
            [name] = [n for n in archive.namelist() if not n.endswith((".obj", ".mtl"))]
            picture = Image.open(io.BytesIO(archive.read(name)))
        assert (picture.format, picture.size) == (stored, (16, 16))


def test_flat_bottom_stands(tmp_path: Path) -> None:
    model = write_glb(tmp_path / "ball.glb", trimesh.creation.icosphere(subdivisions=3))
    scene = _scene(_convert(model, tmp_path, flatten_bottom=True, flatten_bottom_threshold=0.2))
    [mesh] = scene.geometry.values()
    assert scene.bounds[:, 1] == pytest.approx([-0.6, 1.0])
    bottom = mesh.vertices[mesh.vertices[:, 1] < -0.599]
    assert np.ptp(bottom[:, 0]) > 1.4


@needs_blender
def test_face_limit_keeps_the_texture(tmp_path: Path) -> None:
    model = write_glb(tmp_path / "ball.glb", textured_ball("blue", 4))
    scene = _scene(_convert(model, tmp_path, format="USDZ", face_limit=500))
    [mesh] = scene.geometry.values()
    assert len(mesh.faces) <= 510
    assert Colours(scene).at(np.array([[0.0, 1.0, 0.0]]))[0, :3] == pytest.approx(
        [0, 0, 255], abs=9
    )


@needs_blender
def test_quads_with_baked_colours_in_fbx(tmp_path: Path) -> None:
    model = write_glb(tmp_path / "ball.glb", textured_ball("blue", 3))
    result = _convert(model, tmp_path, format="FBX", quad=True, face_limit=600, texture_size=256)
    scene = _scene(result)
    assert result.metadata["triangles"] > 900
    assert scene.extents == pytest.approx([2.0] * 3, rel=0.03)
    top, bottom = Colours(scene).at(np.array([[0.0, 1.0, 0.1], [0.0, -1.0, 0.1]]))
    assert top[:3] == pytest.approx([0, 0, 255], abs=20)
    assert bottom[:3] == pytest.approx([255, 255, 255], abs=20)


def test_symmetry_mirrors_one_half(tmp_path: Path) -> None:
    body = trimesh.creation.box([2.0, 1.0, 1.0])
    knob = trimesh.creation.box([0.4, 0.4, 0.4])
    knob.apply_translation([0.6, 0.6, 0.0])
    lopsided = trimesh.boolean.union([body, knob], engine="manifold")
    model = write_glb(tmp_path / "lopsided.glb", lopsided)
    scene = _scene(_convert(model, tmp_path, format="STL", force_symmetry=True, bake=False))
    [mesh] = scene.geometry.values()
    mirrored: Any = mesh.copy()
    mirrored.apply_scale([-1.0, 1.0, 1.0])
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(2.0 + 2 * (lopsided.volume - 2.0))
    assert sorted(map(tuple, mirrored.vertices.round(4))) == sorted(
        map(tuple, mesh.vertices.round(4))
    )
