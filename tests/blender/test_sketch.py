"""The small picture of a result, drawn without a renderer, shows what a renderer shows."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.conftest import part

SIDE = 160
BLOCKS = 20


@pytest.fixture
def sketch(extension: ModuleType) -> Any:
    return part("blender.background.pictures.sketch")


def painted(name: str, paint: Callable[[Any, Any], Any], side: int = 32) -> bpy.types.Image:
    """A packed picture; ``paint`` gives (..., 4) for how far to the right and up, 0 to 1."""
    up, right = (np.mgrid[0:side, 0:side] + 0.5) / side
    image = bpy.data.images.new(name, side, side, alpha=True)
    image.pixels.foreach_set(np.asarray(paint(right, up), dtype=np.float32).ravel())
    image.pack()
    return image


def four_colors(right: Any, up: Any) -> Any:
    """Red, green, blue and white, each in its corner."""
    table = np.array([[(0.9, 0.1, 0.1, 1), (0.1, 0.7, 0.1, 1)], [(0.1, 0.1, 0.9, 1), (1, 1, 1, 1)]])
    return table[(up > 0.5).astype(int), (right > 0.5).astype(int)]


def leaf(right: Any, up: Any) -> Any:
    inside = (right - 0.5) ** 2 + (up - 0.5) ** 2 < 0.15
    return np.stack([0.2 + 0 * up, 0.7 + 0 * up, 0.1 + 0 * up, inside], axis=-1)


class Paint:
    """A material that is put together node by node."""

    def __init__(self, **inputs: Any) -> None:
        self.material = bpy.data.materials.new("Paint")
        self.material.use_nodes = True
        self.tree: Any = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        for name, value in inputs.items():
            self.shader.inputs[name.replace("_", " ")].default_value = value

    def node(self, kind: str, **settings: Any) -> Any:
        made = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in settings.items():
            setattr(made, name, value)
        return made

    def link(self, output: Any, name: str = "Base Color") -> "Paint":
        self.tree.links.new(output, self.shader.inputs[name])
        return self


def pictured() -> Paint:
    """With a picture that repeats, turned, and a factor: as importers build it."""
    paint = Paint()
    place = paint.node("Mapping")
    place.inputs["Scale"].default_value = (2.0, 1.0, 1.0)
    place.inputs["Rotation"].default_value = (0.0, 0.0, 0.5)
    place.inputs["Location"].default_value = (0.2, 0.1, 0.0)
    paint.tree.links.new(paint.node("UVMap", uv_map="UVMap").outputs[0], place.inputs[0])
    picture = paint.node("TexImage", image=painted("Colors", four_colors))
    paint.tree.links.new(place.outputs[0], picture.inputs[0])
    mix = paint.node("Mix", data_type="RGBA", blend_type="MULTIPLY")
    mix.inputs[0].default_value = 1.0
    paint.tree.links.new(picture.outputs[0], mix.inputs[6])
    mix.inputs[7].default_value = (1.0, 0.8, 0.6, 1.0)
    return paint.link(mix.outputs[2])


def leaves() -> Paint:
    paint = Paint()
    picture = paint.node("TexImage", image=painted("Leaf", leaf))
    return paint.link(picture.outputs[0]).link(picture.outputs[1], "Alpha")


def colored() -> Paint:
    paint = Paint()
    return paint.link(paint.node("VertexColor", layer_name="Color").outputs[0])


def unlit() -> Paint:
    paint = Paint()
    glow = paint.node("Emission")
    glow.inputs["Color"].default_value = (0.1, 0.4, 0.6, 1.0)
    output = paint.tree.get_output_node("ALL")
    paint.tree.links.new(glow.outputs[0], output.inputs["Surface"])
    return paint


def stand(made: bpy.types.Object, *paints: Paint) -> bpy.types.Object:
    for paint in paints:
        made.data.materials.append(paint.material)
    return made


def ball(place: Any, *paints: Paint) -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=24, ring_count=12, location=place)
    bpy.ops.object.shade_smooth()
    return stand(bpy.context.object, *paints)


def cube(place: Any, *paints: Paint) -> bpy.types.Object:
    bpy.ops.mesh.primitive_cube_add(size=1.6, location=place)
    return stand(bpy.context.object, *paints)


def everything() -> list[bpy.types.Object]:
    bpy.ops.mesh.primitive_cylinder_add(vertices=12, radius=0.8, depth=1.6, location=(0, 0, 0))
    drum = stand(bpy.context.object, Paint(Base_Color=(0.8, 0.2, 0.1, 1)), pictured())
    for polygon in drum.data.polygons:
        polygon.material_index = int(len(polygon.vertices) > 4)
    bright = ball((4, 0, 0), colored())
    layer = bright.data.color_attributes.new("Color", "FLOAT_COLOR", "POINT")
    for point, vertex in zip(layer.data, bright.data.vertices, strict=True):
        point.color = (*[0.5 + 0.5 * side for side in vertex.co.normalized()], 1.0)
    mirrored = cube((0, 0, 2), pictured())
    mirrored.scale = (-1.0, 1.0, 0.7)
    bpy.ops.mesh.primitive_plane_add(size=1.6, location=(2, -1, 2), rotation=(1.2, 0, 0.3))
    plane = stand(bpy.context.object, leaves())
    glowing = Paint(Base_Color=(0, 0, 0, 1), Emission_Color=(0.6, 0.1, 0.3, 1), Emission_Strength=1)
    return [
        drum,
        bright,
        mirrored,
        plane,
        cube((2, 0, 0), pictured()),
        cube((4, 0, 2), glowing),
        ball((2, 1, 2), unlit()),
        ball((0, 0, 4)),
        cube((4, 0, 4), Paint(Base_Color=(0.2, 0.3, 0.8, 1), Alpha=0.5)),
    ]


def pixels(file: Path) -> Any:
    """(height, width, 4), colors as far as they cover what is behind."""
    image: Any = bpy.data.images.load(str(file))
    found = np.array(image.pixels[:]).reshape(image.size[1], image.size[0], 4)
    bpy.data.images.remove(image)
    found[..., :3] *= found[..., 3:]
    return found


def blocks(picture: Any) -> Any:
    """(BLOCKS, BLOCKS, 4) means."""
    edges = np.linspace(0, len(picture), BLOCKS + 1).astype(int)
    sums = np.add.reduceat(np.add.reduceat(picture, edges[:-1], axis=0), edges[:-1], axis=1)
    sizes = np.diff(edges)
    return sums / (sizes[:, None] * sizes)[..., None]


def test_it_shows_what_a_renderer_shows(
    sketch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = part("blender.background.pictures.preview")
    monkeypatch.setattr(preview, "SAMPLES", 8)
    monkeypatch.setattr(preview, "SIZE", SIDE)
    objects = everything()
    bpy.context.view_layer.update()
    before = {name: len(getattr(bpy.data, name)) for name in ("images", "meshes", "materials")}
    sketch.draw(objects, tmp_path / "sketch.png")
    after = {name: len(getattr(bpy.data, name)) for name in before}
    assert after == before
    preview.render(objects, tmp_path / "render.png")
    drawn, rendered = (pixels(tmp_path / f"{name}.png") for name in ("sketch", "render"))
    assert drawn.shape == (SIDE, SIDE, 4)
    apart = np.abs(blocks(drawn) - blocks(rendered))
    assert apart[..., 3].max() < 0.05
    assert apart[..., :3].mean() < 0.012
    assert np.percentile(apart[..., :3], 97) < 0.08  # shadows are left out


def test_what_moves_the_vertices_is_seen(sketch: Any, tmp_path: Path) -> None:
    still = cube((0, 0, 0))
    sketch.draw([still], tmp_path / "still.png")
    still.shape_key_add(name="Basis")
    key = still.shape_key_add(name="High")
    for point in key.data:
        point.co.z *= 3.0
    key.value = 1.0
    bpy.context.view_layer.update()
    sketch.draw([still], tmp_path / "high.png")
    wide = [
        np.ptp(np.nonzero(pixels(tmp_path / f"{name}.png")[..., 3])[1])
        for name in ("still", "high")
    ]
    assert wide[1] < 0.8 * wide[0]


def test_a_dense_mesh_looks_as_smooth_as_a_coarse_one(
    sketch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dense = ball((0, 0, 0), colored())
    dense.scale = (1, 2, 1)
    sketch.draw([dense], tmp_path / "asked.png")
    monkeypatch.setattr(sketch, "MANY", 0)
    sketch.draw([dense], tmp_path / "made.png")
    asked, made = (pixels(tmp_path / f"{name}.png") for name in ("asked", "made"))
    assert np.abs(asked - made).mean() < 0.002
    assert np.abs(blocks(asked) - blocks(made)).max() < 0.05


def test_what_is_finer_than_the_pixels_covers_as_much(
    sketch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blades of grass each of which is smaller than the part of a pixel that is looked at."""
    chance = np.random.default_rng(1)
    roots = chance.random((20_000, 1, 3)) * (1.0, 1.0, 0.1)
    places = (roots + 0.004 * chance.random((20_000, 3, 3))).reshape(-1, 3)
    mesh = bpy.data.meshes.new("Grass")
    mesh.from_pydata(places.tolist(), [], np.arange(60_000).reshape(-1, 3).tolist())
    grass = bpy.data.objects.new("Grass", mesh)
    bpy.context.scene.collection.objects.link(grass)
    bpy.context.view_layer.update()
    sketch.draw([grass], tmp_path / "grass.png")
    monkeypatch.setattr(sketch, "FINER", 8)
    sketch.draw([grass], tmp_path / "finer.png")
    grown, finer = (pixels(tmp_path / f"{name}.png")[..., 3].sum() for name in ("grass", "finer"))
    assert grown == pytest.approx(finer, rel=0.05)


def test_only_pictures_of_colours_are_read(
    sketch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = Paint()
    read, unread = painted("Read", four_colors), painted("Unread", four_colors)
    for name, image in (("Base Color", read), ("Roughness", unread), ("Metallic", unread)):
        paint.link(paint.node("TexImage", image=image).outputs[0], name)
    colors = part("blender.background.pictures.surface_colors")
    found: list[str] = []

    def noting(image: bpy.types.Image) -> Any:
        found.append(image.name)
        return read_it(image)

    read_it = colors._read
    monkeypatch.setattr(colors, "_read", noting)
    sketch.draw([cube((0, 0, 0), paint)], tmp_path / "cube.png")
    assert found == [read.name]


@pytest.mark.parametrize("faces", [[], [(0, 1, 2)]])
def test_where_there_is_nothing_to_see_there_is_no_picture(
    sketch: Any, tmp_path: Path, faces: list[tuple[int, int, int]]
) -> None:
    """Points alone, and a triangle two of whose corners are at one place."""
    mesh = bpy.data.meshes.new("Points")
    mesh.from_pydata([(0, 0, 0), (1, 0, 1), (1, 0, 1)], [], faces)
    points = bpy.data.objects.new("Points", mesh)
    bpy.context.scene.collection.objects.link(points)
    bpy.context.view_layer.update()
    sketch.draw([points], tmp_path / "points.png")
    assert not (tmp_path / "points.png").exists()


@pytest.mark.parametrize("place", [(1e4, 0.0, 0.0), (float("nan"), 0.0, 0.0)])
@pytest.mark.parametrize("size", [1e-11, 1.0, 1e24])
def test_the_picture_is_filled_with_what_can_be_seen(
    sketch: Any, tmp_path: Path, place: tuple[float, float, float], size: float
) -> None:
    """Of any size, and whatever points there are that no face has."""
    box = cube((0, 0, 0))
    for vertex in box.data.vertices:
        vertex.co *= size
    box.data.vertices.add(1)
    box.data.vertices[-1].co = [side * size for side in place]
    sketch.draw([box], tmp_path / "box.png")
    assert pixels(tmp_path / "box.png")[..., 3].mean() == pytest.approx(0.45, abs=0.02)


def circle() -> Paint:
    """Nodes that feed each other, and one whose way to the surface doubles with each node."""
    paint = Paint()
    one, other = paint.node("MixRGB"), paint.node("MixRGB")
    paint.tree.links.new(one.outputs[0], other.inputs[1])
    paint.tree.links.new(other.outputs[0], one.inputs[1])
    last = other
    for _ in range(24):
        mix = paint.node("MixRGB")
        for socket in mix.inputs[1:]:
            paint.tree.links.new(last.outputs[0], socket)
        last = mix
    return paint.link(last.outputs[0])


def place_as_color() -> Paint:
    paint = Paint()
    return paint.link(paint.node("UVMap").outputs[0])


@pytest.mark.parametrize("make", [circle, place_as_color])
def test_there_is_a_picture_whatever_the_nodes(
    sketch: Any, tmp_path: Path, make: Callable[[], Paint]
) -> None:
    sketch.draw([cube((0, 0, 0), make())], tmp_path / "cube.png")
    assert pixels(tmp_path / "cube.png")[..., 3].mean() > 0.4


def test_alpha_of_colors_of_vertices_is_no_color(sketch: Any, tmp_path: Path) -> None:
    paint = colored()
    paint.link(paint.tree.nodes["Color Attribute"].outputs["Alpha"], "Alpha")
    box = cube((0, 0, 0), paint)
    layer = box.data.color_attributes.new("Color", "FLOAT_COLOR", "POINT")
    for point in layer.data:
        point.color = (0.0, 0.0, 0.0, 1.0)
    sketch.draw([box], tmp_path / "box.png")
    assert pixels(tmp_path / "box.png")[..., 3].mean() > 0.4
