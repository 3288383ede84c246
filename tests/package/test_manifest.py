"""The manifest's values. Blender's own validator runs in tests/blender; it lets these pass."""

import re
import tomllib
import zipfile
from typing import Any

import pytest

from scripts import wheels
from scripts.build import MANIFEST, ROOT

WITHOUT = {"pygments", "markdown-it-py"}
"""rich shows code and Markdown with them; a child in Blender's tests draws a table without."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads(MANIFEST.read_text(encoding="utf-8"))


def test_its_fixed_names(manifest: dict[str, Any]) -> None:
    assert manifest["id"] == "studio3d"
    assert manifest["name"] == "3D AI Studio"
    assert manifest["license"] == ["SPDX:GPL-3.0-or-later"]
    assert manifest["blender_version_min"] == "4.2.0"


def test_it_says_that_it_is_independent(manifest: dict[str, Any]) -> None:
    assert "independent" in manifest["tagline"].lower()


def test_the_version_is_a_semantic_one(manifest: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", manifest["version"])


def test_it_asks_for_the_permissions_it_needs_and_no_more(manifest: dict[str, Any]) -> None:
    assert set(manifest["permissions"]) == {"clipboard", "files", "network"}


def pins(lock: str) -> set[str]:
    """The ``name==version`` of a lock file."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+==[^ ]+)", text, re.MULTILINE))


def test_it_brings_what_is_locked_and_tested_for_every_python(manifest: dict[str, Any]) -> None:
    named = [
        re.fullmatch(r"\./wheels/(\w+)-([\w.]+)-py3-none-any\.whl", n) for n in manifest["wheels"]
    ]
    brought = {f"{found[1].replace('_', '-')}=={found[2]}" for found in named if found}
    assert len(brought) == len(named)
    assert brought == pins("wheels.lock")
    assert brought <= pins("dev.lock")


def test_its_wheels_need_nothing_that_does_not_come_along() -> None:
    brought, needed = set(), set()
    for path in wheels.ready():
        with zipfile.ZipFile(ROOT / path) as packed:
            (name,) = (n for n in packed.namelist() if n.endswith(".dist-info/METADATA"))
            said = packed.read(name).decode()
        brought.add(path.name.partition("-")[0].replace("_", "-"))
        asked = re.findall(r"^Requires-Dist: ([\w-]+)(?![^\n]*extra ==)", said, re.MULTILINE)
        needed |= {found.lower().replace("_", "-") for found in asked}
    assert needed - brought == WITHOUT


def test_each_wheel_has_its_licence_told() -> None:
    told = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| \[([\w-]+)\]", told, re.MULTILINE))
    assert listed == {pin.partition("==")[0] for pin in pins("wheels.lock")}
