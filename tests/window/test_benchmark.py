"""The benchmark's windows: small and once, without a look at the times."""

from pathlib import Path

import pytest

from scripts.bench.__main__ import PARTS, measured_with


@pytest.mark.newest
@pytest.mark.parametrize(("part", "count"), [("placing", 6), ("dead-network", 2), ("arriving", 1)])
def test_it_measures_in_windows(blender: str, tmp_path: Path, part: str, count: int) -> None:
    rows = list(PARTS[part](measured_with(blender, tmp_path, is_quick=True)))
    assert len(rows) == count
    assert all(row.ours.median > 0 for row in rows)
    assert all(row.direct is None or row.direct.median > 0 for row in rows)
