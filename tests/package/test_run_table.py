"""The table of what was run where, made from pytest's own reports."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import run_table
from tests.package.imports import ROOT

CONFTEST = """
from tests.run_table import note

def pytest_addoption(parser):
    parser.addoption("--blender")

def pytest_sessionfinish(session):
    note(session.config)
"""
MADE_UP = """
import pytest

def test_passes():
    pass

@pytest.mark.skip
def test_is_not_for_this_one():
    pass

def test_fails():
    assert False
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a suite with a failure, and of one in two processes with a window's Blender."""
    folder = tmp_path_factory.mktemp("made_up")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_made_up.py").write_text(MADE_UP)
    program = folder / "blender"
    program.write_text("#!/bin/sh\necho Blender 9.8.7 LTS\necho build date: long ago\n")
    program.chmod(0o755)
    kept = folder / "reports"
    for name, arguments in {
        "one": (),
        "two": ("-k", "not fails", "-n", "2", f"--blender={program}"),
    }.items():
        report = f"--junitxml={kept / name}.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", report]
        subprocess.run(
            [*command, f"--rootdir={folder}", *arguments, str(folder)],
            cwd=ROOT,
            check=False,
            stdout=subprocess.DEVNULL,
        )
    return kept


def test_each_suite_has_its_line(reports: Path) -> None:
    lines = run_table.table(reports).splitlines()
    assert [line.count("|") for line in lines] == [len(run_table.HEADING) + 1] * 4
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = r"(Linux|Windows|Darwin) \w+"
    when = r"20\d\d-\d\d-\d\d \d\d:\d\d"
    dash = run_table.WITHOUT
    one = rf"\| one \| {place} \| {dash} \| {python}\.\d+ \| {when} \| 1 \| 1 \| 1 \|"
    two = rf"\| two \| {place} \| 9\.8\.7 LTS \| {dash} \| {when} \| 1 \| 0 \| 1 \|"
    assert re.fullmatch(one, lines[2])
    assert re.fullmatch(two, lines[3])


def test_the_page_is_of_a_run_without_failures(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "tested.md"
    monkeypatch.setattr(run_table, "PAGE", page)
    monkeypatch.setattr(sys, "argv", ["run_table", str(reports), "--write"])
    assert run_table.main() == 1
    assert not page.exists()
    for path in reports.glob("one.*"):
        path.unlink()
    assert run_table.main() == 0
    assert page.read_text(encoding="utf-8").startswith("# What was run where\n")
