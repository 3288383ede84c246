"""Renders of small models: size, format, what is seen from where; films read by OpenCV."""

import json
import subprocess
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual import ColorVisuals

from scripts.sandbox.engines.pictures import video
from scripts.sandbox.engines.render import render
from scripts.sandbox.work import EngineFailed, Result
from tests.sandbox.tool_inputs import needs_blender, program, work, write_glb

pytestmark = needs_blender


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    """Each side has a colour of its own: +Z (front) red, +X green, +Y blue, the others grey."""
    sides = trimesh.creation.box([1.0, 1.0, 1.0])
    sides.unmerge_vertices()
    colours = np.full((len(sides.faces), 4), [128, 128, 128, 255], dtype=np.uint8)
    for axis, colour in ((2, (200, 0, 0)), (0, (0, 200, 0)), (1, (0, 0, 200))):
        colours[sides.face_normals[:, axis] > 0.9, :3] = colour
    sides.visual = ColorVisuals(sides, face_colors=colours)
    return write_glb(tmp_path / "cube.glb", sides)


def _render(model: Path, tmp_path: Path, **parameters: object) -> list[Result]:
    given = {
        "output_type": "image",
        "angle": "3/4",
        "resolution": 96,
        "lighting": "studio",
        "background": "transparent",
        "ground_shadow": False,
        "output_format": None,
        **parameters,
    }
    results = render(work("render", tmp_path, {"model": model}, given))
    assert all(result.metadata["sandbox"] for result in results)
    return results


def _path(result: Result) -> Path:
    assert result.path is not None
    return result.path


def _pixels(result: Result) -> np.ndarray:
    with Image.open(_path(result)) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=int)


def test_front_still_is_transparent_and_shows_the_front(cube: Path, tmp_path: Path) -> None:
    [result] = _render(cube, tmp_path, angle="front")
    pixels = _pixels(result)
    assert result.asset_type == "IMAGE"
    assert pixels.shape == (96, 96, 4)
    assert pixels[2, 2, 3] == 0
    red, green, blue, alpha = pixels[48, 48]
    assert alpha == 255
    assert red > 2 * max(green, blue)
    covered = (pixels[..., 3] > 128).mean()
    assert 0.6 < covered < 0.95


def test_top_view_on_a_colour_as_webp(cube: Path, tmp_path: Path) -> None:
    [result] = _render(
        cube, tmp_path, angle="top", background="#ffcc00", output_format="webp", lighting="soft"
    )
    pixels = _pixels(result)
    assert _path(result).read_bytes()[8:12] == b"WEBP"
    assert np.abs(pixels[2, 2] - [255, 204, 0, 255]).max() < 12
    assert pixels[48, 48, 2] > 2 * max(pixels[48, 48, :2])


def test_turntable_gives_one_picture_per_step(cube: Path, tmp_path: Path) -> None:
    results = _render(cube, tmp_path, angle="turntable_4", ground_shadow=True)
    assert [result.asset_type for result in results] == ["IMAGE"] * 4
    front, right, *_ = (_pixels(result)[48, 48] for result in results)
    assert front[0] > 2 * max(front[1], front[2])
    assert right[1] > 2 * max(right[0], right[2])


@pytest.mark.parametrize("kind", ["mp4", "gif", "png_sequence"])
def test_film_turns_once(cube: Path, tmp_path: Path, kind: str) -> None:
    [result] = _render(
        cube, tmp_path, output_type="video", angle="front", resolution=64, output_format=kind,
        background="white",
    )  # fmt: skip
    frames = result.metadata["frames"]
    if kind == "png_sequence":
        with zipfile.ZipFile(_path(result)) as archive:
            assert len(archive.namelist()) == frames
        assert result.asset_type == "ARCHIVE"
        return
    shown = _frames(_path(result))
    assert len(shown) == frames
    red, green, blue = shown[0][32, 32].astype(int)
    assert red > 2 * max(green, blue)
    red, green, blue = shown[frames // 4][32, 32].astype(int)
    assert green > 2 * max(red, blue)


def _frames(path: Path) -> list[np.ndarray]:
    """RGB frames as OpenCV or Pillow decodes them."""
    if path.suffix == ".gif":
        with Image.open(path) as film:
            shown = []
            for number in range(getattr(film, "n_frames", 1)):
                film.seek(number)
                shown.append(np.asarray(film.convert("RGB")))
        return shown
    capture = cv2.VideoCapture(str(path))
    shown = []
    while (read := capture.read())[0]:
        shown.append(np.asarray(read[1])[..., ::-1])
    return shown


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_films_have_the_codec_and_rate(tmp_path: Path, suffix: str) -> None:
    mode = "RGBA" if suffix == ".webm" else "RGB"
    frames = [Image.new(mode, (64, 48), (20 * i, 80, 90)) for i in range(8)]
    path = video.write(frames, tmp_path / f"film{suffix}", 8)
    film = cv2.VideoCapture(str(path))
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(8.0)
    assert len(_frames(path)) == 8
    ffprobe = program("ffprobe", "FFPROBE")
    if ffprobe is None:
        return
    command = [ffprobe, "-v", "error", "-show_streams", "-of", "json", str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    [stream] = json.loads(answer.stdout)["streams"]
    assert stream["codec_name"] == {".mp4": "h264", ".webm": "vp9"}[suffix]
    assert (stream["width"], stream["height"]) == (64, 48)


def test_a_word_that_is_no_colour_fails(cube: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="plaid"):
        _render(cube, tmp_path, background="plaid")
