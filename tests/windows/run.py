"""Run the plain tests in Windows' own Python under Wine.

    python -m tests.windows.run --python PATH [pytest arguments]

PATH is what ``scripts/get_windows.sh`` prints. Sandboxes run beside it, in this system; the tests
ask this process for them. Which files run says ``limits.toml``. Returns pytest's exit code.
"""

import argparse
import os
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.patience import for_who_cannot_tell
from tests.sandboxes import run_with_sandboxes
from tests.windows.limits import ROOT, is_left_out, read

LIMIT_SECONDS = 900.0
"""For all of the tests, at most, on an idle machine."""
HOW = ("--capture=sys", "--color=no", "-p", "no:cacheprovider")
"""Wine has no files that a process could write its output to instead."""
NOTHING_SELECTED = 5
"""As pytest says it."""


def chosen(given: Sequence[str]) -> list[str] | None:
    """Pytest's arguments with the tests to run, all that are for Windows where none is named.

    None if all that are named are not for Windows.
    """
    limits = read()
    options = [one for one in given if not one.startswith("tests/")]
    named = [one for one in given if one.startswith("tests/")]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tests = named or settings["tool"]["pytest"]["ini_options"]["testpaths"]
    # pytest reads the conftest.py of what it is given before it asks what to leave out.
    ours = [one for one in tests if not is_left_out(one.partition("::")[0], limits)]
    return [*options, *ours] if ours else None


def main() -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description="Run the plain tests in Windows' Python")
    parser.add_argument("--python", required=True, help="what starts Windows' Python")
    options, given = parser.parse_known_args()

    arguments = chosen(given)
    if arguments is None:
        return NOTHING_SELECTED
    with tempfile.TemporaryDirectory(prefix="studio3d-windows-") as name:
        command = [options.python, "-m", "pytest", *HOW]
        return run_with_sandboxes(
            [*command, *arguments], for_who_cannot_tell(os.environ), Path(name), usual=LIMIT_SECONDS
        )


if __name__ == "__main__":
    sys.exit(main())
