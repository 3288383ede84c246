"""``python -m tests.fault_table FOLDER``: what was broken and attacked, and what came of it.

Tests say it in two marks, of which each is a row of ``docs/faults.md``::

    @pytest.mark.fault("what goes wrong", "what comes of it")
    @pytest.mark.attack("what is tried", "what comes of it")

They are put into pytest's JUnit reports (``tests/conftest.py`` calls ``take_down``); FOLDER has one
for each suite. The page is written with ``--write``, and compared otherwise.
"""

import argparse
import ast
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "faults.md"
SUITES: Final = {
    "test-plain": ("worker and command line", ""),
    "test-bpy-4.2": ("Blender", "4.2"),
    "test-blender-trixie": ("Blender", "4.3"),
    "test-bpy-4.5": ("Blender", "4.5"),
    "test-blender-sid": ("Blender", "5.2"),
    "test-window-trixie": ("window", "4.3"),
    "test-window-alone-trixie": ("window", "4.3"),
    "test-window-sid": ("window", "5.2"),
    "test-window-alone-sid": ("window", "5.2"),
}
"""Suite -> where its tests are run, in the page's words; other suites repeat tests of these."""
KINDS: Final = {
    "fault": ("Faults", "What goes wrong", "What comes of it"),
    "attack": ("Attacks", "What is tried", "What comes of it"),
}
"""Name of the mark -> heading of its table, and of the table's first two columns."""
TOP: Final = """\
# Faults and attacks

What was made to go wrong, and what was tried by a service, a file or a person of ill will. Each
line is tried by a test, and what came of it is what that test asserts: of the worker, the command
line, Blender without and with a window. Whether anything was paid twice says the sandbox, in whose
log of charges each order has one line.

A whole run of the tests (`make test`) compares this page with what it found; `make faults` writes
it from that run.
"""


class Row(NamedTuple):
    """A line of the page: the kind of mark and its two texts."""

    kind: str
    what: str
    outcome: str


class Tried(NamedTuple):
    """One test that ran, with one of its rows."""

    row: Row
    suite: str
    file: str
    passed: bool


def take_down(item: pytest.Item) -> None:
    """Have the test's marks put into its report."""
    file = item.path.relative_to(item.config.rootpath).as_posix()
    for mark in item.iter_markers():
        if mark.name in KINDS:
            what, outcome = mark.args
            item.user_properties.append((mark.name, json.dumps([what, outcome, file])))


def declared(files: Iterable[Path]) -> Iterator[Row]:
    """Every row that these tests are marked with; ValueError for one that is not plain."""
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in KINDS and ast.unparse(node.func.value).endswith("mark"):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                if len(texts) != 2 or len(node.args) != 2:
                    raise ValueError(f"{path}:{node.lineno}: two texts, as they stand")
                yield Row(node.func.attr, str(texts[0]), str(texts[1]))


def files_of_tests() -> list[Path]:
    """All files of the project's tests."""
    return sorted((ROOT / "tests").rglob("test_*.py"))


def read(report: Path) -> Iterator[Tried]:
    """What one suite tried."""
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - written by pytest
        if case.find("skipped") is not None:  # it was not tried there
            continue
        passed = case.find("failure") is None and case.find("error") is None
        for found in case.iter("property"):
            kind = found.get("name", "")
            if kind in KINDS:
                what, outcome, file = json.loads(found.get("value", ""))
                yield Tried(Row(kind, what, outcome), report.stem, file, passed)


def complaints(rows: Iterable[Row], tried: Iterable[Tried]) -> list[str]:
    """Rows that are marked and were not run, and those that did not come out as they say."""
    tests = list(tried)
    run = {test.row for test in tests}
    failed = [f"failed in {t.suite}: {t.row.what} ({t.file})" for t in tests if not t.passed]
    return sorted({*failed, *(f"did not run: {row.what}" for row in rows if row not in run)})


def page(tried: Iterable[Tried]) -> str:
    """The page's text."""
    tests = [test for test in tried if test.suite in SUITES]
    counts = {kind: len({t.row for t in tests if t.row.kind == kind}) for kind in KINDS}
    lines = [TOP, f"Tried: {counts['fault']} faults, {counts['attack']} attacks."]
    for kind, (title, what, outcome) in KINDS.items():
        lines += ["", f"## {title}", "", f"| {what} | {outcome} | Tried in | Test |"]
        lines += ["|---|---|---|---|"]
        # In the order of the files, so that what belongs together stands together.
        own = {t.row: t.file for t in sorted(tests, key=lambda t: t.file) if t.row.kind == kind}
        for row in sorted(own, key=lambda row: (own[row], row)):
            where = {SUITES[t.suite] for t in tests if t.row == row}
            files = sorted({t.file for t in tests if t.row == row})
            cells = [row.what, row.outcome, _places(where), ", ".join(map(_link, files))]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _places(where: set[tuple[str, str]]) -> str:
    """``worker and command line; Blender 4.2, 4.5; window 5.2``."""
    names: dict[str, list[str]] = {}
    for name, version in dict.fromkeys(SUITES.values()):
        if (name, version) in where:
            names.setdefault(name, []).append(version)
    return "; ".join(f"{name} {', '.join(versions)}".rstrip() for name, versions in names.items())


def _link(file: str) -> str:
    return f"[{Path(file).stem.removeprefix('test_')}](../{file})"


def main() -> int:
    """Run the command line; returns 1 if the run was not whole, or the page says something else."""
    parser = argparse.ArgumentParser(description="The table of faults and attacks")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write the page from this run")
    options = parser.parse_args()
    tried = [test for report in sorted(options.folder.glob("*.xml")) for test in read(report)]
    bad = complaints(declared(files_of_tests()), tried)
    text = page(tried)
    if not bad and options.write:
        PAGE.write_text(text, encoding="utf-8")
    elif not bad and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        bad = [f"{PAGE.relative_to(ROOT)} is not what this run gave: make faults writes it"]
    sys.stderr.writelines(f"{line}\n" for line in bad)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
