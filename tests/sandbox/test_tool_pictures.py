"""Background removal and enhancement, judged on drawn pictures whose truth is known."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from scripts.sandbox.engines.enhance import enhance
from scripts.sandbox.engines.remove_bg import remove_bg
from scripts.sandbox.work import EngineFailed, Result
from tests.sandbox.tool_inputs import apple_picture, work


def _cut(path: Path, tmp_path: Path, **parameters: object) -> list[Result]:
    given = {"quality": "medium", "return_mask": False, **parameters}
    results = remove_bg(work("remove-bg", tmp_path, {"image": path}, given))
    assert all(result.metadata["sandbox"] and result.asset_type == "IMAGE" for result in results)
    return results


def _enhance(path: Path, tmp_path: Path, **parameters: object) -> list[Image.Image]:
    given = {
        "enhance": True,
        "mode": "enhance",
        "remove_bg": False,
        "remove_bg_quality": "low",
        **parameters,
    }
    results = enhance(work("image-enhance", tmp_path, {"image": path}, given))
    assert all(result.metadata["sandbox"] for result in results)
    return [_open(result) for result in results]


def _read(path: Path, mode: str = "RGB") -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert(mode), dtype=float)


def _roughness(values: np.ndarray) -> float:
    """Spread around the local mean: noise without slow gradients."""
    return float((values - cv2.GaussianBlur(values, (0, 0), 8)).std())


def _open(result: Result) -> Image.Image:
    assert result.path is not None
    picture = Image.open(result.path)
    picture.load()
    return picture


@pytest.mark.parametrize("quality", ["low", "medium", "high"])
def test_the_disc_stays_and_the_background_goes(tmp_path: Path, quality: str) -> None:
    size = (160, 120)
    [result] = _cut(apple_picture(tmp_path / "apple.png", size), tmp_path, quality=quality)
    picture = _open(result)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", size)
    y, x = np.mgrid[: size[1], : size[0]]
    radius = np.hypot(x - size[0] // 2, y - size[1] // 2)
    alpha = np.asarray(picture.getchannel("A"))
    assert alpha[radius < 36].min() > 240
    assert alpha[radius > 46].max() < 15


def test_the_mask_comes_instead_of_the_cutout(tmp_path: Path) -> None:
    apple = apple_picture(tmp_path / "apple.png")
    [cutout] = _cut(apple, tmp_path)
    [result] = _cut(apple, tmp_path, return_mask=True)
    mask = _open(result)
    assert mask.mode == "L"
    assert np.array_equal(np.asarray(mask), np.asarray(_open(cutout).getchannel("A")))
    assert result.metadata["role"] == "mask"


def test_a_picture_without_a_subject_fails(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    Image.new("RGB", (90, 90), "white").save(path)
    with pytest.raises(EngineFailed, match="subject"):
        _cut(path, tmp_path)


def test_small_pictures_are_enlarged_and_large_ones_keep_their_size(tmp_path: Path) -> None:
    [small] = _enhance(apple_picture(tmp_path / "small.png", (160, 120)), tmp_path)
    assert small.size == (1024, 768)
    [large] = _enhance(apple_picture(tmp_path / "large.png", (1100, 300)), tmp_path)
    assert large.size == (1100, 300)


@pytest.mark.parametrize("mode", ["enhance", "restore"])
def test_noise_falls_and_edges_stay(tmp_path: Path, mode: str) -> None:
    clean = apple_picture(tmp_path / "clean.png", (320, 240))
    noise = np.random.default_rng(5).normal(0, 6, (240, 320, 3))
    noisy = np.clip(_read(clean) + noise, 0, 255).astype(np.uint8)
    path = tmp_path / "noisy.png"
    Image.fromarray(noisy).save(path)
    [better] = _enhance(path, tmp_path, mode=mode)
    assert better.size == (1024, 768)
    before, after = _read(path, "L"), np.asarray(better.convert("L"), dtype=float)
    assert _roughness(after[20:200, 20:200]) < 0.5 * _roughness(before[6:62, 6:62])
    # Across the rim of the disc, 80 pixels left of the middle, the step is still there.
    assert after[384, 230] - after[384, 280] > 60


def test_restore_removes_a_scratch(tmp_path: Path) -> None:
    picture = np.full((300, 1100, 3), 120, dtype=np.uint8)
    picture[:, 400:] = (60, 90, 160)
    picture[:, 700:702] = 255
    path = tmp_path / "scratched.png"
    Image.fromarray(picture).save(path)
    [better] = _enhance(path, tmp_path, mode="restore")
    row = np.asarray(better.convert("L"))[150].astype(int)
    assert abs(row[701] - row[650]) < 12


def test_both_steps_give_both_pictures(tmp_path: Path) -> None:
    better, cutout = _enhance(apple_picture(tmp_path / "a.png"), tmp_path, remove_bg=True)
    assert better.size == cutout.size
    assert np.asarray(cutout.getchannel("A"))[5, 5] == 0
    assert np.asarray(better.getchannel("A")).min() == 255


def test_with_both_steps_off_there_is_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="Nothing to do"):
        _enhance(apple_picture(tmp_path / "a.png"), tmp_path, enhance=False)
