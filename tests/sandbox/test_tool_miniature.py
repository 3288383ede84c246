"""Miniatures: all results, at the right size, closed and textured."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image, ImageDraw

from scripts.sandbox.engines.miniature import miniature
from scripts.sandbox.work import Result, Work


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (200, 320), (235, 238, 240))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((75, 20, 125, 80), fill=(190, 140, 110))
    draw.rectangle((65, 80, 135, 200), fill=(60, 80, 160))
    draw.rectangle((70, 200, 130, 310), fill=(50, 50, 60))
    path = tmp_path / "photo.png"
    picture.save(path)
    return path


def make(photo: Path, **parameters: Any) -> dict[str, Result]:
    defaults = {
        "preset": "v3_miniature_human_full_body",
        "edition": "fast",
        "scale": "none",
        "obj_scale_multiplier": 1000.0,
    }
    results = miniature(Work("miniature", defaults | parameters, {"image": photo}, photo.parent))
    return {result.asset_type: result for result in results}


def load(result: Result) -> trimesh.Scene:
    assert result.path is not None
    return trimesh.load_scene(result.path)


def test_without_a_scale(photo: Path) -> None:
    made = make(photo)
    assert set(made) == {"EDITED_IMAGE", "3D_MODEL"}
    [mesh] = load(made["3D_MODEL"]).geometry.values()
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    assert mesh.is_watertight
    assert all("sandbox" in result.metadata for result in made.values())


@pytest.mark.parametrize(
    ("parameters", "height"),
    [
        ({"scale": "h0"}, 1.75 / 87),
        ({"scale": "1:50"}, 1.75 / 50),
        ({"scale": "custom", "scale_height_cm": 5.0}, 0.05),
        ({"scale": "o", "preset": "v3_miniature_object"}, 0.3 / 48),
    ],
)
def test_to_scale(photo: Path, parameters: dict[str, Any], height: float) -> None:
    made = make(photo, **parameters)
    assert set(made) == {"EDITED_IMAGE", "3D_MODEL", "SCALED_3D_MODEL", "ARCHIVE"}
    assert load(made["SCALED_3D_MODEL"]).extents[1] == pytest.approx(height, rel=1e-3)


def test_the_archive_is_in_the_multiplied_unit(photo: Path, tmp_path: Path) -> None:
    archive = make(photo, scale="custom", scale_height_cm=5.0)["ARCHIVE"]
    assert archive.path is not None
    with zipfile.ZipFile(archive.path) as packed:
        packed.extractall(tmp_path / "unpacked")
    [obj] = (tmp_path / "unpacked").glob("*.obj")
    vertices = [line.split()[1:4] for line in obj.read_text().splitlines() if line[:2] == "v "]
    assert np.ptp(np.array(vertices, dtype=float)[:, 1]) == pytest.approx(50.0, rel=1e-3)


def test_the_first_presets_stand_on_a_pedestal(photo: Path) -> None:
    with_base = load(make(photo, preset="miniature_human_full_body")["3D_MODEL"])
    assert len(with_base.geometry) == 2
    assert with_base.bounds[0][1] == pytest.approx(0.0, abs=1e-6)
