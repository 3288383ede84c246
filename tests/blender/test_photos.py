"""The caution below a photo: from the preview that is shown, a moment after it was chosen."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.conftest import part
from tests.blender.dialogs import dialog
from tests.blender.test_image_panel import draw

FEET = "The subject reaches the lower edge"


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


def standing(cut_off: bool = False, size: int = 512) -> Any:
    """Somebody before a plain ground, rows from below: (size, size, 3)."""
    photo = np.full((size, size, 3), (0.8, 0.82, 0.86))
    low = 0 if cut_off else size // 12
    photo[low : size // 2, size // 3 : -size // 3] = (0.1, 0.15, 0.4)
    photo[size // 2 : -size // 8, size // 4 : -size // 4] = (0.7, 0.15, 0.15)
    return photo


def saved(path: Path, photo: Any) -> Path:
    height, width, _ = photo.shape
    image: Any = bpy.data.images.new(path.stem, width, height)
    image.pixels.foreach_set(np.dstack([photo, np.ones((height, width))]).astype("f4").ravel())
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return path


def judge() -> None:
    """What the ticker does in a window."""
    cautions = part("blender.widgets.photo_cautions")
    while cautions.judge_waiting() is not None:
        pass


@pytest.mark.parametrize(
    ("cut_off", "light", "words"),
    [
        (False, 1.0, ""),
        (False, 0.1, "dark all over"),
        (True, 1.0, FEET),
    ],
)
def test_what_is_wrong_stands_below_the_photo(
    settings: Any, tmp_path: Path, cut_off: bool, light: float, words: str
) -> None:
    photo = saved(tmp_path / "me.png", standing(cut_off) * light)
    settings.miniature.image = str(photo)
    settings.miniature.preset = "realistic_human_full_body"
    assert "photo" not in draw("miniature").text
    judge()
    text = draw("miniature").text
    assert words in text
    assert ("dark" in text, FEET in text) == (words == "dark all over", words == FEET)


def test_feet_are_of_no_matter_to_a_bust(settings: Any, tmp_path: Path) -> None:
    settings.miniature.image = str(saved(tmp_path / "me.png", standing(cut_off=True)))
    settings.miniature.preset = "realistic_human_bust"
    draw("miniature")
    judge()
    assert FEET not in draw("miniature").text
    settings.miniature.preset = "realistic_human_full_body"
    assert FEET in draw("miniature").text


def test_it_is_no_reason_to_refuse(settings: Any, store: Any, tmp_path: Path) -> None:
    photo = saved(tmp_path / "night.png", standing(size=64) * 0.1)
    settings.mode, settings.image = "IMAGE", str(photo)
    draw("generate")
    judge()
    text = draw("generate").text
    assert "only 64 x 64 pixels" in text
    assert "dark all over" in text
    shown = part("blender.operators.generate").STUDIO3D_OT_generate
    asked = dialog("generate", shown.__name__, "", drafts=shown.drafts)
    assert "dark all over" in asked.text
    assert bpy.ops.studio3d.generate() == {"FINISHED"}
    assert len(store.all()) == 1


def test_models_of_picked_pictures_are_no_exception(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence for several pictures that lack the same."""
    names = ("night.png", "cellar.png")
    pictures = [str(saved(tmp_path / name, standing() * 0.1)) for name in names]
    rounds = part("blender.widgets.candidate_rounds")
    monkeypatch.setattr(rounds, "all_pictures", lambda _: pictures)
    for picture in pictures:
        bpy.ops.studio3d.pick_candidate(picture=picture)
    dialog("candidates", "STUDIO3D_OT_candidates_to_3d")
    judge()
    text = dialog("candidates", "STUDIO3D_OT_candidates_to_3d").text
    assert text.count("dark all over") == 1


def test_a_file_that_is_no_picture_is_left_to_others(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "note.png"
    path.write_text("a note")
    settings.miniature.image = str(path)
    draw("miniature")
    judge()
    assert "photo" not in draw("miniature").text
