"""Figurines in the colors of a few filaments: what is painted how, and that no surface changes."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.conftest import part
from tests.blender.test_print_check import ball, box, built, checked, kinds

pytestmark = pytest.mark.oldest_and_newest

NOZZLE = 0.4
RED, BLUE, WHITE, GREEN = "#ff0000", "#0000ff", "#ffffff", "#00ff00"
Shade = Callable[[Any], Any]
"""From (n, 3) places to (n,) numbers of colors."""


def solid_of(mesh: bpy.types.Mesh) -> Any:
    return part("blender.print.solid").solid_of(mesh)


def seen_in(solid: Any, shade: Shade, *palette: str) -> Any:
    """What there is to see of a solid whose color follows from the place."""
    stored = [[int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)] for color in palette]
    light = part("blender.model.colors").to_light(np.array(stored, dtype=np.float32))
    corners = solid.places[solid.triangles]

    def seen(triangles: Any, weights: Any) -> Any:
        places = np.einsum("tc,tcx->tx", weights, corners[triangles])
        return light[shade(places)]

    return seen


def painted(mesh: bpy.types.Mesh, shade: Shade, *palette: str) -> Any:
    solid, filaments = solid_of(mesh), part("blender.print.filaments")
    return filaments.paint(solid, seen_in(solid, shade, *palette), palette, NOZZLE)


def shown(made: Any, *palette: str) -> bpy.types.Mesh:
    mesh: bpy.types.Mesh = part("blender.background.printing.colors").shown("P", made, palette)
    return mesh


def middles(made: Any) -> Any:
    return made.solid.places[made.solid.triangles].mean(axis=1)


def spots(made: Any) -> list[tuple[int, float]]:
    """The color of each spot, and how wide it is."""
    parts = part("blender.print.components")
    solid, edges = made.solid, made.solid.edges
    one, other = edges.neighbors
    same = made.filaments[one] == made.filaments[other]
    number, count = parts.numbered(parts.components(len(solid), one[same], other[same]))
    rims = np.zeros(count)
    for (start, end), at, after in zip(
        edges.ends, edges.starts, [*edges.starts[1:], len(edges.sides)], strict=True
    ):
        faces = edges.sides[at:after] // 3
        if len(set(made.filaments[faces].tolist())) > 1:
            rims[number[faces]] += np.linalg.norm(solid.places[end] - solid.places[start])
    areas = np.bincount(number, solid.doubles / 2)
    colors = [int(made.filaments[number == spot][0]) for spot in range(count)]
    widths = [4 * area / rim if rim else np.inf for area, rim in zip(areas, rims, strict=True)]
    return list(zip(colors, widths, strict=True))


def is_right(places: Any) -> Any:
    return (places[:, 0] > 0.1).astype(int)


@pytest.mark.parametrize("turn", [0.0, 0.3])
def test_paint_follows_an_edge_through_large_faces(extension: ModuleType, turn: float) -> None:
    """A cube of twelve triangles; the edge between red and blue lies across its faces."""
    mesh = built(box())

    def shade(places: Any) -> Any:
        return (places[:, 0] + turn * places[:, 1] > 1.234).astype(int)

    made = painted(mesh, shade, RED, BLUE)
    after = checked(shown(made, RED, BLUE))
    assert kinds(after) == set()
    assert after.figures["volume"] == pytest.approx(8000.0)
    assert after.figures["surface"] == pytest.approx(2400.0)
    places = middles(made)
    above = places[:, 2] > -10.0 + NOZZLE
    wrong = made.filaments[above] != shade(places[above])
    assert np.abs(places[above][wrong] @ (1.0, turn, 0.0) - 1.234).max(initial=0.0) < 2 * NOZZLE
    assert made.solid.doubles[above][wrong].sum() / 2 < 0.01 * 2400.0
    assert len(made.solid) < 4000


def test_the_foot_has_one_color(extension: ModuleType) -> None:
    """That of most of it; above the foot the edge goes on as it was."""
    mesh = built(box())
    made = painted(mesh, is_right, RED, BLUE)
    places = made.solid.places[made.solid.triangles]
    foot = places[:, :, 2].max(axis=1) <= -10.0 + NOZZLE + 1e-9
    across = (places[:, :, 2].min(axis=1) < -10.0 + NOZZLE - 1e-9) & ~foot
    assert not across.any()
    assert set(made.filaments[foot].tolist()) == {0}
    assert made.solid.doubles[foot].sum() / 2 == pytest.approx(400.0 + 80.0 * NOZZLE)
    assert made.areas(2)[1] == pytest.approx(1200 - 200 - 40 * NOZZLE, rel=0.02)


def test_one_color_leaves_everything_as_it_is(extension: ModuleType) -> None:
    mesh = built(box())
    made = painted(mesh, lambda places: np.zeros(len(places), dtype=int), RED, BLUE)
    assert len(made.solid) == 12
    assert made.areas(2).tolist() == pytest.approx([2400.0, 0.0])


@pytest.mark.parametrize(("across", "count"), [(0.2, 0), (1.6, 1)])
def test_dots_that_no_nozzle_prints_go(extension: ModuleType, across: float, count: int) -> None:
    mesh = built(box(4.0))
    made = painted(
        mesh,
        lambda places: (np.hypot(places[:, 0], places[:, 1] - 0.3) < across / 2) * 1,
        WHITE,
        RED,
    )
    # On the foot, where the dot comes out again, it gives way to the one color that is there.
    assert [color for color, _ in spots(made)].count(1) == count


def test_noise_becomes_spots_that_print(extension: ModuleType) -> None:
    mesh = built(ball(4.0))
    solid, random = solid_of(mesh), np.random.default_rng(7)
    of_triangle = random.integers(0, 4, len(solid))
    palette = (WHITE, RED, BLUE, GREEN)
    light = np.array([[1, 1, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0]], dtype=np.float32)
    paint = part("blender.print.filaments").paint
    made = paint(solid, lambda which, _: light[of_triangle[which]], palette, NOZZLE)
    assert min(width for _, width in spots(made)) >= NOZZLE
    assert len(set(made.filaments.tolist())) == len(palette)
    assert kinds(checked(shown(made, *palette))) == set()


def thirds(places: Any) -> Any:
    """Three bands of a ball's height, whose surfaces are 0.6, 0.3 and 0.1 of its."""
    return np.digitize(places[:, 2] / 30.0 + 0.5, [0.6, 0.9])


@pytest.mark.parametrize("count", [2, 3, 8])
def test_a_palette_is_found(extension: ModuleType, count: int) -> None:
    filaments = part("blender.print.filaments")
    solid = solid_of(built(ball(15.0)))
    colors = ("#f0e0d0", "#204060", "#806020")
    models = [(solid, seen_in(solid, thirds, *colors))]
    found = filaments.find_palette(models, count, NOZZLE)
    assert found == filaments.find_palette(models, count, NOZZLE)
    if count == 2:
        assert found[0] == colors[0]
    else:
        assert found == list(colors)
    made = filaments.paint(solid, models[0][1], found, NOZZLE)
    shares = made.areas(len(found)) / made.areas(len(found)).sum()
    assert shares == pytest.approx([0.6, 0.4] if count == 2 else [0.6, 0.3, 0.1], abs=0.02)


def test_what_looks_alike_goes_together(extension: ModuleType) -> None:
    """In what is seen: two greens are further apart in numbers than dark and darker blue."""
    solid = solid_of(built(box()))
    seen = seen_in(solid, lambda places: (places[:, 2] > 0) * 1, "#203050", "#38b038")
    made = part("blender.print.filaments").paint(solid, seen, ("#404040", "#60ff60"), NOZZLE)
    assert set(made.filaments[middles(made)[:, 2] > 1.0].tolist()) == {1}
    assert set(made.filaments[middles(made)[:, 2] < -1.0].tolist()) == {0}


def test_no_more_triangles_than_a_slicer_takes(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part("blender.print.filaments"), "MOST_TRIANGLES", 500)

    def checkers(places: Any) -> Any:
        return np.floor(places + 0.05).astype(int).sum(axis=1) % 2

    made = painted(built(box()), checkers, RED, BLUE)
    assert 200 < len(made.solid) <= 600
    assert checked(shown(made, RED, BLUE)).figures["watertight"]


def test_textures_and_painted_vertices_are_seen(extension: ModuleType) -> None:
    """One palette for two models: one with a picture of two colors, one with a painted corner."""
    picture = bpy.data.images.new("Two", 8, 8)
    pixels = np.ones((8, 8, 4), dtype=np.float32)
    pixels[:, :4] = (0.0, 0.0, 1.0, 1.0)
    pixels[:, 4:] = (1.0, 0.0, 0.0, 1.0)
    picture.pixels.foreach_set(pixels.ravel())
    picture.pack()
    material = bpy.data.materials.new("Two")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    texture = nodes.new("ShaderNodeTexImage")
    texture.image = picture
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    material.node_tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    textured, vertices = built(box()), built(box())
    textured.materials.append(material)
    layer = textured.uv_layers.new()
    for loop in textured.loops:
        place = textured.vertices[loop.vertex_index].co
        layer.data[loop.index].uv = (0.5 + place.x * 0.04, 0.5 + place.z * 0.04)
    attribute = vertices.color_attributes.new("Color", "FLOAT_COLOR", "CORNER")
    for polygon in vertices.polygons:
        color = (0.0, 1.0, 0.0, 1.0) if polygon.normal.z > 0.5 else (0.0, 0.0, 1.0, 1.0)
        for loop in polygon.loop_indices:
            attribute.data[loop].color = color
    colors = part("blender.background.printing.colors")
    wanted = part("printing.orders").Colors(palette=(BLUE, RED, GREEN))
    palette, (first, second) = colors.paint_all([textured, vertices], wanted, NOZZLE)
    assert palette == [BLUE, RED, GREEN]
    assert first.areas(3) == pytest.approx([1200 + 216, 1200 - 216, 0.0], rel=0.05)
    assert second.areas(3) == pytest.approx([2000.0, 0.0, 400.0])
    shares = {one["color"]: one["share"] for one in colors.shares_of(palette, [first, second])}
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.001)
    assert shares[GREEN] == pytest.approx(400 / 4800, abs=0.001)


def test_filaments_are_written_as_slicers_have_them(extension: ModuleType) -> None:
    code = part("blender.print.painted_three_mf").paint_code
    codes = [code(extruder) for extruder in range(1, 9)]
    assert codes == ["4", "8", "0C", "1C", "2C", "3C", "4C", "5C"]


def test_each_model_is_an_object_of_its_own(extension: ModuleType, tmp_path: Path) -> None:
    """With its name, on the same bed, and the triangles of each filament."""
    files = part("blender.background.printing.slicer_files")
    figurine = part("blender.background.printing.figurines").Figurine
    meshes = [built(box()), built(box(10.0, (40.0, 0.0, -5.0)))]
    made = [painted(mesh, is_right, RED, BLUE) for mesh in meshes]
    figurines = [figurine(name, mesh) for name, mesh in zip(("A & B", "C"), meshes, strict=True)]
    files.write_painted(figurines, tmp_path / "two.3mf", [RED, BLUE], made)
    with zipfile.ZipFile(tmp_path / "two.3mf") as package:
        root = package.read("3D/3dmodel.model").decode()
        objects = [package.read(f"3D/Objects/object_{n}.model").decode() for n in (1, 2)]
        related = package.read("3D/_rels/3dmodel.model.rels").decode()
    assert re.findall('type="model" name="(.*?)"', root) == ["A &amp; B", "C"]
    assert re.findall('p:path="(.*?)"', root) == re.findall('Target="(.*?)"', related)
    assert set(re.findall('transform="(.*?)"', root)) == {
        "1 0 0 0 1 0 0 0 1 10.00000 10.00000 10.00000"
    }
    for one, text in zip(made, objects, strict=True):
        blue = int((one.filaments == 1).sum())
        assert text.count("<triangle ") == len(one.solid)
        assert text.count('slic3rpe:mmu_segmentation="8"') == blue
        assert text.count('paint_color="8"') == text.count('p1="1"') == blue
    every = re.findall('UUID="(.*?)"', root + objects[0] + objects[1])
    assert len(set(every)) == len(every) == 9
