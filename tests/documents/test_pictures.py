"""Every picture of the documents is taken by a test of a window."""

import re
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from scripts.build import ROOT
from tests.documents.blocks import PAGES, prose_of
from tests.window.pictures import IMAGES, PICTURES, Picture

SHOWN: Final = re.compile(r"!\[(?P<said>[^\]]*)\]\((?:docs/)?images/(?P<name>[\w.-]+)\)")
IN_ANY_WAY: Final = re.compile(r"!\[|<img\b")
MOST_BYTES: Final = 150_000
MOST_BYTES_OF_A_FILM: Final = 1_500_000


def shown(page: Path) -> list[tuple[str, str]]:
    """Names and descriptions of the pictures of a page; the only way to show one is Markdown's."""
    text = prose_of(page)
    found = [(one["name"], one["said"]) for one in SHOWN.finditer(text)]
    assert len(found) == len(IN_ANY_WAY.findall(text)), page.name
    return found


def test_the_pictures_of_the_pages_are_those_that_tests_take() -> None:
    used = {name for page in PAGES for name, _ in shown(page)}
    assert used == {picture.path.name for picture in PICTURES}
    assert used == {path.name for path in IMAGES.iterdir()}


def test_every_picture_is_described() -> None:
    assert [name for page in PAGES for name, said in shown(page) if len(said) < 20] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_test_takes_the_picture(picture: Picture) -> None:
    file, _, test = picture.test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"\ndef {test}(" in text
    assert f'"{picture.shot}"' in text or f'"{picture.shot.partition("-")[2]}"' in text
    assert picture.path.stat().st_size <= (MOST_BYTES_OF_A_FILM if picture.is_film else MOST_BYTES)
    with Image.open(picture.path) as image:
        assert (getattr(image, "n_frames", 1) > 1) == picture.is_film
