"""Which libraries a child has."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import seconds
from tests.worker.conftest import BOOTSTRAP

TELL = """
import runpy, sys
runpy.run_path(sys.argv[1])["load_package"](sys.argv[2])
import calendar, requests
print(calendar.__file__, requests.__file__, sep="\\n")
"""


@pytest.mark.parametrize("hidden", [(), ("-S",)], ids=["the host's too", "the host has none"])
def test_those_that_came_along_go_before_the_hosts_and_behind_pythons_own(
    tmp_path: Path, hidden: tuple[str, ...]
) -> None:
    for name in ("calendar", "requests"):  # another extension may bring anything
        (tmp_path / f"{name}.py").touch()
    done = subprocess.run(
        [sys.executable, "-I", *hidden, "-c", TELL, str(BOOTSTRAP), str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds(30),
    )
    calendar, requests = map(Path, done.stdout.splitlines())
    assert requests == tmp_path / "requests.py"
    assert calendar.parent != tmp_path
