"""``python -m tests.slowest FOLDER``: which tests took longest, so that creep shows.

FOLDER holds one JUnit report of pytest for each suite.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

SHOWN = 25


class Test(NamedTuple):
    """One test, with its seconds; fixtures count."""

    seconds: float
    suite: str
    name: str


def read(report: Path) -> list[Test]:
    """The tests of one suite's report."""
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by pytest
    return [
        Test(
            float(case.get("time", 0)), report.stem, f"{case.get('classname')}::{case.get('name')}"
        )
        for case in cases
    ]


def table(tests: list[Test]) -> list[str]:
    """Lines with the slowest tests, and what each suite's tests took together."""
    lines = [f"The slowest {SHOWN} of {len(tests)} tests:"]
    slowest = sorted(tests, reverse=True)[:SHOWN]
    lines += [f"{test.seconds:7.1f} s  {test.suite}  {test.name}" for test in slowest]
    lines.append("All tests of a suite:")
    for suite in sorted({test.suite for test in tests}):
        own = [test.seconds for test in tests if test.suite == suite]
        lines.append(f"{sum(own):7.1f} s  {suite}  {len(own)} tests")
    return lines


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Show which tests took longest")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    tests = [test for report in sorted(folder.glob("*.xml")) for test in read(report)]
    sys.stdout.write("\n".join(table(tests)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
