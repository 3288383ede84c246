"""From pictures to solids: the right subject, a closed shape, its colours and no others."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import skimage.data
import trimesh
from PIL import Image, ImageDraw

from scripts.sandbox.engines.image_to_model.build import (
    Wishes,
    build_from_picture,
    build_from_sketch,
    build_from_views,
)
from scripts.sandbox.engines.image_to_model.picture import Picture, read_picture
from scripts.sandbox.engines.image_to_model.project import spread
from scripts.sandbox.engines.image_to_model.segment import find_subject
from scripts.sandbox.engines.image_to_model.sketch import drawn_shape, strokes_of
from scripts.sandbox.engines.model import Mesh

Pixels = npt.NDArray[np.uint8]
QUICK = Wishes(cells=70, texture=512)
RED, BLUE = (200, 40, 30), (30, 60, 200)


def opaque(pixels: Pixels) -> Picture:
    return Picture(np.ascontiguousarray(pixels), np.full(pixels.shape[:2], 255, dtype=np.uint8))


def drawn(background: tuple[int, ...], size: tuple[int, int] = (240, 240)) -> Image.Image:
    return Image.new("RGBA" if len(background) == 4 else "RGB", size, background)


def cut_out(box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> Picture:
    """An ellipse on transparency."""
    image = drawn((0, 255, 0, 0))
    ImageDraw.Draw(image).ellipse(box, fill=(*colour, 255))
    pixels = np.asarray(image)
    return Picture(pixels[..., :3].copy(), pixels[..., 3].copy())


def welded(mesh: Mesh) -> trimesh.Trimesh:
    solid = trimesh.Trimesh(mesh.positions, mesh.triangles, process=False)
    solid.merge_vertices()
    return solid


def overlap(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    return float((a & b).sum() / (a | b).sum())


@pytest.mark.parametrize("background", [(255, 255, 255), (128, 128, 128), (20, 30, 60)])
def test_subject_on_a_plain_background(background: tuple[int, int, int]) -> None:
    image = drawn(background)
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 40, 180, 200), fill=RED)
    draw.rectangle((150, 100, 215, 130), fill=(230, 180, 40))
    shape = np.asarray(image).astype(int)
    truth = np.abs(shape - np.array(background)).sum(axis=2) > 0
    noisy = np.clip(shape + np.random.default_rng(1).normal(0, 3, shape.shape), 0, 255)
    subject = find_subject(opaque(noisy.astype(np.uint8)))
    assert subject is not None
    assert overlap(subject.mask, truth) > 0.95


def test_transparency_is_taken_at_its_word() -> None:
    picture = cut_out((60, 40, 180, 200), RED)
    subject = find_subject(picture)
    assert subject is not None
    assert subject.method == "transparency"
    assert overlap(subject.mask, picture.alpha > 127) == 1.0


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        # (row, column) shares of a place in and one off the subject
        ("astronaut", [(0.22, 0.44), (0.7, 0.35)], [(0.1, 0.05), (0.3, 0.9)]),
        ("coffee", [(0.35, 0.45)], [(0.1, 0.05), (0.9, 0.95)]),
        ("camera", [(0.3, 0.4), (0.7, 0.2)], [(0.1, 0.1), (0.6, 0.9)]),
        ("rocket", [(0.55, 0.52)], [(0.2, 0.3), (0.3, 0.8)]),
    ],
)
def test_subject_of_a_photograph(
    name: str, inside: list[tuple[float, float]], outside: list[tuple[float, float]]
) -> None:
    pixels = getattr(skimage.data, name)()
    if pixels.ndim == 2:
        pixels = np.dstack([pixels] * 3)
    subject = find_subject(opaque(pixels))
    assert subject is not None
    height, width = subject.mask.shape
    assert all(subject.mask[int(y * height), int(x * width)] for y, x in inside)
    assert not any(subject.mask[int(y * height), int(x * width)] for y, x in outside)


def test_a_mere_pattern_has_no_subject_and_becomes_a_plaque() -> None:
    gravel = opaque(np.dstack([skimage.data.gravel()] * 3))
    assert find_subject(gravel) is None
    solid = build_from_picture(gravel, QUICK)
    assert "relief" in solid.account
    mesh = welded(solid.mesh)
    assert mesh.is_watertight
    assert mesh.extents[2] < 0.15


def test_solid_is_closed_upright_and_keeps_the_outline() -> None:
    solid = build_from_picture(cut_out((90, 20, 150, 220), RED), QUICK)
    mesh = welded(solid.mesh)
    assert mesh.is_watertight
    assert mesh.volume > 0
    width, height, depth = mesh.extents
    assert height == pytest.approx(1.0)
    assert width == pytest.approx(0.3, abs=0.02)
    assert 0.5 * width < depth < 1.5 * width
    assert mesh.bounds[0][1] == pytest.approx(0.0)


def test_a_subject_cut_by_the_picture_is_closed_by_a_flat_end() -> None:
    solid = build_from_picture(cut_out((60, 80, 180, 400), RED), QUICK)
    mesh = welded(solid.mesh)
    assert mesh.is_watertight
    downward = mesh.face_normals[:, 1] < -0.99
    bottom = mesh.triangles_center[:, 1] < 0.01
    assert mesh.area_faces[downward & bottom].sum() > 0.1


def test_no_background_colour_reaches_the_texture() -> None:
    picture = cut_out((60, 40, 180, 200), RED)
    clean = spread(picture.colour, picture.alpha > 127)
    assert np.abs(clean.astype(int) - np.array(RED)).max() <= 1
    textures = build_from_picture(picture, QUICK).mesh.textures
    assert textures is not None
    assert textures.base_colour[..., 1].max() < 60


def test_side_views_give_the_depth_and_the_back_its_colours() -> None:
    views = {
        "front": cut_out((60, 20, 180, 220), RED),
        "back": cut_out((60, 20, 180, 220), BLUE),
        "left": cut_out((100, 20, 140, 220), RED),
    }
    mesh = build_from_views(views, QUICK).mesh
    solid = welded(mesh)
    assert solid.is_watertight
    assert solid.extents[0] == pytest.approx(0.6, abs=0.03)
    assert solid.extents[2] == pytest.approx(0.2, abs=0.03)
    assert colour_towards(mesh, 1.0) == pytest.approx(RED, abs=6)
    assert colour_towards(mesh, -1.0) == pytest.approx(BLUE, abs=6)


def colour_towards(mesh: Mesh, z: float) -> list[float]:
    """Mean texture colour of the vertices that look along Z or -Z."""
    assert mesh.textures is not None
    facing = mesh.normals[:, 2] * z > 0.9
    size = mesh.textures.base_colour.shape[0]
    column, row = (mesh.uvs[facing] * [size, -size] + [0, size]).astype(int).T
    colours = mesh.textures.base_colour[np.clip(row, 0, size - 1), np.clip(column, 0, size - 1)]
    return [float(c) for c in colours.mean(axis=0)]


def sketch() -> Picture:
    """A circle whose line has a gap, on paper."""
    image = drawn((250, 248, 240))
    ImageDraw.Draw(image).arc((40, 40, 200, 200), 10, 355, fill=(20, 20, 20), width=4)
    return opaque(np.asarray(image))


def test_the_lines_of_a_sketch_enclose_the_shape() -> None:
    shape = drawn_shape(strokes_of(sketch()))
    assert shape is not None
    assert shape[120, 120]
    assert shape.sum() == pytest.approx(np.pi * 80**2, rel=0.08)


def test_a_sketch_takes_its_look_from_the_prompt() -> None:
    solid = build_from_sketch(sketch(), "a golden coin", QUICK)
    assert welded(solid.mesh).is_watertight
    assert "golden" in solid.account
    assert solid.mesh.textures is not None
    red, _, blue = solid.mesh.textures.base_colour.mean(axis=(0, 1))
    assert red > 1.5 * blue


def test_blank_paper_is_no_shape() -> None:
    assert drawn_shape(strokes_of(opaque(np.full((80, 80, 3), 240, dtype=np.uint8)))) is None


def test_pictures_are_read_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    image = Image.new("RGB", (60, 30), (9, 9, 9))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(path, exif=exif)
    assert read_picture(path).shape == (60, 30)
