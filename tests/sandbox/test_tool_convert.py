"""Converted files, opened again by readers of their own."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from pxr import Usd, UsdGeom, UsdShade, UsdValidation

from scripts.sandbox.engines.convert import convert
from scripts.sandbox.engines.mesh import reading
from scripts.sandbox.work import EngineFailed, Result
from tests.sandbox.tool_inputs import needs_blender, textured_box, work, write_glb


@pytest.fixture
def two_boxes(tmp_path: Path) -> Path:
    beside = textured_box("blue", "right")
    beside.apply_translation([3.0, 0.0, 0.0])
    return write_glb(tmp_path / "boxes.glb", textured_box("red", "left"), beside)


def _convert(model: Path, tmp_path: Path, **parameters: object) -> Result:
    given = {"max_size": None, "unit": "cm", **parameters}
    [result] = convert(work("convert", tmp_path, {"model": model}, given))
    assert result.metadata["sandbox"]
    return result


def _path(result: Result) -> Path:
    assert result.path is not None
    return result.path


def test_glb_keeps_parts_textures_and_size(two_boxes: Path, tmp_path: Path) -> None:
    scene = trimesh.load_scene(_path(_convert(two_boxes, tmp_path, output_format="glb")))
    assert set(scene.graph.nodes_geometry) == {"left", "right"}
    assert scene.extents == pytest.approx([4.0, 2.0, 0.5])
    red = scene.geometry["left"].visual.material.baseColorTexture
    assert red.convert("RGB").getpixel((40, 40)) == (255, 0, 0)


def test_longest_side_is_set_in_the_unit(two_boxes: Path, tmp_path: Path) -> None:
    result = _convert(two_boxes, tmp_path, output_format="glb", max_size=10.0, unit="in")
    assert max(trimesh.load_scene(_path(result)).extents) == pytest.approx(0.254, rel=1e-5)


def test_sized_stl_is_in_millimetres_and_stands_up(two_boxes: Path, tmp_path: Path) -> None:
    result = _convert(two_boxes, tmp_path, output_format="stl", max_size=40.0, unit="mm")
    solid = trimesh.load_mesh(_path(result))
    assert solid.extents == pytest.approx([40.0, 5.0, 20.0], rel=1e-4)
    assert solid.is_watertight


def test_obj_is_geometry_only_and_obj_zip_brings_textures(two_boxes: Path, tmp_path: Path) -> None:
    plain = _path(_convert(two_boxes, tmp_path, output_format="obj")).read_text()
    assert "mtllib" not in plain
    assert "\nvt " not in plain
    result = _convert(two_boxes, tmp_path, output_format="obj_zip")
    assert result.asset_type == "ARCHIVE"
    with zipfile.ZipFile(_path(result)) as archive:
        material = archive.read("model.mtl").decode()
        pictures = [line.split()[1] for line in material.splitlines() if line.startswith("map_Kd")]
        colours = {
            Image.open(io.BytesIO(archive.read(name))).convert("RGB").getpixel((40, 40))
            for name in pictures
        }
    assert colours == {(255, 0, 0), (0, 0, 255)}


def test_ply_carries_the_texture_as_vertex_colours(two_boxes: Path, tmp_path: Path) -> None:
    ply: Any = trimesh.load_mesh(_path(_convert(two_boxes, tmp_path, output_format="ply")))
    assert ply.visual.kind == "vertex"
    colours = {tuple(colour[:3]) for colour in np.asarray(ply.visual.vertex_colors)}
    assert {(255, 0, 0), (0, 0, 255)} <= colours


def test_3mf_states_millimetres(two_boxes: Path, tmp_path: Path) -> None:
    result = _convert(two_boxes, tmp_path, output_format="3mf", max_size=4.0, unit="cm")
    with zipfile.ZipFile(_path(result)) as archive:
        model = archive.read("3D/3dmodel.model").decode()
    assert 'unit="millimeter"' in model
    xs = [float(x) for x in re.findall(r'<vertex x="([^"]+)"', model)]
    assert max(xs) - min(xs) == pytest.approx(40.0, rel=1e-4)


def test_usdz_is_a_valid_package_with_textures(two_boxes: Path, tmp_path: Path) -> None:
    path = _path(_convert(two_boxes, tmp_path, output_format="usdz"))
    with zipfile.ZipFile(path) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert sum(name.endswith(".png") for name in archive.namelist()) == 2
    stage = Usd.Stage.Open(str(path))
    meshes = [prim for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh)]
    assert {prim.GetDisplayName() for prim in meshes} == {"left", "right"}
    box = UsdGeom.BBoxCache(Usd.TimeCode.Default(), ["default"]).ComputeWorldBound(
        stage.GetDefaultPrim()
    )
    assert list(box.ComputeAlignedRange().GetSize()) == pytest.approx([4.0, 2.0, 0.5])


def test_usdz_keeps_relief_and_metal(tmp_path: Path) -> None:
    box = textured_box("red")
    painted: Any = box.visual
    painted.material.normalTexture = Image.new("RGB", (8, 8), (128, 128, 255))
    painted.material.metallicRoughnessTexture = Image.new("RGB", (8, 8), (0, 80, 255))
    path = _path(_convert(write_glb(tmp_path / "box.glb", box), tmp_path, output_format="usdz"))
    stage = Usd.Stage.Open(str(path))
    [surface] = [
        UsdShade.Shader(prim)
        for prim in stage.Traverse()
        if prim.IsA(UsdShade.Shader) and UsdShade.Shader(prim).GetShaderId() == "UsdPreviewSurface"
    ]
    fed = {
        name: surface.GetInput(name).GetConnectedSources()[0][0].sourceName
        for name in ("diffuseColor", "roughness", "metallic", "normal")
    }
    assert fed == {"diffuseColor": "rgb", "roughness": "g", "metallic": "b", "normal": "rgb"}
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    errors = UsdValidation.ValidationContext(validators).Validate(stage)
    assert [error.GetMessage() for error in errors] == []


@pytest.mark.parametrize("middle", ["obj_zip", "usdz", "3mf", "stl", "ply"])
def test_each_format_comes_back_the_same_size_and_upright(
    two_boxes: Path, tmp_path: Path, middle: str
) -> None:
    there = _path(_convert(two_boxes, tmp_path, output_format=middle))
    back = trimesh.load_scene(_path(_convert(there, tmp_path, output_format="glb")))
    assert back.extents == pytest.approx([4.0, 2.0, 0.5], rel=1e-4)
    if middle in {"obj_zip", "usdz"}:
        pictures = [g.visual.material.baseColorTexture for g in back.geometry.values()]
        colours = {picture.convert("RGB").getpixel((40, 40)) for picture in pictures}
        assert colours == {(255, 0, 0), (0, 0, 255)}


@needs_blender
@pytest.mark.parametrize("kind", ["fbx", "fbx_zip"])
def test_fbx_embeds_textures_or_brings_them_along(
    two_boxes: Path, tmp_path: Path, kind: str
) -> None:
    path = _path(_convert(two_boxes, tmp_path, output_format=kind, max_size=1.0, unit="m"))
    if kind == "fbx":
        data = path.read_bytes()
        assert data.count(b"\x89PNG") == 2
    else:
        with zipfile.ZipFile(path) as archive:
            data = archive.read("model.fbx")
            assert sum(name.startswith("textures/") for name in archive.namelist()) == 2
        assert b"\x89PNG" not in data
    assert data.startswith(b"Kaydara FBX Binary")
    back = trimesh.load_scene(_path(_convert(path, tmp_path, output_format="glb")))
    assert max(back.extents) == pytest.approx(1.0, rel=1e-4)


def test_triangles_of_usd_polygons_with_corner_uvs(tmp_path: Path) -> None:
    path = tmp_path / "quad.usda"
    path.write_text(
        '#usda 1.0\n(\n  upAxis = "Z"\n  metersPerUnit = 0.01\n)\n'
        'def Mesh "Quad" {\n  int[] faceVertexCounts = [4]\n'
        "  int[] faceVertexIndices = [0, 1, 2, 3]\n"
        "  point3f[] points = [(0,0,0), (100,0,0), (100,0,200), (0,0,200)]\n"
        "  texCoord2f[] primvars:st = [(0,0), (1,0), (1,1), (0,1)] "
        '(interpolation = "faceVarying")\n}\n'
    )
    scene = reading.load(path)
    assert scene.area == pytest.approx(2.0)
    assert scene.extents == pytest.approx([1.0, 2.0, 0.0])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.glb", b"glTF\x02\x00\x00\x00garbage"),
        ("empty.obj", b"# nothing\n"),
        ("broken.zip", b"PK\x03\x04garbage"),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
        ("broken.usdz", b"PK\x03\x04garbage"),
        ("broken.stl", b"solid nothing\nfacet\n"),
    ],
)
def test_unreadable_models_fail_with_a_reason(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EngineFailed, match=r"\w"):
        _convert(path, tmp_path, output_format="glb")


def test_archives_that_lead_out_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../escaped.obj", "v 0 0 0\n")
    with pytest.raises(EngineFailed, match="lead out"):
        _convert(path, tmp_path, output_format="glb")
    assert not (tmp_path.parent / "escaped.obj").exists()
