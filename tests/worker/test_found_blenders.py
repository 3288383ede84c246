"""Blenders are found where each system's installers put them, the newest first."""

import os
from pathlib import Path

import pytest

from addon.worker import background, found_blenders
from addon.worker.found_blenders import FLATPAK, find, installed, meant

WINDOWS_42 = "Program Files/Blender Foundation/Blender 4.2"
WINDOWS_51 = "Program Files/Blender Foundation/Blender 5.1"
STEAM_OF_MAC = "home/me/Library/Application Support/Steam"
STEAM_OF_WINDOWS = "Program Files (x86)/Steam"
MAC_PROGRAM = "Blender.app/Contents/MacOS/Blender"
APP = "Applications/Blender.app/Contents"


def put(program: Path, version: str = "", *, beside: str = "") -> Path:
    """A Blender, with the folder that tells its version."""
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    if version:
        (program.parent / beside / version / "scripts").mkdir(parents=True)
    return program


def user_of(root: Path, platform: str) -> dict[str, str]:
    """The environment of somebody whose disk ``root`` is."""
    if platform != "win32":
        return {"HOME": str(root / "home" / "me"), "PATH": str(root / "bin")}
    return {
        "ProgramFiles": str(root / "Program Files"),
        "ProgramFiles(x86)": str(root / "Program Files (x86)"),
        "LOCALAPPDATA": str(root / "Users" / "me" / "AppData" / "Local"),
        "PATH": str(root / "bin"),
    }


PLACES = [
    ("win32", f"{WINDOWS_42}/blender.exe", "4.2", ""),
    ("win32", f"{STEAM_OF_WINDOWS}/steamapps/common/Blender/blender.exe", "5.1", ""),
    ("win32", "Users/me/AppData/Local/Microsoft/WindowsApps/blender.exe", "", ""),
    ("darwin", f"{APP}/MacOS/Blender", "4.5", "../Resources"),
    ("darwin", "Applications/Blender 4.2.app/Contents/MacOS/Blender", "", ""),
    ("darwin", "home/me/Applications/Blender-5.app/Contents/MacOS/Blender", "", ""),
    ("darwin", f"{STEAM_OF_MAC}/steamapps/common/Blender/{MAC_PROGRAM}", "", ""),
    ("linux", "opt/blender-4.5.1-linux-x64/blender", "4.5", ""),
    ("linux", "home/me/blender/blender", "", ""),
    ("linux", "snap/bin/blender", "", ""),
    ("linux", f"home/me/.local/share/flatpak/exports/bin/{FLATPAK}", "", ""),
    ("linux", f"var/lib/flatpak/exports/bin/{FLATPAK}", "", ""),
    ("linux", "home/me/.local/share/Steam/steamapps/common/Blender/blender", "5.2", ""),
]


@pytest.mark.parametrize(("platform", "place", "version", "beside"), PLACES)
def test_it_is_found_where_it_was_put(
    tmp_path: Path, platform: str, place: str, version: str, beside: str
) -> None:
    environ = user_of(tmp_path, platform)
    assert find(environ, platform, tmp_path) is None
    program = put(tmp_path / place, version, beside=beside)
    assert find(environ, platform, tmp_path) == str(program)


def test_the_newest_that_is_supported_comes_first(tmp_path: Path) -> None:
    environ = user_of(tmp_path, "win32")
    library = tmp_path / "Games"
    steam = tmp_path / STEAM_OF_WINDOWS / "steamapps" / "libraryfolders.vdf"
    steam.parent.mkdir(parents=True)
    path = str(library).replace("\\", "\\\\")
    steam.write_text(f'"libraryfolders"\n{{\n "0"\n {{\n  "path"\t\t"{path}"\n }}\n}}\n')
    old = put(tmp_path / "Program Files/Blender Foundation/Blender 3.6/blender.exe", "3.6")
    low = put(tmp_path / WINDOWS_42 / "blender.exe", "4.2")
    high = put(tmp_path / WINDOWS_51 / "blender.exe", "5.1")
    bought = put(library / "steamapps/common/Blender/blender.exe", "4.5")
    store = put(tmp_path / "Users/me/AppData/Local/Microsoft/WindowsApps/blender.exe")
    found = list(installed(environ, "win32", tmp_path))
    assert found == [str(one) for one in (high, bought, low, store)]
    assert str(old) not in found


@pytest.mark.parametrize(("version", "chosen"), [("3.4", False), ("4.3", True), ("", True)])
def test_the_one_on_the_path_comes_first_unless_it_is_too_old(
    tmp_path: Path, version: str, chosen: bool
) -> None:
    name = "blender.exe" if os.name == "nt" else "blender"
    on_path = put(tmp_path / "bin" / name)
    if version:
        (tmp_path / "share" / "blender" / version).mkdir(parents=True)
    other = put(tmp_path / "opt" / "blender-5.0" / "blender", "5.0")
    found = find(user_of(tmp_path, "linux"), "linux", tmp_path)
    assert str(found).lower() == str(on_path if chosen else other).lower()


def test_what_people_see_of_a_blender_is_taken_for_it() -> None:
    app = Path("/Applications/Blender.app")
    assert Path(meant(str(app))) == app / "Contents" / "MacOS" / "Blender"
    launcher = Path("C:/Blender/blender-launcher.exe")
    assert Path(meant(str(launcher))) == launcher.with_name("blender.exe")
    assert meant("blender") == "blender"


def test_a_flatpak_sees_what_it_works_on(tmp_path: Path) -> None:
    command = background.command(f"/var/lib/flatpak/exports/bin/{FLATPAK}", tmp_path / "a.py")
    assert command[:2] == ["flatpak", "run"]
    name = command.index(FLATPAK)
    assert f"--filesystem={tmp_path}" in command[:name]
    assert command[name + 1] == "--background"
    assert command[-2:] == ["--python", str(tmp_path / "a.py")]


def test_every_system_has_places() -> None:
    assert set(found_blenders.PLACES) == set(found_blenders.STEAM) == {"win32", "darwin", "linux"}
