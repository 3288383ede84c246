"""The benchmark still measures: small and once, without a look at the times."""

import os
import shutil
from pathlib import Path

import pytest

from scripts.bench.__main__ import BEGIN, PAGE, PARTS
from scripts.bench.machine import measured_with
from scripts.bench.rows import HEADINGS, Row, Spread, cells, markdown

IN_WINDOWS = {"arriving", "dead-network", "placing"}
"""See ``tests/window/test_benchmark.py``."""
WITHOUT_WINDOW = sorted(set(PARTS) - IN_WINDOWS)


@pytest.fixture
def blender() -> str:
    found = os.environ.get("STUDIO3D_SANDBOX_BLENDER") or shutil.which("blender")
    assert found, "no Blender: set STUDIO3D_SANDBOX_BLENDER"
    return found


@pytest.mark.parametrize("part", WITHOUT_WINDOW)
def test_it_measures(part: str, blender: str, tmp_path: Path) -> None:
    rows = list(PARTS[part](measured_with(blender, tmp_path, is_quick=True)))
    assert rows
    for row in rows:
        assert row.ours.least <= row.ours.median <= row.ours.most
        assert row.what
        assert row.unit
        assert row.direct is None or row.than


@pytest.mark.parametrize(("ours", "ratio"), [(10.0, "1/4.0"), (80.0, "2.00 x"), (0.0, "0.00 x")])
def test_a_ratio_is_told_as_a_part_or_a_multiple(ours: float, ratio: str) -> None:
    row = Row("placing", "ms", Spread.of([ours]), "", Spread.of([39.0, 40.0, 41.0]), "importing")
    assert row.ratio == ratio
    assert cells(row)[4] == "40 (39 to 41)"


def test_the_page_has_every_row_of_a_run() -> None:
    written = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2]
    rows = [Row("one", "s", Spread.of([1.0]), "")]
    assert markdown("Title", rows).splitlines()[2] in written
    assert f"| {' | '.join(HEADINGS)} | limit |" in written
