"""The number of triangles of a file, against what an independent library says."""

import struct
import zlib
from pathlib import Path

import pytest
import trimesh

from addon.service.triangles import FBX_MAGIC, count_triangles

MANY = 1_000_000


@pytest.mark.parametrize("kind", ["glb", "gltf", "obj", "stl", "stl_ascii", "ply"])
def test_files_of_each_kind(tmp_path: Path, kind: str) -> None:
    mesh = trimesh.creation.icosphere(subdivisions=2)
    path = tmp_path / f"ball.{kind.partition('_')[0]}"
    if kind == "gltf":
        for name, data in trimesh.Scene(mesh).export(file_type="gltf").items():
            (tmp_path / (path.name if name == "model.gltf" else name)).write_bytes(data)
    else:
        mesh.export(path, file_type=kind)
    assert count_triangles(path, MANY) == len(mesh.faces)
    for length in (0, 3, 15, 50, 90):
        cut = tmp_path / f"cut{path.suffix}"
        cut.write_bytes(path.read_bytes()[:length])
        assert (count_triangles(cut, MANY) or 0) <= len(mesh.faces)


def test_polygons_of_more_corners_are_several_triangles(tmp_path: Path) -> None:
    path = tmp_path / "house.OBJ"
    path.write_text("v 0 0 0\n" * 5 + "f 1 2 3 4\nf 1 2 3 4 5\nf 1 2\n#f 1 2 3\nf\t1 2 3\n")
    assert count_triangles(path, MANY) == 2 + 3 + 1
    assert count_triangles(path, 2) == 2


def test_a_mesh_counts_as_often_as_it_is_shown(tmp_path: Path) -> None:
    box = trimesh.creation.box()
    scene = trimesh.Scene()
    for place in range(3):
        scene.add_geometry(
            box, geom_name="box", transform=trimesh.transformations.translation_matrix([place] * 3)
        )
    scene.export(tmp_path / "boxes.glb")
    assert count_triangles(tmp_path / "boxes.glb", MANY) == 3 * len(box.faces)


def fbx_record(name: bytes, properties: bytes, inner: bytes, start: int, wide: bool) -> bytes:
    form = struct.Struct("<QQQB" if wide else "<IIIB")
    size = form.size + len(name) + len(properties) + len(inner)
    return (
        form.pack(start + size, bool(properties), len(properties), len(name))
        + name
        + (properties + inner)
    )


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_an_fbx(tmp_path: Path, wide: bool, packed: bool) -> None:
    corners = struct.pack("<7i", 0, 1, ~2, 0, 1, 2, ~3)
    data = zlib.compress(corners) if packed else corners
    indices = struct.pack("<cIII", b"i", 7, packed, len(data)) + data
    head = len(FBX_MAGIC) + 4
    outer = (25 if wide else 13) + len(b"Objects")
    inner = (25 if wide else 13) + len(b"Geometry")
    found = fbx_record(b"PolygonVertexIndex", indices, b"", head + outer + inner, wide)
    geometry = fbx_record(b"Geometry", b"", found, head + outer, wide)
    objects = fbx_record(b"Objects", b"", geometry, head, wide)
    path = tmp_path / "a.fbx"
    version = struct.pack("<I", 7700 if wide else 7400)
    path.write_bytes(FBX_MAGIC + version + objects)
    assert count_triangles(path, MANY) == 3
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert count_triangles(path, MANY) in {None, 0, 3}


@pytest.mark.parametrize("name", ["a.zip", "a.usdz", "a.3mf", "a", "missing.glb"])
def test_of_others_nothing_is_known(tmp_path: Path, name: str) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(b"PK")
    assert count_triangles(tmp_path / name, MANY) is None
