"""Words on the screen, found by text recognition."""

import csv
import io
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.patience import seconds

from .geometry import Point, Rect

SCALE = 3
"""Blender's letters are 11 pixels high; recognition wants about 30."""
LEVELS = (150, 105, 82)
"""Letters are lighter than these: usual text, dimmed text, and the hint in an empty field."""
LOOK_ALIKES = str.maketrans(
    {"l": "i", "1": "i", "|": "i", "!": "i", "0": "o", "$": "s", "5": "s", "q": "g"}
)
WORD_GAP = 1.5
"""Words of one text are at most this many letter heights apart."""


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word and where it is in the picture."""

    text: str
    rect: Rect


def find_text(picture: Path, text: str, within: Rect | None = None) -> list[Rect]:
    """Where ``text`` stands in ``picture`` or the part of it ``within``, top to bottom.

    Case and letters that look alike do not matter.
    """
    found: list[Rect] = []
    for level in LEVELS:
        for place in places_of(read_words(picture, level, within), text):
            if not any(place.overlaps(known) for known in found):
                found.append(place)
    return sorted(found, key=lambda rect: (rect.top, rect.left))


def find_first(picture: Path, text: str, within: Rect | None = None) -> Rect | None:
    """The topmost place of the brightest letters that say it: one look is often enough."""
    for level in LEVELS:
        places = places_of(read_words(picture, level, within), text)
        if places:
            return min(places, key=lambda rect: (rect.top, rect.left))
    return None


def read_words(
    picture: Path, level: int, within: Rect | None = None, scale: int = SCALE
) -> list[Word]:
    """The words written in letters lighter than ``level`` (0 to 255), in reading order."""
    with Image.open(picture) as image:
        part = image.convert("L")
    if within:
        part = part.crop(
            (within.left, within.top, within.left + within.width, within.top + within.height)
        )
    offset = Point(within.left, within.top) if within else Point(0, 0)
    found = _recognized(part.tobytes(), part.size, level, scale)
    return [Word(word.text, word.rect.moved(offset)) for word in found]


@lru_cache(maxsize=48)
def _recognized(pixels: bytes, size: tuple[int, int], level: int, scale: int) -> tuple[Word, ...]:
    """Who waits for a text, or looks for several, often sees the same again: it is read once."""
    part = Image.frombytes("L", size, pixels)
    large = part.resize((part.width * scale, part.height * scale), Image.Resampling.LANCZOS)
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / "part.png"
        # Recognition expects dark letters on light paper; the interface is the other way round.
        large.point([255 if value < level else 0 for value in range(256)]).save(prepared)
        table = subprocess.run(
            ["tesseract", str(prepared), "stdout", "--psm", "11", "tsv"],
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds(120),
        ).stdout
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Word(row["text"].strip(), _rect(row, scale))
        for row in rows
        if row["text"] and row["text"].strip()
    )


def places_of(words: Sequence[Word], text: str) -> list[Rect]:
    """Where the words of ``text`` stand next to each other."""
    wanted = [normal(word) for word in text.split()]
    found = []
    for start in range(len(words) - len(wanted) + 1):
        candidate = words[start : start + len(wanted)]
        if [normal(word.text) for word in candidate] == wanted and _on_one_line(candidate):
            found.append(_around([word.rect for word in candidate]))
    return found


def normal(word: str) -> str:
    """The word without what recognition gets wrong: case, punctuation, look-alikes."""
    kept = "".join(letter for letter in word if letter.isalnum() or letter in "|!$")
    return kept.lower().translate(LOOK_ALIKES)


def _on_one_line(words: Sequence[Word]) -> bool:
    return all(
        abs(left.rect.center.y - right.rect.center.y) < left.rect.height
        and 0 <= right.rect.left - left.rect.left - left.rect.width < WORD_GAP * left.rect.height
        for left, right in pairwise(words)
    )


def _around(rects: Sequence[Rect]) -> Rect:
    left, top = min(rect.left for rect in rects), min(rect.top for rect in rects)
    right = max(rect.left + rect.width for rect in rects)
    bottom = max(rect.top + rect.height for rect in rects)
    return Rect(left, top, right - left, bottom - top)


def _rect(row: dict[str, str], scale: int) -> Rect:
    left, top, width, height = (
        round(int(row[name]) / scale) for name in ("left", "top", "width", "height")
    )
    return Rect(left, top, width, height)
