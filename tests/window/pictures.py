"""The pictures of the documents, and the test of a window that takes each.

    python -m tests.window.pictures                 names the tests that take them
    python -m tests.window.pictures --write         makes docs/images of what they took
    python -m tests.window.pictures --compare       says what of docs/images shows something else

A test takes its pictures in every run; ``make pictures`` runs these tests in the newest Blender and
writes them. A film is several pictures of one name, numbered (``film.py``).
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageStat

from scripts.build import ROOT

IMAGES: Final = ROOT / "docs" / "images"
TAKEN: Final = ROOT / "build" / "screenshots" / "blender-sid"
QUALITY: Final = 82
FILM_QUALITY: Final = 60
FILM_WIDTH: Final = 960
SHOWN: Final = 800
SHOWN_LAST: Final = 3500
"""Milliseconds."""
COARSE: Final = (96, 96)
"""The size in which two pictures are compared: rows of a panel, and no letters."""
ALIKE: Final = 3.0
"""Mean difference, of 255, up to which they show the same; one more row makes 3.5 to 10."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One of ``docs/images``: the test that takes it, under which name, and what part is shown.

    ``box`` is left, top, right and bottom in pixels.
    """

    name: str
    test: str
    shot: str
    box: tuple[int, int, int, int] | None = None
    is_film: bool = False

    @property
    def path(self) -> Path:
        """The file in the tree."""
        return IMAGES / f"{self.name}.webp"

    def taken(self) -> list[Image.Image]:
        """What the test took, cut to the part; of a film every picture, in order."""
        if not self.is_film:
            return [self._opened(TAKEN / f"{self.shot}.png")]
        return [self._opened(path) for path in sorted(TAKEN.glob(f"{self.shot}-[0-9][0-9].png"))]

    def _opened(self, path: Path) -> Image.Image:
        with Image.open(path) as image:
            cut = image.convert("RGB").crop(self.box) if self.box else image.convert("RGB")
        if not self.is_film:
            return cut
        height = cut.height * FILM_WIDTH // cut.width
        return cut.resize((FILM_WIDTH, height), Image.Resampling.LANCZOS)

    def write(self) -> None:
        """Make the file in the tree."""
        first, *others = self.taken()
        if not self.is_film:
            first.save(self.path, quality=QUALITY, method=6)
            return
        first.save(
            self.path,
            save_all=True,
            append_images=others,
            duration=[SHOWN] * len(others) + [SHOWN_LAST],
            loop=0,
            quality=FILM_QUALITY,
            method=6,
        )

    def difference(self) -> float:
        """How far what the test took is from the file in the tree, 0 to 255."""
        with Image.open(self.path) as kept:
            kept.seek(getattr(kept, "n_frames", 1) - 1)
            before = kept.convert("L").resize(COARSE)
        now = self.taken()[-1].convert("L").resize(COARSE)
        return float(ImageStat.Stat(ImageChops.difference(before, now)).mean[0])


OF: Final = "tests/window/test_"
PICTURES: Final = (
    Picture(
        "first_model",
        f"{OF}main_job.py::test_a_prompt_becomes_a_model_in_the_scene",
        "first-model",
        is_film=True,
    ),
    Picture(
        "generate",
        f"{OF}alternatives.py::test_two_variations_are_ordered_and_one_is_kept",
        "variations-price",
        (480, 60, 1152, 610),
    ),
    Picture(
        "image_panel",
        f"{OF}image_panel.py::test_a_picture_from_words_becomes_the_start_of_a_model",
        "image-panel",
        (480, 60, 1152, 650),
    ),
    Picture(
        "miniature",
        f"{OF}image_panel.py::test_a_photo_is_judged_and_becomes_a_miniature",
        "miniature-panel",
        (480, 60, 1152, 820),
    ),
    Picture(
        "tools",
        f"{OF}round_trip.py::test_repair_swap_undo_and_redo",
        "tools-before",
        (480, 60, 1152, 945),
    ),
    Picture(
        "print_findings",
        f"{OF}print.py::test_from_a_bust_with_holes_to_a_file_for_a_slicer",
        "print-findings",
        (280, 60, 985, 970),
    ),
    Picture(
        "candidates",
        f"{OF}candidates.py::test_words_become_pictures_and_the_picked_one_a_model",
        "candidates-large-picked",
    ),
    Picture(
        "comparison",
        f"{OF}alternatives.py::test_engines_are_compared_and_rendered",
        "comparison-labels",
    ),
    Picture(
        "jobs",
        f"{OF}orders_and_results.py::test_the_list_can_be_read",
        "orders-dark",
        (0, 0, 292, 520),
    ),
    Picture(
        "results",
        f"{OF}orders_and_results.py::test_by_hand",
        "orders-results",
    ),
)
"""All of them."""


def main() -> int:
    """Run the command line; 1 if a picture shows something else."""
    parser = argparse.ArgumentParser(description="The pictures of the documents")
    parser.add_argument("--write", action="store_true", help="write docs/images")
    parser.add_argument("--compare", action="store_true", help="compare with docs/images")
    options = parser.parse_args()
    if options.write:
        for picture in PICTURES:
            picture.write()
        return 0
    if not options.compare:
        sys.stdout.writelines(f"{test}\n" for test in dict.fromkeys(p.test for p in PICTURES))
        return 0
    found = {picture.name: picture.difference() for picture in PICTURES}
    stale = [f"{name} ({far:.1f})" for name, far in found.items() if far > ALIKE]
    if stale:
        sys.stderr.write(f"docs/images shows something else: {', '.join(stale)}: make pictures\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
