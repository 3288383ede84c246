"""The zip that users install: what is in it, and that it can be made again."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts import build, manual, wheels
from tests.package.imports import PACKAGE, modules
from tests.package.test_layers import ALLOWED


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return build.build(tmp_path)


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as packed:
        return packed.namelist()


def test_it_holds_the_package_its_libraries_its_description_and_its_licence(archive: Path) -> None:
    code = {path.relative_to(PACKAGE).as_posix() for path in modules()}
    assert {name for name in names(archive) if name.endswith(".py")} == code
    libraries = {path.as_posix() for path in wheels.named()}
    beside = {"CHANGELOG.md", "LICENSE", "THIRD_PARTY.md", "blender_manifest.toml"}
    pages = {f"{manual.FOLDER}/{name}.html" for name in manual.PAGES}
    others = set(names(archive)) - code - libraries - beside - pages
    assert {name.rpartition("/")[0] for name in others} == set(build.SHIPPED)
    assert {Path(name).suffix for name in others} == {".glb", ".json", ".png"}
    assert libraries | beside | pages <= set(names(archive))


def test_each_file_is_there_once_and_nothing_else_is(archive: Path) -> None:
    found = names(archive)
    assert len(found) == len(set(found))
    folders = {name.partition("/")[0] for name in found if "/" in name}
    assert folders == {*ALLOWED, manual.FOLDER, "wheels"}
    assert [name for name in found if "__pycache__" in name or name.startswith("/")] == []


BUILT_FROM = ("addon", "docs", "scripts", "requirements", "wheels")
ELSEWHERE = {
    "LC_ALL": "C",
    "PYTHONHASHSEED": "7",
    "PYTHONUTF8": "0",
    "TZ": "Pacific/Kiritimati",
}
"""The environment of somebody else, 14 hours ahead."""


def test_another_person_builds_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    """In another folder, with other times, rights and language; with what tools leave about."""
    tree = tmp_path / "somewhere else"
    for name in BUILT_FROM:
        shutil.copytree(
            build.ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for path in build.BESIDE_THE_PACKAGE:
        shutil.copyfile(path, tree / path.name)
    (tree / "addon" / "__pycache__").mkdir()
    (tree / "addon" / "__pycache__" / "api.cpython-311.pyc").touch()
    for number, path in enumerate(sorted(tree.rglob("*"), reverse=True)):
        os.utime(path, (1_500_000_000 + number, 1_500_000_000 + number))
        if path.is_file():
            path.chmod(0o700)
    other = tmp_path / "other"
    subprocess.run(
        [sys.executable, "-m", "scripts.build", "--dist", str(other)],
        cwd=tree,
        env=os.environ | ELSEWHERE,
        check=True,
        capture_output=True,
        umask=0o077,
    )
    assert (other / archive.name).read_bytes() == archive.read_bytes()


def test_who_lacks_the_library_for_the_pages_leaves_them_out(tmp_path: Path) -> None:
    with_none = names(build.build(tmp_path, pages=False))
    assert [name for name in with_none if name.startswith(manual.FOLDER)] == []
    assert "api.py" in with_none


def test_the_times_are_the_ones_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 2023-11-14T22:13:20Z
    with zipfile.ZipFile(build.build(tmp_path)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2023, 11, 14, 22, 13, 20)}


@pytest.mark.parametrize("name", ["notes.txt", "jobs/vase.glb", "samples/key.json", "samples/.env"])
def test_a_file_that_is_not_named_as_one_to_ship_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    package = tmp_path / "addon"
    (package / name).parent.mkdir(parents=True)
    (package / name).touch()
    monkeypatch.setattr(build, "PACKAGE", package)
    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(build.BuildError, match=name):
        build.build(tmp_path / "dist")


def test_an_older_archive_gives_way(tmp_path: Path) -> None:
    older = tmp_path / "studio3d-0.0.1.zip"
    older.touch()
    archive = build.build(tmp_path)
    assert list(tmp_path.iterdir()) == [archive]
    assert re.fullmatch(r"studio3d-\d+\.\d+\.\d+\.zip", archive.name)


def test_another_file_under_a_wheels_name_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in wheels.ready():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"something else")
    monkeypatch.setattr(wheels, "ROOT", tmp_path)
    with pytest.raises(wheels.WheelsError, match=r"not the file that wheels\.lock asks for"):
        build.build(tmp_path / "dist")
