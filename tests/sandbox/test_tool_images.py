"""Pictures of the asked size and format that differ where they should and change as told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scripts.sandbox.engines.images import image
from scripts.sandbox.work import Result, Work


def make(folder: Path, files: dict[str, Path] | None = None, **parameters: Any) -> list[Result]:
    defaults = {"task": "edit" if files else "generate", "num_images": 1, "resolution": "512px"}
    if "image_size" in parameters:
        del defaults["resolution"]
    return image(Work("image", defaults | parameters, files or {}, folder))


def pixels(result: Result) -> Any:
    assert result.path is not None
    return np.asarray(Image.open(result.path).convert("RGB"), dtype=float)


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        ({"aspect_ratio": "1:1"}, (512, 512)),
        ({"aspect_ratio": "16:9"}, (688, 384)),
        ({"aspect_ratio": "9:16"}, (384, 688)),
        ({"image_size": "square"}, (1024, 1024)),
    ],
)
def test_size(tmp_path: Path, parameters: dict[str, Any], size: tuple[int, int]) -> None:
    [made] = make(tmp_path, prompt="a rock", **parameters)
    assert made.path is not None
    with Image.open(made.path) as picture:
        assert picture.size == size


@pytest.mark.parametrize(("name", "kind"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_format(tmp_path: Path, name: str, kind: str) -> None:
    [made] = make(tmp_path, prompt="a rock", output_format=name)
    assert made.path is not None
    with Image.open(made.path) as picture:
        assert picture.format == kind


def test_a_set_varies_and_the_same_order_gives_the_same_pictures(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first = [pixels(r) for r in make(tmp_path / "a", prompt="a red vase", num_images=2)]
    again = [pixels(r) for r in make(tmp_path / "b", prompt="a red vase", num_images=2)]
    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], first[1])


def test_the_prompt_is_in_the_picture(tmp_path: Path) -> None:
    (tmp_path / "blue").mkdir()
    red = pixels(make(tmp_path, prompt="a red vase")[0])
    blue = pixels(make(tmp_path / "blue", prompt="a blue vase")[0])
    middle = np.s_[200:380, 200:312]
    assert (red[middle][..., 0] - red[middle][..., 2]).mean() > 20
    assert (blue[middle][..., 2] - blue[middle][..., 0]).mean() > 20
    night = pixels(make(tmp_path, prompt="a red vase at night")[0])
    assert night[:100].mean() < 0.5 * red[:100].mean()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (300, 200), (240, 240, 235))
    picture.paste((200, 40, 30), (100, 50, 200, 180))
    path = tmp_path / "photo.png"
    picture.save(path)
    return path


def test_edits_do_what_the_prompt_says(tmp_path: Path, photo: Path) -> None:
    grey = make(tmp_path, {"image_1": photo}, prompt="make it grayscale", aspect_ratio="auto")[0]
    assert grey.asset_type == "EDITED_IMAGE"
    values = pixels(grey)
    assert np.ptp(values, axis=2).max() <= 2
    dark = pixels(make(tmp_path, {"image_1": photo}, prompt="darker", aspect_ratio="auto")[0])
    assert dark.mean() < 0.75 * pixels(Result(photo, "IMAGE")).mean()


def test_the_background_can_be_changed(tmp_path: Path, photo: Path) -> None:
    [made] = make(
        tmp_path, {"image_1": photo}, prompt="put it on a night background", aspect_ratio="1:1"
    )
    values = pixels(made)
    assert values[:40].mean() < 70
    assert (values[..., 0] - values[..., 2]).max() > 120
