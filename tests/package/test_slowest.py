"""The table of the slowest tests, made from pytest's own reports."""

import subprocess
import sys
from pathlib import Path

from tests.package.imports import ROOT
from tests.slowest import SHOWN

CREEPING = """
import time
import pytest

@pytest.fixture
def slow():
    time.sleep(0.3)

def test_creeping(slow):
    pass

@pytest.mark.parametrize("number", range(30))
def test_quick(number):
    pass
"""


def test_the_slowest_are_named_and_each_suite_is_added_up(tmp_path: Path) -> None:
    (tmp_path / "test_made_up.py").write_text(CREEPING)
    reports = tmp_path / "reports"
    for suite in ("one", "two"):
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={reports / suite}.xml", tmp_path],
            cwd=tmp_path,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    said = subprocess.run(
        [sys.executable, "-m", "tests.slowest", str(reports)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert said[0] == f"The slowest {SHOWN} of 62 tests:"
    assert {line.split()[2] for line in said[1:3]} == {"one", "two"}
    assert all("test_creeping" in line for line in said[1:3])
    assert sum("test_quick" in line for line in said) == SHOWN - 2
    assert [line.split(maxsplit=2)[2] for line in said[-2:]] == ["one  31 tests", "two  31 tests"]
    assert all(float(line.split()[0]) >= 0.3 for line in said[-2:])
