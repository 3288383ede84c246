"""Print the test files of a suite that a change can break, one a line.

    python -m tests.changed plain                   since this branch left the main one
    python -m tests.changed window --base v1.2.0    since that revision

What is not committed counts, and so do new files that git does not ignore. Nothing is printed when
nothing can break, and every test file of the suite when that cannot be known.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.changed import history
from tests.changed.graph import Graph
from tests.changed.suites import SUITES, broken, suite_files
from tests.package.imports import ROOT

CANNOT_KNOW = (SyntaxError, UnicodeDecodeError, OSError, subprocess.CalledProcessError)
"""Files that are half written, a tree without a history, and the like."""


def affected(suite: str, base: str | None = None, root: Path = ROOT) -> list[str]:
    """The test files of the suite that can break. Raises NoSuchRevision."""
    there = (path.relative_to(root).as_posix() for path in root.glob("tests/**/test_*.py"))
    tests = suite_files(Graph(root, there), suite)
    try:
        found = _broken_since(history.changes(root, base), suite, root)
    except CANNOT_KNOW as error:
        sys.stderr.write(f"{error}: every test runs\n")
        return tests
    return [test for test in tests if test in found]


def _broken_since(changes: history.Changes, suite: str, root: Path) -> set[str]:
    found = broken(Graph(root, history.files(root)), suite, changes.changed)
    if changes.deleted:  # only the base knows who needed them
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            before = Graph(folder, history.extract(root, changes.base, folder))
            found += broken(before, suite, changes.deleted)
    return set(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.changed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--base", help="the revision to compare with")
    options = parser.parse_args(arguments)
    try:
        found = affected(options.suite, options.base)
    except history.NoSuchRevision as error:
        parser.error(str(error))
    sys.stdout.writelines(f"{test}\n" for test in found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
