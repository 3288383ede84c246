"""Volumes of bodies whose figures a textbook gives."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from scripts.sandbox.engines.volume import volume
from tests.sandbox.tool_inputs import work, write_glb


def _heights(mesh: trimesh.Trimesh, tmp_path: Path, **parameters: object) -> list[dict[str, Any]]:
    given = {"target_height": None, "target_heights": None, "unit": "cm", **parameters}
    model = write_glb(tmp_path / "model.glb", mesh)
    [result] = volume(work("volume", tmp_path, {"model": model}, given))
    assert result.path is None
    assert result.metadata["sandbox"]
    heights: list[dict[str, Any]] = result.metadata["heights"]
    return heights


def test_box_at_several_heights(tmp_path: Path) -> None:
    box = trimesh.creation.box([1.0, 2.0, 0.5])
    small, large = _heights(box, tmp_path, target_heights="2, 10")
    assert small["volume_cm3"] == pytest.approx(1.0)
    assert large["volume_cm3"] == pytest.approx(125.0)
    assert large["surface_area_cm2"] == pytest.approx(2 * (5 * 10 + 10 * 2.5 + 5 * 2.5))
    assert large["bounding_box"] == pytest.approx([5.0, 10.0, 2.5])
    hollow = 125.0 - (5 - 0.4) * (10 - 0.4) * (2.5 - 0.4)
    assert large["hollow_shell_cm3"]["2mm"] == pytest.approx(hollow, rel=0.03)


def test_ball_in_inches_and_with_infill(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=4)
    [figures] = _heights(ball, tmp_path, target_height=4.0, unit="in")
    radius = 2 * 2.54
    full = 4 / 3 * np.pi * radius**3
    core = 4 / 3 * np.pi * (radius - 0.12) ** 3
    assert figures["bounding_box"] == pytest.approx([4.0] * 3, rel=1e-3)
    assert figures["volume_cm3"] == pytest.approx(full, rel=0.01)
    assert figures["infill_cm3"]["20%"] == pytest.approx(full - 0.8 * core, rel=0.03)
    shells = figures["hollow_shell_cm3"]
    assert shells["1mm"] < shells["2mm"] < shells["3mm"] < full


def test_without_a_height_the_model_counts_as_it_is(tmp_path: Path) -> None:
    [figures] = _heights(trimesh.creation.box([0.1, 0.2, 0.1]), tmp_path)
    assert figures["target_height"] == pytest.approx(20.0)
    assert figures["volume_cm3"] == pytest.approx(2000.0)


def test_open_models_are_closed_first(tmp_path: Path) -> None:
    box = trimesh.creation.box([1.0, 1.0, 1.0])
    box.update_faces(np.arange(12) != 0)
    [figures] = _heights(box, tmp_path, target_height=1.0)
    assert figures["volume_cm3"] == pytest.approx(1.0)
