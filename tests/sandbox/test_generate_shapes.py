"""Every procedural shape: closed parts on the ground, of believable size, as the prompt says."""

import numpy as np
import pytest
import trimesh

from scripts.sandbox.engines.geometry.surface import Floats
from scripts.sandbox.engines.model import Part
from scripts.sandbox.engines.text_to_model.build import LOW_DETAIL, build_from_prompt
from scripts.sandbox.engines.text_to_model.shapes import SHAPES
from scripts.sandbox.engines.text_to_model.vocabulary import COLOURS

HEIGHTS = {
    # metres, lowest and highest believable
    "chair": (0.8, 1.1),
    "table": (0.4, 0.8),
    "bed": (0.8, 1.2),
    "cup": (0.06, 0.2),
    "sword": (0.9, 1.3),
    "car": (1.2, 1.7),
    "house": (4.5, 9.0),
    "castle": (15.0, 30.0),
    "tree": (3.0, 7.0),
    "figure": (1.6, 2.2),
    "ring": (0.02, 0.04),
    "airplane": (2.0, 12.0),
}


def bounds(parts: list[Part]) -> Floats:
    points = np.concatenate([part.surface.positions for part in parts])
    return np.stack([points.min(axis=0), points.max(axis=0)])


@pytest.mark.parametrize("name", [*SHAPES, "qilin"])
def test_parts_are_closed_and_stand_on_the_ground(name: str) -> None:
    built = build_from_prompt(name, detail=LOW_DETAIL)
    for part in built.parts:
        mesh = trimesh.Trimesh(part.surface.positions, part.surface.triangles, process=False)
        assert mesh.is_watertight, part.name
        assert mesh.volume > 0, part.name
    low, high = bounds(built.parts)
    assert low[1] == pytest.approx(0.0, abs=1e-9)
    assert low[[0, 2]] == pytest.approx(-high[[0, 2]])
    assert "not a neural model" in built.account


@pytest.mark.parametrize("name", HEIGHTS)
def test_real_world_height(name: str) -> None:
    low, high = HEIGHTS[name]
    height = bounds(build_from_prompt(name, detail=LOW_DETAIL).parts)[1][1]
    assert low < height < high


def test_the_same_prompt_gives_the_same_model() -> None:
    first, again = (build_from_prompt("a Wooden  chair").parts for _ in range(2))
    assert all(
        np.array_equal(a.surface.positions, b.surface.positions) and a.finish == b.finish
        for a, b in zip(first, again, strict=True)
    )


def test_another_seed_or_prompt_varies_the_model() -> None:
    sizes = {
        tuple(bounds(build_from_prompt(prompt, seed=seed).parts)[1])
        for prompt, seed in (("chair", None), ("chair", 1), ("chair", 2), ("one chair", None))
    }
    assert len(sizes) == 4


def test_colour_and_material_reach_the_parts() -> None:
    parts = build_from_prompt("a red metal chair").parts
    finishes = {part.finish.material for part in parts if part.name == "legs"}
    assert finishes == {"metal"}
    assert {p.finish.colour for p in parts if p.name == "legs"} == {COLOURS["red"][0]}


def test_a_part_can_have_its_own_colour() -> None:
    parts = build_from_prompt("a red car with a blue roof").parts
    colours = {part.name: part.finish.colour for part in parts}
    assert colours["body"] == COLOURS["red"][0]
    assert colours["cabin"] == COLOURS["blue"][0]


def test_size_words_scale() -> None:
    plain, small = (bounds(build_from_prompt(p).parts)[1][0] for p in ("stool", "small stool"))
    assert small < 0.85 * plain
    low, tall = (bounds(build_from_prompt(p).parts)[1][1] for p in ("snowman", "tall snowman"))
    assert tall > low


def test_low_poly_has_flat_faces_and_few_of_them() -> None:
    fine, coarse = (build_from_prompt(p).parts for p in ("snowman", "low poly snowman"))
    assert all(part.surface.crease == 0 for part in coarse)
    counts = [sum(len(part.surface.triangles) for part in parts) for parts in (fine, coarse)]
    assert counts[1] < counts[0] / 2


@pytest.mark.parametrize("limit", [48, 500, 5_000])
def test_face_limit(limit: int) -> None:
    parts = build_from_prompt("robot", face_count=limit).parts
    assert sum(len(part.surface.triangles) for part in parts) <= limit
    for part in parts:
        mesh = trimesh.Trimesh(part.surface.positions, part.surface.triangles, process=False)
        assert mesh.is_watertight, part.name
