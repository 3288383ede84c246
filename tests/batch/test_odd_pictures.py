"""Pictures that the service would not take, made into copies by a real Blender."""

import io
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from addon.service.errors import InputUnreadable
from addon.service.pictures import MAX_BYTES, MAX_SIDE, MIN_SIDE, look_at
from addon.worker.pictures import BlenderPictures, fit_command
from tests.batch.conftest import Batch

RED, GREEN = (200, 40, 40), (20, 200, 60)
ORIENTATION = 0x0112


@pytest.fixture(scope="module")
def fitter(blender: str) -> BlenderPictures:
    return BlenderPictures(fit_command(blender), threading.Event())


def corner(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Image.Image:
    """Red, with a green quarter at the top left."""
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (0, 0, size[0] // 2, size[1] // 2))
    return image.quantize(16) if mode == "P" else image.convert(mode)


def fitted(fitter: BlenderPictures, path: Path, folder: Path) -> Image.Image:
    """The copy of a picture; the original is as it was."""
    before = path.read_bytes()
    picture = look_at(path)
    assert picture.changes
    made = fitter.fit(path, picture, folder)
    assert made.parent == folder
    assert path.read_bytes() == before
    copy = look_at(made)
    assert copy.changes == ()
    assert made.suffix == {"JPEG": ".jpg", "PNG": ".png"}[copy.kind]
    return Image.open(io.BytesIO(made.read_bytes()))


def assert_green_corner(image: Image.Image) -> None:
    width, height = image.size
    seen = image.convert("RGB")
    for place, color in (((0.25, 0.25), GREEN), ((0.75, 0.25), RED), ((0.25, 0.75), RED)):
        pixel = seen.getpixel((int(place[0] * width), int(place[1] * height)))
        assert pixel == pytest.approx(color, abs=8), place


@pytest.mark.parametrize(
    ("name", "mode"),
    [("a.bmp", "RGB"), ("p.png", "P"), ("c.jpg", "CMYK"), ("t.tif", "RGB")],
)
def test_other_kinds_come_out_as_they_look(
    fitter: BlenderPictures, tmp_path: Path, name: str, mode: str
) -> None:
    path = tmp_path / name
    corner(mode=mode).save(path, quality=95)
    (tmp_path / "out").mkdir()
    assert_green_corner(fitted(fitter, path, tmp_path / "out"))


@pytest.mark.parametrize("orientation", [5, 6, 8])
def test_a_photo_is_sent_as_it_is_seen(
    fitter: BlenderPictures, tmp_path: Path, orientation: int
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / "photo.jpg"
    lying = corner((200, 160))
    turned = {
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    lying.transpose(turned[orientation]).save(path, exif=exif, quality=95)
    (tmp_path / "out").mkdir()
    copy = fitted(fitter, path, tmp_path / "out")
    assert copy.size == lying.size
    assert_green_corner(copy)


def test_sixteen_bits_become_eight_of_the_same_look(
    fitter: BlenderPictures, tmp_path: Path
) -> None:
    ramp = np.linspace(0, 65535, 200).astype(np.uint16)
    path = tmp_path / "deep.png"
    Image.fromarray(np.tile(ramp, (160, 1))).save(path)
    (tmp_path / "out").mkdir()
    row = np.asarray(fitted(fitter, path, tmp_path / "out").convert("L"))[80].astype(float)
    assert np.abs(row - ramp / 257).max() < 3


@pytest.mark.parametrize(
    ("size", "becomes"), [((60, 45), (171, 128)), ((5200, 1300), (4096, 1024))]
)
def test_sides_are_brought_within_the_limits(
    fitter: BlenderPictures, tmp_path: Path, size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    path = tmp_path / "a.png"
    corner(size).save(path)
    (tmp_path / "out").mkdir()
    copy = fitted(fitter, path, tmp_path / "out")
    assert copy.size == becomes
    assert min(copy.size) >= MIN_SIDE
    assert max(copy.size) <= MAX_SIDE
    assert_green_corner(copy)


def test_opacity_and_few_bytes(fitter: BlenderPictures, tmp_path: Path) -> None:
    clear = corner((100, 100)).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((100, 100)))
    clear.save(tmp_path / "clear.png")
    (tmp_path / "one").mkdir()
    copy = fitted(fitter, tmp_path / "clear.png", tmp_path / "one")
    assert (copy.mode, copy.format) == ("RGBA", "PNG")
    assert np.asarray(copy.getchannel("A")).min() < 16
    noise = np.random.default_rng(7).integers(0, 256, (2048, 2048, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    assert (tmp_path / "noise.png").stat().st_size > MAX_BYTES
    (tmp_path / "two").mkdir()
    fitted(fitter, tmp_path / "noise.png", tmp_path / "two")


@pytest.mark.parametrize("interlace", [0, 1])
def test_a_gif_has_one_picture(fitter: BlenderPictures, tmp_path: Path, interlace: int) -> None:
    path = tmp_path / "moving.gif"
    first = corner((150, 131), "P")
    other = Image.new("P", (150, 131), 0)
    first.save(path, save_all=True, append_images=[other], interlace=interlace)
    (tmp_path / "out").mkdir()
    assert_green_corner(fitted(fitter, path, tmp_path / "out"))


@pytest.mark.fault("A picture that no Blender reads", "Said before anything is sent")
def test_what_no_blender_reads_is_said_before(fitter: BlenderPictures, tmp_path: Path) -> None:
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(200))
    with pytest.raises(InputUnreadable, match="Blender cannot read"):
        look_at(path).check(can_change=True)
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0" + bytes(200))
    with pytest.raises(InputUnreadable, match=r"cannot read the picture broken\.tif"):
        fitter.fit(broken, look_at(broken), tmp_path)


def test_a_folder_of_all_kinds_is_sent_and_told_of(batch: Batch, blender: str) -> None:
    """By tools that upload pictures as by engines that embed them."""
    folder = batch.folder / "photos"
    folder.mkdir()
    corner((160, 130)).save(folder / "a.tif")
    corner((60, 60)).save(folder / "b.png")
    corner((160, 130)).save(folder / "c.jpg")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    order = ("photos", "--operation", "remove-bg", "--no-process", "--blender", blender)
    done = batch.run(*order)
    assert done.code == 0, done.words
    assert "a.tif is sent as a copy: converted from TIFF." in done.words
    assert "b.png is sent as a copy: scaled up." in done.words
    assert "c.jpg" not in done.words.partition("is sent")[0]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    headers = [look_at(batch.out / row["delivered"][0]).header for row in batch.report()["rows"]]
    sides = [(header.width, header.height) for header in headers if header is not None]
    assert sorted(sides) == [(128, 128), (160, 130), (160, 130)]


def test_without_a_blender_what_is_possible_is_done(batch: Batch) -> None:
    folder = batch.folder / "photos"
    folder.mkdir()
    corner((160, 130)).save(folder / "a.bmp")
    corner((160, 100)).save(folder / "b.png")
    done = batch.run("photos", "--operation", "remove-bg", "--check", PATH="", BLENDER="none")
    assert "a.bmp is a picture in BMP, and the service takes PNG, JPEG and WebP." in done.words
    assert "b.png goes as it is, as no Blender is at hand" in done.words
    assert [row["status"] for row in done.document["rows"]] == ["good", "bad"]
