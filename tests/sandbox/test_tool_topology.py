"""New topology: mostly quads, the same shape, in every output format."""

from pathlib import Path
from typing import Any

import pytest
import trimesh

from scripts.sandbox.engines.mesh import reading
from scripts.sandbox.engines.topology import topology
from scripts.sandbox.work import Result
from tests.sandbox.tool_inputs import needs_blender, work, write_glb

pytestmark = needs_blender


def _topology(tmp_path: Path, **parameters: object) -> Result:
    model = write_glb(tmp_path / "model.glb", trimesh.creation.capsule(1.0, 0.4))
    given = {
        "file_type": "GLB",
        "polygon_type": "triangle",
        "face_level": "low",
        "output_format": "OBJ",
        **parameters,
    }
    [result] = topology(work("topology", tmp_path, {"model": model}, given))
    assert result.asset_type == "3D_MODEL"
    assert result.metadata["sandbox"]
    return result


def _check_shape(result: Result) -> Any:
    assert result.path is not None
    [mesh] = reading.load(result.path).geometry.values()
    capsule = trimesh.creation.capsule(1.0, 0.4)
    assert mesh.extents == pytest.approx(capsule.extents, rel=0.05)
    assert abs(mesh.volume) == pytest.approx(capsule.volume, rel=0.08)
    return mesh


def test_quadrilaterals_in_obj(tmp_path: Path) -> None:
    result = _topology(tmp_path, polygon_type="quadrilateral")
    _check_shape(result)
    assert result.path is not None
    lines = [line for line in result.path.read_text().splitlines() if line.startswith("f ")]
    quads = sum(len(line.split()) == 5 for line in lines)
    assert quads / len(lines) > 0.95
    assert quads == result.metadata["quads"]
    assert 700 < len(lines) < 2600


def test_quadrilaterals_survive_in_fbx(tmp_path: Path) -> None:
    result = _topology(tmp_path, polygon_type="quadrilateral", output_format="FBX")
    mesh = _check_shape(result)
    # Read back, every quad is two triangles: more of them than faces in the file.
    assert len(mesh.faces) > 1.9 * result.metadata["faces"]


def test_triangles_and_levels_in_stl(tmp_path: Path) -> None:
    low = _check_shape(_topology(tmp_path, output_format="STL"))
    medium = _check_shape(_topology(tmp_path, output_format="STL", face_level="medium"))
    assert low.is_watertight
    assert len(medium.faces) > 1.8 * len(low.faces)
