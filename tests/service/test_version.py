import tomllib

from addon.service.version import version
from scripts.build import ROOT


def test_it_is_that_of_the_manifest() -> None:
    assert (
        version()
        == tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))["version"]
    )


def test_it_stands_nowhere_else() -> None:
    sources = [
        *(ROOT / "addon").rglob("*.py"),
        *(ROOT / "scripts").rglob("*.py"),
        ROOT / "README.md",
    ]
    assert [path for path in sources if version() in path.read_text(encoding="utf-8")] == []
