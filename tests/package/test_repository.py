"""Rules for every file of the repository."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.package.imports import ROOT

# Written so that this file does not match itself.
PLACES_OF_ONE_MACHINE = re.compile(r"(?<!\w)/(?:wor[k]|roo[t])/")
PACKAGE_REGISTRIES = re.compile(
    r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|de[b]\.debian\.org|[.]debian\.org/debian"
)
OWN_STARTERS = {"blender", "window"}
"""Folders of tests that need a Blender; the Makefile starts them apart."""


def tracked_files() -> list[Path]:
    """The files under version control, or all of them where there is none."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Names and contents of the files that are text."""
    found = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            found.append((str(path.relative_to(ROOT)), data.decode("utf-8")))
    return found


@pytest.mark.parametrize(
    "forbidden", [PLACES_OF_ONE_MACHINE, PACKAGE_REGISTRIES], ids=["machine", "registry"]
)
def test_no_file_names_a_machine_or_a_registry(forbidden: re.Pattern[str]) -> None:
    files = texts()
    assert "Makefile" in dict(files)
    assert [name for name, text in files if forbidden.search(text)] == []


def test_every_lock_file_pins_by_hash() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert {lock.stem for lock in locks} == {
        path.stem for path in (ROOT / "requirements").glob("*.in")
    }
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^[A-Za-z0-9._-]+==\S+", text, re.MULTILINE)
        blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
        assert pinned
        assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_every_folder_of_tests_is_run_by_some_command() -> None:
    with_tests = {path.parent.relative_to(ROOT) for path in ROOT.glob("tests/**/test_*.py")}
    tops = {folder.parts[1] for folder in with_tests}
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    plain = set(re.findall(r'^ +"tests/(\w+)",$', settings, re.MULTILINE))
    assert tops <= plain | OWN_STARTERS
