"""The benchmark's windows: small and once, without a look at the times."""

from pathlib import Path

from scripts.bench import placing
from scripts.bench.__main__ import measured_with


def test_it_measures_in_windows(blender: str, tmp_path: Path) -> None:
    rows = list(placing.rows(measured_with(blender, tmp_path, is_quick=True)))
    assert len(rows) == 3 * len(placing.SHADINGS)
    assert all(row.ours.median > 0 for row in rows)
    assert all(row.direct is not None and row.direct.median > 0 for row in rows)
