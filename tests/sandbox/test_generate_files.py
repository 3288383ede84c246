"""The files of "rapid", "pro" and "trellis": names, order, contents, textures."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image, ImageDraw

from scripts.sandbox.engines.generate import pro, rapid, trellis
from scripts.sandbox.work import EngineFailed, Result, Work
from tests.results import archive_names, picture_size, texture_of, validated_glb

PRO = {
    "model": "3.0",
    "enable_pbr": False,
    "face_count": 500_000,
    "generate_type": "Normal",
    "polygon_type": "triangle",
}


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A green pear on grey."""
    path = tmp_path_factory.mktemp("photo") / "pear.png"
    picture = Image.new("RGB", (300, 320), (205, 205, 210))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((70, 120, 230, 290), fill=(70, 140, 40))
    draw.ellipse((105, 50, 195, 180), fill=(80, 150, 50))
    picture.save(path)
    return path


def of(results: list[Result], kind: str) -> Path:
    [path] = [r.path for r in results if r.asset_type == kind and r.path is not None]
    return path


def loaded(path: Path) -> trimesh.Trimesh:
    """The scene as one mesh, its vertices welded."""
    mesh: trimesh.Trimesh = trimesh.load_scene(path).to_mesh()
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    return mesh


def image_sizes(path: Path) -> dict[str, tuple[int, int] | None]:
    material = next(iter(trimesh.load_scene(path).geometry.values())).visual.material
    slots = ("baseColorTexture", "metallicRoughnessTexture", "normalTexture")
    images = {slot: getattr(material, slot) for slot in slots}
    return {slot: image.size if image is not None else None for slot, image in images.items()}


def test_rapid_is_one_archive_with_obj_mtl_and_png(tmp_path: Path) -> None:
    [result] = rapid(Work("rapid", {"prompt": "wooden stool"}, {}, tmp_path))
    assert result.asset_type == "ARCHIVE"
    assert result.path is not None
    assert archive_names(result.path) == ["stool.obj", "stool.mtl", "stool.png"]
    assert "procedural stool" in result.metadata["sandbox"]
    with zipfile.ZipFile(result.path) as archive:
        archive.extractall(tmp_path)
        assert "map_Kd stool.png" in archive.read("stool.mtl").decode()
    assert picture_size(tmp_path / "stool.png") == (1024, 1024)
    mesh = trimesh.load(tmp_path / "stool.obj", force="mesh")
    assert isinstance(mesh, trimesh.Trimesh)
    assert 0.4 < mesh.extents[1] < 0.7


def test_a_draft_has_the_same_files_with_less_in_them(tmp_path: Path) -> None:
    work = Work("rapid", {"prompt": "wooden stool"}, {}, tmp_path, draft=True)
    [result] = rapid(work)
    assert result.path is not None
    assert archive_names(result.path) == ["stool.obj", "stool.mtl", "stool.png"]
    with zipfile.ZipFile(result.path) as archive:
        archive.extractall(tmp_path)
    assert picture_size(tmp_path / "stool.png") == (256, 256)


def test_rapid_pbr_adds_maps_and_geometry_drops_all(tmp_path: Path) -> None:
    [pbr] = rapid(Work("rapid", {"prompt": "stool", "enable_pbr": True}, {}, tmp_path))
    assert pbr.path is not None
    maps = {"stool_roughness.png", "stool_metallic.png", "stool_normal.png"}
    assert maps < set(archive_names(pbr.path))
    [plain] = rapid(Work("rapid", {"prompt": "stool", "enable_geometry": True}, {}, tmp_path))
    assert plain.path is not None
    assert archive_names(plain.path) == ["stool.obj", "stool.mtl"]


def test_pro_lists_the_archive_before_the_model(tmp_path: Path) -> None:
    results = pro(Work("pro", PRO | {"prompt": "vase"}, {}, tmp_path))
    assert [r.asset_type for r in results] == ["ARCHIVE", "3D_MODEL"]
    scene = validated_glb(of(results, "3D_MODEL"))
    uv = next(iter(scene.geometry.values())).visual.uv
    assert uv.min() >= 0
    assert uv.max() <= 1
    sizes = image_sizes(of(results, "3D_MODEL"))
    assert sizes["baseColorTexture"] == (2048, 2048)
    assert sizes["normalTexture"] is None


def test_pro_pbr_has_all_maps(tmp_path: Path) -> None:
    results = pro(Work("pro", PRO | {"prompt": "sword", "enable_pbr": True}, {}, tmp_path))
    assert set(image_sizes(of(results, "3D_MODEL")).values()) == {(2048, 2048)}
    material = next(iter(validated_glb(of(results, "3D_MODEL")).geometry.values())).visual.material
    metallic = np.asarray(material.metallicRoughnessTexture)[..., 2]
    assert metallic.max() > 200
    assert metallic.min() < 50


def test_pro_geometry_has_no_texture(tmp_path: Path) -> None:
    results = pro(Work("pro", PRO | {"prompt": "vase", "generate_type": "Geometry"}, {}, tmp_path))
    assert texture_of(validated_glb(of(results, "3D_MODEL"))) is None
    assert archive_names(of(results, "ARCHIVE")) == ["vase.obj", "vase.mtl"]


def test_pro_low_poly_quads_are_quads_in_the_obj(tmp_path: Path) -> None:
    wishes = {"prompt": "crate", "generate_type": "LowPoly", "polygon_type": "quadrilateral"}
    results = pro(Work("pro", PRO | wishes, {}, tmp_path))
    with zipfile.ZipFile(of(results, "ARCHIVE")) as archive:
        lines = archive.read("crate.obj").decode().splitlines()
    corners = [len(line.split()) - 1 for line in lines if line.startswith("f ")]
    assert corners.count(4) > 0.9 * len(corners)
    assert len(corners) < 4_000


def test_the_colour_asked_for_is_in_the_texture(tmp_path: Path) -> None:
    results = pro(Work("pro", PRO | {"prompt": "a blue vase"}, {}, tmp_path))
    red, _, blue = np.asarray(texture_of(validated_glb(of(results, "3D_MODEL")))).mean(axis=(0, 1))
    assert blue > 1.5 * red


@pytest.mark.parametrize("resolution", ["512", "1536"])
def test_trellis_without_textures_is_geometry(tmp_path: Path, photo: Path, resolution: str) -> None:
    [result] = trellis(Work("trellis", {"resolution": resolution}, {"image": photo}, tmp_path))
    assert result.asset_type == "3D_MODEL"
    assert result.path is not None
    assert result.path.name.startswith(f"trellis2_{resolution}_")
    assert result.path.stem.rsplit("_", 1)[1].isdigit()
    assert texture_of(validated_glb(result.path)) is None
    mesh = loaded(result.path)
    assert mesh.is_watertight
    assert mesh.extents[1] == pytest.approx(1.0)
    assert len(mesh.faces) > (8_000 if resolution == "512" else 40_000)


def test_trellis_textures_thumbnail_and_decimation(tmp_path: Path, photo: Path) -> None:
    values: dict[str, Any] = {
        "resolution": "1024",
        "textures": True,
        "texture_size": 1024,
        "decimation_target": 3_000,
        "generate_thumbnail": True,
    }
    results = trellis(Work("trellis", values, {"image": photo}, tmp_path))
    assert [r.asset_type for r in results] == ["3D_MODEL", "IMAGE"]
    assert set(image_sizes(of(results, "3D_MODEL")).values()) == {(1024, 1024)}
    assert len(loaded(of(results, "3D_MODEL")).faces) <= 3_000
    with Image.open(of(results, "IMAGE")) as thumbnail:
        assert thumbnail.size == (400, 400)
        centre = np.asarray(thumbnail.convert("RGBA"))[200, 200]
    assert centre[3] == 255
    assert centre[1] > centre[0] > centre[2]


def test_a_seed_makes_trellis_repeatable(tmp_path: Path, photo: Path) -> None:
    depths = []
    for folder, seed in (("a", 5), ("b", 5), ("c", 700)):
        (tmp_path / folder).mkdir()
        values = {"resolution": "512", "seed": seed}
        [result] = trellis(Work("trellis", values, {"image": photo}, tmp_path / folder))
        assert result.path is not None
        depths.append(loaded(result.path).extents[2])
    assert depths[0] == depths[1] != depths[2]


def test_nothing_to_go_by_and_broken_pictures_fail(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="neither"):
        rapid(Work("rapid", {}, {}, tmp_path))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    with pytest.raises(EngineFailed, match="cannot be read"):
        trellis(Work("trellis", {"resolution": "512"}, {"image": broken}, tmp_path))
