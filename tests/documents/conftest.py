"""Fixtures of the tests of the documents."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def blender() -> str:
    """A real Blender; ``make test-plain`` names one."""
    found = os.environ.get("STUDIO3D_SANDBOX_BLENDER") or shutil.which("blender")
    assert found, "no Blender: set STUDIO3D_SANDBOX_BLENDER"
    return found
