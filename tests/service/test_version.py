import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

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


def test_it_is_unknown_where_there_are_only_the_programs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "addon" / "service", tmp_path / "addon" / "service")
    program = "from addon.service.version import version; print(version())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "unknown"
