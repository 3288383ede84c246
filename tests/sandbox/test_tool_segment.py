"""Segmented models: separate, complete and in place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from scripts.sandbox.engines.segment import segment
from tests.sandbox.tool_inputs import textured_box, work, write_glb


def _segment(tmp_path: Path, *meshes: trimesh.Trimesh) -> tuple[dict[str, Any], list[Any]]:
    model = write_glb(tmp_path / "model.glb", *meshes)
    [result] = segment(work("segment", tmp_path, {"model": model}, {}))
    assert result.path is not None
    scene = trimesh.load_scene(result.path)
    assert set(scene.graph.nodes_geometry) == set(result.metadata["parts"])
    pieces: list[Any] = [scene.geometry[name] for name in result.metadata["parts"]]
    assert sum(len(piece.faces) for piece in pieces) == sum(len(mesh.faces) for mesh in meshes)
    return result.metadata, pieces


def test_loose_pieces_become_parts_with_their_texture(tmp_path: Path) -> None:
    left, right = textured_box("red"), textured_box("red", extents=(0.5, 0.5, 0.5))
    right.apply_translation([3.0, 0.0, 0.0])
    together = trimesh.Trimesh(
        np.concatenate([left.vertices, right.vertices]),
        np.concatenate([left.faces, right.faces + len(left.vertices)]),
        process=False,
    )
    seen: Any = left.visual
    together.visual = trimesh.visual.TextureVisuals(
        np.concatenate([seen.uv, seen.uv]), material=seen.material
    )
    note, (large, small) = _segment(tmp_path, together)
    assert "loose pieces" in note["sandbox"]
    assert large.extents == pytest.approx([1.0, 2.0, 0.5])
    assert small.bounds[0] == pytest.approx([2.75, -0.25, -0.25])
    for part in (large, small):
        assert part.visual.material.baseColorTexture.getpixel((40, 40))[:3] == (255, 0, 0)
        assert part.visual.uv.shape == (len(part.vertices), 2)


def test_a_welded_stem_parts_at_the_crease(tmp_path: Path) -> None:
    foot, stem = trimesh.creation.box([2, 0.4, 2]), trimesh.creation.box([0.5, 2, 0.5])
    stem.apply_translation([0, 1.1, 0])
    welded = trimesh.boolean.union([foot, stem], engine="manifold")
    note, pieces = _segment(tmp_path, welded)
    assert "concave creases" in note["sandbox"]
    assert len(pieces) == 2
    assert sorted(piece.extents[0] for piece in pieces) == pytest.approx([0.5, 2.0])


def test_a_smooth_body_is_divided_into_regions(tmp_path: Path) -> None:
    note, pieces = _segment(tmp_path, trimesh.creation.capsule(2.0, 0.4))
    assert "compact regions" in note["sandbox"]
    assert len(pieces) == 4


def test_meshes_without_borders_stay_whole_in_company(tmp_path: Path) -> None:
    beside = textured_box("blue", "right")
    beside.apply_translation([3.0, 0.0, 0.0])
    note, pieces = _segment(tmp_path, textured_box("red", "left"), beside)
    assert note["parts"] == ["left_part_01", "right_part_01"]
    assert [len(piece.faces) for piece in pieces] == [12, 12]
