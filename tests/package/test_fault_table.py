"""The page of faults and attacks: made from what was run, enough of both, one outcome each."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.fault_table import PAGE, Row, complaints, declared, files_of_tests, page, read
from tests.package.imports import ROOT

FAULTS = 80
ATTACKS = 50

CONFTEST = """
from tests.fault_table import take_down

def pytest_itemcollected(item):
    take_down(item)
"""
MADE_UP = """
import pytest

@pytest.mark.attack("a name with ../", "the file stays in its folder")
@pytest.mark.parametrize("times", [
    pytest.param(1, marks=pytest.mark.fault("the disk is full", "kept | told")),
    pytest.param(2, marks=pytest.mark.fault("the disk is gone", "kept")),
])
def test_made_up(times):
    assert times != 2

def test_of_nothing():
    pass
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two suites report, in which the second fault fails."""
    folder = tmp_path_factory.mktemp("made_up")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_made_up.py").write_text(MADE_UP)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n fault\n attack\n")
    for suite in ("test-plain", "test-window-sid"):
        report = folder / "reports" / f"{suite}.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        ended = subprocess.run(
            [*command, f"--junitxml={report}", f"--rootdir={folder}", folder],
            cwd=ROOT,
            check=False,
            stdout=subprocess.DEVNULL,
        )
        assert ended.returncode == 1  # the failing one
    return folder / "reports"


def test_a_page_is_made_of_what_was_run(reports: Path) -> None:
    tried = [test for report in reports.glob("*.xml") for test in read(report)]
    written = page(tried)
    assert "Tried: 2 faults, 1 attacks." in written
    row = "| the disk is full | kept \\| told | worker and command line; window 5.2 |"
    assert f"{row} [made_up](../test_made_up.py) |\n" in written


def test_what_failed_or_did_not_run_is_named(reports: Path) -> None:
    tried = [test for report in reports.glob("*.xml") for test in read(report)]
    rows = [*declared([reports.parent / "test_made_up.py"]), Row("fault", "no power", "kept")]
    assert complaints(rows, tried) == [
        "did not run: no power",
        "failed in test-plain: a name with ../ (test_made_up.py)",
        "failed in test-plain: the disk is gone (test_made_up.py)",
        "failed in test-window-sid: a name with ../ (test_made_up.py)",
        "failed in test-window-sid: the disk is gone (test_made_up.py)",
    ]


def test_a_mark_whose_words_are_not_plain_is_refused(tmp_path: Path) -> None:
    test = tmp_path / "test_made_up.py"
    test.write_text('@pytest.mark.fault(f"disk {1}", "kept")\ndef test_it(): ...\n')
    with pytest.raises(ValueError, match="two texts"):
        list(declared([test]))


def test_no_fault_has_two_outcomes() -> None:
    rows = set(declared(files_of_tests()))
    twice = [what for what, times in Counter(row[:2] for row in rows).items() if times > 1]
    assert twice == []


def test_the_page_has_enough_of_both() -> None:
    faults, _, attacks = PAGE.read_text(encoding="utf-8").partition("## Attacks")
    counts = [
        sum("](../tests/" in line for line in part.splitlines()) for part in (faults, attacks)
    ]
    assert counts[0] >= FAULTS
    assert counts[1] >= ATTACKS
