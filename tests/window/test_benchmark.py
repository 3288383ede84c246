"""The benchmark's windows: small and once, without a look at the times."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.bench import arriving, dead_network, placing
from scripts.bench.machine import Setting, measured_with
from scripts.bench.rows import Row


@pytest.mark.newest
@pytest.mark.parametrize(
    ("rows_of", "count"), [(placing.rows, 5), (dead_network.rows, 2), (arriving.rows, 1)]
)
def test_it_measures_in_windows(
    blender: str, tmp_path: Path, rows_of: Callable[[Setting], Iterator[Row]], count: int
) -> None:
    rows = list(rows_of(measured_with(blender, tmp_path, is_quick=True)))
    assert len(rows) == count
    assert all(row.ours.median > 0 for row in rows)
    assert all(row.direct is None or row.direct.median > 0 for row in rows)
