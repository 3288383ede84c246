"""What is said of photos before a model of them is paid, by a real Blender; never in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.cli.conftest import CommandLine

MINIATURE = ("miniature", "--preset", "v4_miniature_human_full_body", "--image")


def person(feet: int = 560) -> Image.Image:
    """Somebody before a plain ground, down to ``feet`` of 600 pixels."""
    photo = Image.new("RGB", (400, 600), (205, 210, 220))
    draw = ImageDraw.Draw(photo)
    draw.ellipse((165, 60, 235, 140), fill=(225, 175, 145))
    draw.rectangle((140, 140, 260, 340), fill=(170, 40, 45))
    draw.rectangle((150, 340, 250, feet), fill=(35, 45, 95))
    return photo


def darkened(photo: Image.Image) -> Image.Image:
    return photo.point(lambda value: value // 8)


def blurred(photo: Image.Image) -> Image.Image:
    return photo.filter(ImageFilter.GaussianBlur(15))


def pale(photo: Image.Image) -> Image.Image:
    return photo.point(lambda value: 225 + value // 9)


def gray(photo: Image.Image) -> Image.Image:
    return photo.point(lambda value: 120 + value // 8)


def blank(photo: Image.Image) -> Image.Image:
    return Image.new("RGB", photo.size, (90, 120, 60))


FAULTS: dict[str, tuple[Callable[[Image.Image], Image.Image], str]] = {
    "dark.png": (darkened, "dark all over"),
    "soft.jpg": (blurred, "Nothing in the photo is sharp"),
    "pale.png": (pale, "washed out"),
    "gray.webp": (gray, "hardly any contrast"),
    "blank.jpg": (blank, "nothing to be seen"),
}


def saved(photo: Image.Image, path: Path) -> str:
    photo.save(path)
    return path.name


def test_a_list_names_the_photos_with_faults_and_no_others(cli: CommandLine, blender: str) -> None:
    """A whole folder in one background Blender; what is good stays unsaid."""
    folder = cli.folder / "photos"
    folder.mkdir()
    good = {"good.jpg": person(), "scene.png": Image.effect_noise((500, 500), 80).convert("RGB")}
    for name, photo in good.items():
        saved(photo, folder / name)
    for name, (spoil, _) in FAULTS.items():
        saved(spoil(person()), folder / name)
    saved(person(feet=600), folder / "legs.png")
    (folder / "no picture.txt").write_text("a note", encoding="utf-8")
    given = ("--operation", "miniature", "--set", "preset=realistic_human_full_body")
    done = cli.run("batch", "photos", "--check", "--out", "out", *given, "--blender", blender)
    assert done.code == 0, done.words
    said = [line for line in done.words.splitlines() if "photo" in line]
    for name, (_, words) in FAULTS.items():
        assert [words in line for line in said if line.startswith(name)] == [True], (name, said)
    assert any(line.startswith("legs.png: The subject reaches the lower edge") for line in said)
    assert not any(line.startswith(tuple(good)) for line in said)


@pytest.mark.parametrize("preset", ["realistic_human_full_body", "realistic_human_bust"])
def test_feet_are_missed_where_the_model_is_to_have_some(
    cli: CommandLine, blender: str, preset: str
) -> None:
    """The photo lies on its side, as cameras save it, and is judged upright."""
    lying = Image.Exif()
    lying[274] = 6
    path = cli.folder / "legs.jpg"
    person(feet=600).transpose(Image.Transpose.ROTATE_90).save(path, exif=lying)
    done = cli.run("miniature", "--preset", preset, "--image", path.name, BLENDER=blender)
    assert done.code == 0, done.words
    words = "legs.jpg: The subject reaches the lower edge of the photo"
    assert (words in done.words) == preset.endswith("full_body")
    assert cli.submissions() == 1


def test_it_is_said_before_the_price_and_only_of_what_becomes_a_model(
    cli: CommandLine, blender: str
) -> None:
    saved(darkened(person()), cli.folder / "night.jpg")
    done = cli.run("trellis", "--image", "night.jpg", BLENDER=blender)
    assert done.code == 0, done.words
    assert done.words.index("dark all over") < done.words.index("credits")
    done = cli.run("image-enhance", "--image", "night.jpg", BLENDER=blender)
    assert (done.code, "dark" in done.words) == (0, False), done.words


def test_without_a_blender_the_size_is_told(cli: CommandLine) -> None:
    small = darkened(person()).resize((120, 180))
    done = cli.run(*MINIATURE, saved(small, cli.folder / "small.png"), BLENDER="none")
    assert done.code == 0, done.words
    assert "small.png: The photo has only 120 x 180 pixels" in done.words
    assert "Without a scale nothing comes in the size of a print" in done.words
    assert "dark" not in done.words
