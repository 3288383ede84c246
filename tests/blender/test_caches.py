"""What moves in a USD model goes on doing so without the file, where Blender reads USD."""

from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest
from mathutils import Matrix

from tests.blender import looks
from tests.blender.conftest import part
from tests.blender.test_importer_failures import HAS_USD

FRAMES = (1, 4, 7, 10, 12)

STAGE = """#usda 1.0
(
    upAxis = "Z"
    metersPerUnit = 1
    startTimeCode = 1
    endTimeCode = 12
    timeCodesPerSecond = 24
)
"""
MESH = """
def Mesh "{name}"
{{
    point3f[] {points}
    int[] {counts}
    int[] {corners}
    {more}
}}
"""


def mesh(name: str, **parts: str) -> str:
    """A triangle, or what ``parts`` say."""
    usual = {
        "points": "points = [(0, 0, 0), (1, 0, 0), (0, 0, 1)]",
        "counts": "faceVertexCounts = [3]",
        "corners": "faceVertexIndices = [0, 1, 2]",
        "more": "",
    }
    return MESH.format(name=name, **{**usual, **parts})


def moving(name: str, steps: str, inside: str, kind: str = "translate") -> str:
    """An empty that moves what is in it; its type is that of all such steps: double3."""
    said = "float3" if kind.startswith("rotate") else "double3"
    return f"""
def Xform "{name}"
{{
    {said} xformOp:{kind}.timeSamples = {{ {steps} }}
    uniform token[] xformOpOrder = ["xformOp:{kind}"]
    {inside}
}}
"""


BENT = (
    "points.timeSamples = { 1: [(0, 0, 0), (1, 0, 0), (0, 0, 1)],"
    " 6: [(0, 0, 0), (2, 0, 0), (0, 1, 3)], 12: [(0, 1, 0), (1, 0, 0), (0, 0, 1)] }"
)
SLIDE = "1: (0, 0, 0), 12: (5, 1, 0)"
TURN = "1: (0, 0, 0), 12: (30, 0, 900)"

SCENES = {
    "slides": moving("Arm", SLIDE, mesh("Hand")),
    "turns": moving("Wheel", TURN, mesh("Rim"), "rotateXYZ"),
    "two": moving("Arm", SLIDE, mesh("Hand") + mesh("Glove")),
    "chain": moving(
        "Arm",
        SLIDE,
        mesh("Hand") + moving("Finger", TURN, mesh("Nail", points=BENT), "rotateXYZ"),
    ),
    "bends": mesh("Flag", points=BENT) + mesh("Mast"),
    "still": moving("Arm", "1: (2, 0, 0), 12: (2, 0, 0)", mesh("Hand")),
}


def write(folder: Path, content: str) -> Path:
    file = folder / "model.usda"
    file.write_text(STAGE + content)
    return file


def bring_in(file: Path) -> tuple[Any, Matrix]:
    """The model, and the way it was moved to stand on the origin."""
    model = part("blender.background.preparation").open_model([file], "Thing")
    return model, Matrix.Translation(model.collection[part("blender.model.names").FILE_ORIGIN][:])


def imported(file: Path) -> dict[str, looks.Look]:
    """What Blender's importer alone makes of it, by the names that ours have."""
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.wm.usd_import(filepath=str(file))
    found = looks.seen(FRAMES)
    if len(found) == 1:
        return {"Thing": next(iter(found.values()))}
    return {f"Thing {name}": look for name, look in found.items()}


if HAS_USD:

    @pytest.mark.parametrize("name", SCENES)
    def test_it_moves_as_in_the_file(extension: ModuleType, tmp_path: Path, name: str) -> None:
        file = write(tmp_path, SCENES[name])
        expected = imported(file)
        model, way = bring_in(file)
        file.unlink()
        assert model.left_out == []
        found = looks.seen(FRAMES)
        for look in found.values():
            look.keys = []  # of which the importer makes none
        looks.assert_same(expected, found, way)

    def test_nothing_says_where_the_file_lay(extension: ModuleType, tmp_path: Path) -> None:
        folder = tmp_path / "secret-place"
        folder.mkdir()
        model, _ = bring_in(write(folder, SCENES["chain"] + SCENES["bends"]))
        part("blender.background.preparation").write(model.collection, tmp_path / "out.blend")
        assert not len(bpy.data.cache_files)
        assert b"secret-place" not in (tmp_path / "out.blend").read_bytes()

    def test_polygons_that_change_are_those_of_the_first_frame_with_a_word(
        extension: ModuleType, tmp_path: Path
    ) -> None:
        growing = mesh(
            "Plant",
            points="points.timeSamples = { 1: [(0, 0, 0), (1, 0, 0), (0, 0, 1)],"
            " 6: [(0, 0, 0), (2, 0, 0), (0, 0, 3), (1, 1, 1)] }",
            counts="faceVertexCounts.timeSamples = { 1: [3], 6: [3, 3] }",
            corners="faceVertexIndices.timeSamples = { 1: [0, 1, 2], 6: [0, 1, 2, 0, 2, 3] }",
        )
        model, _ = bring_in(write(tmp_path, growing))
        (plant,) = model.objects
        assert len(plant.data.polygons) == 1
        assert not plant.modifiers
        assert [said["parts"] for said in model.left_out] == [{"name": "Plant"}]

    def test_a_mesh_too_large_for_every_frame_moves_in_fewer_steps(
        extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(part("blender.background.importing.caches"), "MOST_PLACES", 15)
        model, _ = bring_in(write(tmp_path, mesh("Flag", points=BENT)))
        (flag,) = model.objects
        assert len(flag.data.shape_keys.key_blocks) == 5
        assert [said["parts"] for said in model.left_out] == [{"name": "Flag", "n": 5}]
        ends = {round(v.co.y, 4) for f in (1, 12) for v in looks_at(flag, f).vertices}
        assert len(ends) == 2


def looks_at(obj: bpy.types.Object, frame: int) -> Any:
    bpy.context.scene.frame_set(frame)
    return obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
