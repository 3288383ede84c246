"""Baked textures, looked up at known places of the surface."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from scripts.sandbox.engines.bake import bake
from scripts.sandbox.engines.mesh import parts
from tests.sandbox.tool_inputs import needs_blender, textured_ball, work, write_glb

pytestmark = needs_blender


def _bake(retopo: trimesh.Trimesh, tmp_path: Path, resolution: int) -> Any:
    files = {
        "original": write_glb(tmp_path / "original.glb", textured_ball("red", 4)),
        "retopo": write_glb(tmp_path / "retopo.glb", retopo),
    }
    given = {"texture_resolution": resolution, "output_format": "glb"}
    [result] = bake(work("bake", tmp_path, files, given))
    assert result.path is not None
    assert result.asset_type == "3D_MODEL"
    assert result.metadata["sandbox"]
    return trimesh.load_mesh(result.path)


def _check(mesh: Any, retopo: trimesh.Trimesh) -> None:
    assert len(mesh.faces) == len(retopo.faces)
    assert mesh.bounds == pytest.approx(retopo.bounds, abs=1e-4)
    centres = mesh.visual.uv[mesh.faces].mean(axis=1)
    colours = parts.sample(mesh.visual.material.baseColorTexture, centres)[:, :3]
    height = mesh.triangles_center[:, 1]
    assert np.abs(np.median(colours[height > 0.2], axis=0) - [255, 0, 0]).max() < 30
    assert np.abs(np.median(colours[height < -0.2], axis=0) - [255, 255, 255]).max() < 30


def test_a_retopo_without_uvs_gets_new_ones(tmp_path: Path) -> None:
    retopo = trimesh.creation.icosphere(subdivisions=2)
    mesh = _bake(retopo, tmp_path, 256)
    _check(mesh, retopo)
    material = mesh.visual.material
    assert material.baseColorTexture.size == (256, 256)
    # A normal map is bluish: mostly straight out of the surface.
    red, green, blue = np.asarray(material.normalTexture.convert("RGB")).reshape(-1, 3).mean(axis=0)
    assert blue > 180
    assert abs(red - 128) < 40
    assert abs(green - 128) < 40


def test_own_uvs_of_the_retopo_are_kept(tmp_path: Path) -> None:
    retopo = textured_ball("green", 2)
    mesh = _bake(retopo, tmp_path, 128)
    _check(mesh, retopo)
    own: Any = retopo.visual
    corners = np.sort(np.round(own.uv[retopo.faces].reshape(-1, 2), 3), axis=0)
    baked = np.sort(np.round(mesh.visual.uv[mesh.faces].reshape(-1, 2), 3), axis=0)
    assert baked == pytest.approx(corners, abs=2e-3)
