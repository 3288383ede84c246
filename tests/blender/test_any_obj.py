"""Any archive of OBJ files, brought in our way, looks as its plain twin does by Blender's importer.

The twin names its files in the simplest way, and nothing that is not there.
"""

import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import bpy
import pytest
from hypothesis import given
from mathutils import Matrix, Vector

from tests.blender import looks
from tests.blender.any_obj import (
    SHAPES,
    AnyArchive,
    Material,
    ObjFile,
    Part,
    Texture,
    Writing,
    archives,
)
from tests.blender.conftest import part
from tests.blender.examples import empty, tried
from tests.blender.gltf_scenes import png
from tests.blender.photographs import assert_alike, photograph

FRAMES = (1,)
NORMALS = ("map_Bump", "bump", "norm", "map_Pn")


class Worn(NamedTuple):
    """A material: what its color comes from, and what the file says of it."""

    base: Any
    meant: Material | None


def imported(archive: AnyArchive, folder: Path) -> tuple[dict[str, looks.Look], dict[str, Worn]]:
    """What Blender's importer alone makes of it, and what each material is to show."""
    bpy.ops.wm.read_homefile(use_empty=True)
    told: dict[str, Worn] = {}
    for file, path in zip(archive.files, archive.write_plainly(folder), strict=True):
        before = set(bpy.data.materials)
        bpy.ops.wm.obj_import(filepath=str(path))
        for material in set(bpy.data.materials) - before:
            known = [one for one in file.materials if material.name.startswith(one.name)]
            meant = max(known, key=lambda one: len(one.name), default=None)
            told[material.name] = Worn(base_of(material), meant)
    return looks.seen(FRAMES), told


def base_of(material: Any) -> Any:
    """What makes the color of a material that an OBJ importer made."""
    shader = material.node_tree.nodes["Principled BSDF"]
    return looks.socket_look(shader.inputs["Base Color"])


def picture_at(material: Any, name: str) -> tuple[Any, ...] | None:
    """The picture that is somewhere behind that input of the shader."""
    waiting = [material.node_tree.nodes["Principled BSDF"].inputs[name]]
    while waiting:
        for link in waiting.pop().links:
            if link.from_node.type == "TEX_IMAGE":
                return looks.image_look(link.from_node.image)
            waiting += link.from_node.inputs
    return None


def unpacked(archive: Path, folder: Path) -> list[Path]:
    """The files that a job would be prepared from."""
    contents = part("service.archives").unpack(archive, folder, "unpacked").files
    file = part("jobs.job").ResultFile(archive, "ARCHIVE", contents=tuple(contents))
    found: list[Path] = part("jobs.results").model_files(None, [file])
    return found


def prepared(files: list[Path], root: Path) -> tuple[dict[str, looks.Look], Any, list[Any]]:
    """What is seen of ours, how it was moved, and what was left out."""
    bpy.ops.wm.read_homefile(use_empty=True)
    model = part("blender.background.preparation").import_files(files, "Thing", root=root)
    way = model.collection[part("blender.model.names").FILE_ORIGIN]
    return looks.seen(FRAMES), way, [said["parts"]["name"] for said in model.left_out]


@tried(40)
@given(archive=archives())
def test_any_archive(extension: ModuleType, archive: AnyArchive) -> None:
    with empty() as folder:
        original, told = imported(archive, folder / "plain")
        (folder / "job").mkdir()
        files = unpacked(archive.write_as_delivered(folder / "job" / "a.zip"), folder / "job")
        assert [file.stem for file in files] == [file.stem for file in archive.files]
        copy, way, left_out = prepared(files, folder / "job")
        ours = looks.names_of_ours(original)
        original = {ours[name]: look for name, look in original.items()}
        looks.assert_same(original, copy, Matrix.Translation(Vector(way)), materials=False)
        assert_dressed(told, original, copy)
        assert set(left_out) == lost(archive)


def lost(archive: AnyArchive) -> set[str]:
    """What is to be told that it was left out."""
    textures = {
        texture.said
        for file in archive.files
        for one in file.materials
        for texture in one.textures
        if texture.data is None
    }
    gone = any("gone" in file.statement for file in archive.files)
    return textures | ({"gone.mtl"} if gone else set())


def assert_dressed(
    told: dict[str, Worn], original: dict[str, looks.Look], copy: dict[str, looks.Look]
) -> None:
    """Every polygon wears the material it has in the file, with its color and its pictures."""
    worn = looks.names_of_ours({name for look in original.values() for name in look.worn if name})
    for name, look in original.items():
        assert copy[name].worn == [one and worn[one] for one in look.worn]
    for name in worn:
        material = bpy.data.materials[worn[name]]
        assert base_of(material) == told[name].base, name
        meant = told[name].meant
        if meant is not None:
            assert_shows(material, "Normal", meant.picture(*NORMALS))
            assert_shows(material, "Roughness", meant.picture("map_Pr"))


def assert_shows(material: Any, name: str, picture: bytes | None) -> None:
    """The input has that picture, as numbers, or none."""
    found = picture_at(material, name)
    if picture is None:
        assert found is None
        return
    assert found is not None, f"{material.name} lacks {name}"
    size, space, pixels = found
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "meant.png"
        file.write_bytes(picture)
        image = bpy.data.images.load(str(file))
        image.colorspace_settings.name = "Non-Color"
        assert (size, space, pixels) == looks.image_look(image)
        bpy.data.images.remove(image)


def crate(name: str, writing: Writing, statement: str, library: str, said: str) -> AnyArchive:
    """A box with a picture of two colors on every side."""
    places, faces = SHAPES[-1]
    corners = tuple(tuple((n, n, None) for n in face) for face in faces)
    picture, place = png((255, 0, 0), (0, 0, 255)), f"out/{said.replace(chr(92), '/')}"
    texture = Texture("map_Kd", "", said, place, picture)
    body = Part("o Body", tuple(places), corners, len(places), 0, name, "")
    paint = Material(name, (1.0, 1.0, 1.0), (texture,))
    file = ObjFile("model", (body,), (paint,), statement, library)
    return AnyArchive(
        (file,), writing, "out/", of_the_mac=True, others_first=True, pictures={place: picture}
    )


CRATES = {
    "dot and slash": crate("Paint", Writing(), "mtllib ./model.mtl", "model.mtl", "paint.png"),
    "folders": crate(
        "Paint",
        Writing(newline="\r\n", continued=True, from_the_end=True),
        "mtllib mats\\model.mtl",
        "mats/model.mtl",
        "mats\\paint.png",
    ),
    "letters": crate("Grün", Writing("cp1252"), "mtllib", "model.mtl", "grün 1.png"),
}


@pytest.mark.parametrize("name", CRATES)
def test_it_makes_the_same_picture(extension: ModuleType, tmp_path: Path, name: str) -> None:
    archive = CRATES[name]
    original, _ = imported(archive, tmp_path / "plain")
    low, high = looks.bounds(original.values())
    before = photograph(low, high)
    (tmp_path / "job").mkdir()
    files = unpacked(archive.write_as_delivered(tmp_path / "job" / "a.zip"), tmp_path / "job")
    _, way, left_out = prepared(files, tmp_path / "job")
    assert left_out == []
    assert_alike(before, photograph(low, high, Matrix.Translation(Vector(way))))
