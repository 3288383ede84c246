"""The zip that users install: what is in it, and that it can be made again."""

import re
import zipfile
from pathlib import Path

import pytest

from scripts import build, wheels
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
    shipped = tuple(build.SHIPPED_SUFFIXES)
    others = {name for name in names(archive) if not name.endswith(shipped)}
    libraries = {path.as_posix() for path in wheels.named()}
    assert others == {"LICENSE", "THIRD_PARTY.md", "blender_manifest.toml", *libraries}


def test_each_file_is_there_once_and_nothing_else_is(archive: Path) -> None:
    found = names(archive)
    assert len(found) == len(set(found))
    folders = {name.partition("/")[0] for name in found if "/" in name}
    assert folders == {*ALLOWED, "wheels"}
    assert [name for name in found if "__pycache__" in name or name.startswith("/")] == []


def test_two_builds_have_the_same_bytes(tmp_path: Path) -> None:
    first, second = build.build(tmp_path / "first"), build.build(tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()


def test_the_times_are_the_ones_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 2023-11-14T22:13:20Z
    with zipfile.ZipFile(build.build(tmp_path)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2023, 11, 14, 22, 13, 20)}


def test_a_kind_of_file_that_must_not_ship_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "addon"
    package.mkdir()
    (package / "notes.txt").touch()
    monkeypatch.setattr(build, "PACKAGE", package)
    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(build.BuildError, match=r"notes\.txt"):
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
