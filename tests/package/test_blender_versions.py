"""What runs in every version of Blender is there, and says what of Blender it tries."""

from tests.blender.versions import IN_EVERY_VERSION
from tests.package.imports import ROOT


def test_each_file_is_there_and_says_why() -> None:
    files = {path.name for path in (ROOT / "tests" / "blender").glob("test_*.py")}
    assert set(IN_EVERY_VERSION) < files
    assert all(len(why.split()) > 1 for why in IN_EVERY_VERSION.values())
    assert list(IN_EVERY_VERSION) == sorted(IN_EVERY_VERSION)
