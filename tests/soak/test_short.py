"""The long run in short: some dozen jobs, with something going wrong at every other."""

from pathlib import Path

import pytest

from tests.soak import judge
from tests.soak.run import Plan, Soak


@pytest.mark.fault(
    "Connections that break, servers that stumble, damaged downloads and crashes, for many jobs",
    "Every job ends where it has to, nothing is paid twice, memory and files stay bounded",
)
def test_many_jobs_with_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    run = Soak(tmp_path, Plan(jobs=16, troubled=0.5, slow=False, crashes=5)).run()
    assert judge.faults(run) == []
    assert sum(run.armed.values()) > 4
