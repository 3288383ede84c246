"""Several models on one bed: none over its edge, none on another, and how many fit is right."""

import re
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Matrix

from tests.blender.conftest import part
from tests.blender.test_print_check import built, slab

pytestmark = pytest.mark.oldest_and_newest

BED = (100.0, 80.0, 50.0)


def figurine(name: str, sides: tuple[float, float, float]) -> Any:
    mesh = built(slab(sides, (7.0, -3.0, 11.0)))
    return part("blender.background.printing.figurines").Figurine(name, mesh)


def arranged(sides: list[tuple[float, float, float]], **wanted: Any) -> Any:
    figurines = [figurine(f"Box {number}", each) for number, each in enumerate(sides)]
    order = part("printing.orders").Plate(**wanted)
    printer = part("printing.printers").Printer("small", "Small", *BED)
    return part("blender.background.printing.plates").arrange(figurines, order, printer)


def box_of(mesh: bpy.types.Mesh, stand: Matrix) -> tuple[list[float], list[float]]:
    axes = list(zip(*(stand @ vertex.co for vertex in mesh.vertices), strict=True))
    return [min(axis) for axis in axes], [max(axis) for axis in axes]


@pytest.mark.parametrize(
    ("sides", "copies", "spacing"),
    [
        ([(20.0, 20.0, 5.0)], 12, 5.0),
        ([(90.0, 10.0, 5.0), (10.0, 75.0, 5.0), (20.0, 30.0, 5.0)], 1, 2.0),
        ([(40.0, 30.0, 5.0), (12.0, 9.0, 50.0), (5.0, 5.0, 5.0)], 3, 3.0),
        ([(100.0, 80.0, 50.0)], 1, 20.0),
    ],
)
def test_they_stand_apart_and_on_the_bed(
    extension: ModuleType, sides: list[tuple[float, float, float]], copies: int, spacing: float
) -> None:
    plate = arranged(sides, copies=copies, spacing=spacing)
    assert plate.count == len(sides) * copies
    names = [name for one in plate.figurines for name, _ in one.copies]
    assert len(set(names)) == len(names) == plate.count
    boxes = [box_of(one.mesh, stand) for one in plate.figurines for stand in one.stands]
    for number, (low, high) in enumerate(boxes):
        assert all(end >= -0.01 for end in low)
        assert all(end <= room + 0.01 for end, room in zip(high, BED, strict=True))
        assert low[2] == pytest.approx(0.0, abs=1e-4)
        for other_low, other_high in boxes[:number]:
            gaps = [max(low[a] - other_high[a], other_low[a] - high[a]) for a in (0, 1)]
            assert max(gaps) >= spacing - 0.01
    assert plate.sides == pytest.approx(
        [max(high[axis] for _, high in boxes) for axis in (0, 1)], abs=0.01
    )


def test_they_are_turned_where_that_takes_less_room(extension: ModuleType) -> None:
    assert arranged([(10.0, 90.0, 5.0)], copies=5, spacing=5.0).count == 5


def test_copies_share_their_model_in_a_3mf(extension: ModuleType, tmp_path: Path) -> None:
    """And stand where they do in an STL, turned or not."""
    plate = arranged([(10.0, 60.0, 5.0), (30.0, 20.0, 8.0)], copies=2, spacing=3.0)
    assert any(abs(stand[0][1]) == 1.0 for one in plate.figurines for stand in one.stands)
    write = part("blender.background.printing.slicer_files").write
    for suffix in ("3mf", "stl"):
        write(plate.figurines, tmp_path / f"plate.{suffix}")
    with zipfile.ZipFile(tmp_path / "plate.3mf") as package:
        model = package.read("3D/3dmodel.model").decode()
    meshes = {}
    for text in model.split("<object ")[1:]:
        found = re.findall(r'<vertex x="(\S+)" y="(\S+)" z="(\S+)"/>', text)
        meshes[text.split('"')[1]] = np.array(found, dtype=float)
    placed = re.findall(r'<item objectid="(\d+)" transform="([^"]+)"/>', model)
    assert (len(meshes), len(placed)) == (2, 4)
    boxes = []
    for number, transform in placed:
        rows = np.array(transform.split(), dtype=float).reshape(4, 3)
        there = meshes[number] @ rows[:3] + rows[3]
        boxes.append((there.min(axis=0), there.max(axis=0)))
    stl = (tmp_path / "plate.stl").read_bytes()[84:]
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    for corners, (low, high) in zip(
        np.frombuffer(stl, dtype=record)["corners"].reshape(4, -1, 3), boxes, strict=True
    ):
        assert corners.min(axis=0) == pytest.approx(low, abs=1e-3)
        assert corners.max(axis=0) == pytest.approx(high, abs=1e-3)


@pytest.mark.parametrize(("copies", "fit"), [(13, 12), (20, 12)])
def test_how_many_fit_is_said(extension: ModuleType, copies: int, fit: int) -> None:
    failure = part("blender.model.failure").PreparationFailed
    with pytest.raises(failure, match=f"{fit} of {copies} models fit"):
        arranged([(20.0, 20.0, 5.0)], copies=copies, spacing=5.0)


def test_what_is_too_high_is_named(extension: ModuleType) -> None:
    failure = part("blender.model.failure").PreparationFailed
    with pytest.raises(failure, match="Box 1 is too high"):
        arranged([(5.0, 5.0, 5.0), (5.0, 5.0, 51.0)])
