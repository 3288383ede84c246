"""``python -m tests.run_table FOLDER``: what was run where and when, from the reports of a run.

Each suite leaves in FOLDER its JUnit report and, beside it, where it ran (``tests/conftest.py``
calls ``note``). The table is printed; with ``--write`` it becomes ``docs/tested.md``.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "tested.md"
TOP: Final = """\
# What was run where

Made by a run of the tests (`make test`, then `make tested`), one line a suite. CONTRIBUTING says
what each of them is; what differs between systems says [systems.md](systems.md).

"""
HEADING: Final = (
    *("Suite", "System", "Blender", "Python", "When (UTC)", "Passed", "Failed", "Not for it"),
)
WITHOUT: Final = "–"  # noqa: RUF001 - a dash in a table


class Suite(NamedTuple):
    """One line of the table."""

    name: str
    system: str
    blender: str
    python: str
    when: str
    passed: int
    failed: int
    skipped: int


def note(config: pytest.Config) -> None:
    """Write down where this suite ran, if a report of it is written."""
    report = config.getoption("xmlpath", None)
    if report is None or hasattr(config, "workerinput"):  # one of several processes of a suite
        return
    told = {
        "system": f"{platform.system()} {platform.machine()}",
        "blender": _blender(config.getoption("blender", None)),
        "python": platform.python_version(),
        "when": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }
    if config.getoption("blender", None):
        told["python"] = WITHOUT  # that of the window is not the one that looks at it
    beside = Path(report).with_suffix(".json")
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.write_text(json.dumps(told), encoding="utf-8")


def _blender(program: str | None) -> str:
    """The version of the Blender around this process, or of the one that a window is opened of."""
    if program:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        return said.stdout.splitlines()[0].removeprefix("Blender ")
    around = sys.modules.get("bpy")
    return WITHOUT if around is None else str(around.app.version_string)


def read(report: Path) -> Suite:
    """A suite's line."""
    where = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - written by pytest
    skipped = sum(case.find("skipped") is not None for case in cases)
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    return Suite(
        report.stem,
        **{name: str(where[name]) for name in ("system", "blender", "python", "when")},
        passed=len(cases) - failed - skipped,
        failed=failed,
        skipped=skipped,
    )


def table(folder: Path) -> str:
    """All suites whose report and place are known, in Markdown."""
    found = [read(one) for one in sorted(folder.glob("*.xml")) if one.with_suffix(".json").exists()]
    lines = [HEADING, ("---",) * len(HEADING), *found]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def main() -> int:
    """Run the command line; returns 1 for a page that was to be written of a run that failed."""
    parser = argparse.ArgumentParser(description="What was run where")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write the page from this run")
    options = parser.parse_args()
    text = table(options.folder)
    sys.stdout.write(text)
    if options.write:
        if any(read(one).failed for one in options.folder.glob("*.xml")):
            sys.stderr.write("a test failed: the page stays as it is\n")
            return 1
        PAGE.write_text(TOP + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
