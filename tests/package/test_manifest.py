"""The manifest's values. Blender's own validator runs in tests/blender; it lets these pass."""

import re
import tomllib
from typing import Any

import pytest

from scripts.build import MANIFEST


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


def test_it_brings_no_wheels(manifest: dict[str, Any]) -> None:
    assert "wheels" not in manifest
