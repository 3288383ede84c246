"""Names and contents of downloaded files."""

from pathlib import Path

import pytest

from addon.service.file_types import with_suffix


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("chair", "chair.fbx"),
        ("chair.obj", "chair.fbx"),
        ("chair.GLB", "chair.fbx"),
        ("chair v1.2", "chair v1.2.fbx"),
        ("Dr. Müller.stl", "Dr. Müller.fbx"),
    ],
)
def test_only_another_formats_ending_is_replaced(typed: str, name: str) -> None:
    assert with_suffix(Path("models") / typed, ".fbx") == Path("models") / name
