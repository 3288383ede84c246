"""The Blenders of this machine: where installers, stores and package managers put them.

Nothing is started to find out: a Blender has a folder beside it that is called after its version.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shutil import which
from typing import Final

OLDEST: Final = (4, 2)
"""As the extension's manifest has it."""
FLATPAK: Final = "org.blender.Blender"
"""Blender's name there, and that of what starts it."""

LAUNCHER: Final = "blender-launcher.exe"
"""What Windows' shortcuts start."""

_STEAM: Final = "steamapps/common/Blender"
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "win32": (
        "{PROGRAMFILES}/Blender Foundation/*/blender.exe",
        "{PROGRAMW6432}/Blender Foundation/*/blender.exe",
        "{steam}/" + _STEAM + "/blender.exe",
        "{LOCALAPPDATA}/Programs/Blender Foundation/*/blender.exe",
        "{LOCALAPPDATA}/Microsoft/WindowsApps/blender.exe",  # what the Microsoft Store puts there
    ),
    "darwin": (
        "/Applications/[Bb]lender*.app/Contents/MacOS/[Bb]lender",
        "/Applications/Blender*/[Bb]lender*.app/Contents/MacOS/[Bb]lender",
        "{HOME}/Applications/[Bb]lender*.app/Contents/MacOS/[Bb]lender",
        "{steam}/" + _STEAM + "/[Bb]lender.app/Contents/MacOS/[Bb]lender",
    ),
    "linux": (
        "/opt/blender*/blender",
        "/opt/*/blender*/blender",
        "/usr/local/blender*/blender",
        "{HOME}/blender*/blender",
        "{HOME}/Applications/blender*/blender",
        "{HOME}/.local/opt/blender*/blender",
        "{steam}/" + _STEAM + "/blender",
        "/snap/bin/blender",
        "{HOME}/.local/share/flatpak/exports/bin/" + FLATPAK,
        "/var/lib/flatpak/exports/bin/" + FLATPAK,
    ),
}
"""Patterns by ``sys.platform``; in braces variables of the environment, and libraries of Steam."""

STEAM: Final[Mapping[str, tuple[str, ...]]] = {
    "win32": ("{PROGRAMFILES(X86)}/Steam", "{PROGRAMFILES}/Steam"),
    "darwin": ("{HOME}/Library/Application Support/Steam",),
    "linux": (
        "{HOME}/.local/share/Steam",
        "{HOME}/.steam/steam",
        "{HOME}/.var/app/com.valvesoftware.Steam/data/Steam",
        "{HOME}/snap/steam/common/.local/share/Steam",
    ),
}
"""Where Steam itself is; it lists its libraries there, which may be on other disks."""

_LIBRARY: Final = re.compile(r'"path"\s+"((?:[^"\\]|\\.)+)"')
_VERSION: Final = re.compile(r"(\d+)\.(\d+)")
_BRACES: Final = re.compile(r"\{([^}]+)\}")
NEVER: Final = (0, 0)


def find(
    environ: Mapping[str, str], platform: str = sys.platform, root: Path = Path("/")
) -> str | None:
    """The Blender on ``PATH``, else the newest of this machine; None if there is none for us.

    ``root`` is what absolute places are in.
    """
    named = which("blender", path=environ.get("PATH", ""))
    # Windows looks into the working folder first, which is somebody else's.
    if named is not None and Path(named).is_absolute() and not _is_too_old(Path(named)):
        return named
    return next(installed(environ, platform, root), None)


def meant(named: str) -> str:
    """The program that is meant where somebody names what they see of a Blender."""
    path = Path(named)
    if path.suffix.lower() == ".app":
        return str(path / "Contents" / "MacOS" / "Blender")
    if path.name.lower() == LAUNCHER:  # it ends at once, and knows nothing of what it started
        return str(path.with_name("blender.exe"))
    return named


def installed(
    environ: Mapping[str, str], platform: str = sys.platform, root: Path = Path("/")
) -> Iterator[str]:
    """All that installers have put here and that are new enough, the newest first."""
    variables = {name.upper(): value for name, value in environ.items()}
    found: dict[Path, tuple[int, int]] = {}
    for place in _expanded(PLACES.get(platform, ()), variables, platform, root):
        for path in _matching(place):
            if os.access(path, os.X_OK) or path.is_symlink():
                found.setdefault(path, version(path))
    new_enough = [path for path in found if found[path] >= OLDEST or found[path] == NEVER]
    # Of two that are as new the one of the better place; what does not say comes last.
    return map(str, sorted(new_enough, key=lambda path: found[path], reverse=True))


def version(program: Path) -> tuple[int, int]:
    """Of a Blender, by the folders beside it or by its own; ``NEVER`` if nothing says."""
    real = Path(os.path.realpath(program))
    beside = (
        real.parent,
        real.parent.parent / "Resources",
        real.parent.parent / "share" / "blender",
    )
    told = [folder.name for place in beside for folder in _folders(place)]
    read = [match for name in told if (match := _VERSION.fullmatch(name))]
    if not read:
        named = (_VERSION.search(part) for part in reversed(real.parts[-4:-1]))
        read = [match for match in named if match]
    return max(((int(match[1]), int(match[2])) for match in read), default=NEVER)


def _is_too_old(program: Path) -> bool:
    return NEVER < version(program) < OLDEST


def _expanded(
    places: Iterable[str], variables: Mapping[str, str], platform: str, root: Path
) -> Iterator[Path]:
    """The places with what stands in braces; without those of which nothing is known."""
    for place in places:
        if "{steam}" in place:
            libraries = _steam_libraries(variables, platform, root)
            yield from (library / place.removeprefix("{steam}/") for library in libraries)
            continue
        (head, *_), name = place.split("/", 1), _BRACES.match(place)
        if name is None:
            yield root / place.lstrip("/")
        elif variables.get(name[1]):
            yield Path(variables[name[1]]) / place.removeprefix(f"{head}/")


def _steam_libraries(variables: Mapping[str, str], platform: str, root: Path) -> Iterator[Path]:
    for steam in _expanded(STEAM.get(platform, ()), variables, platform, root):
        yield steam
        try:
            text = (steam / "steamapps" / "libraryfolders.vdf").read_text("utf-8", "replace")
        except OSError:
            continue
        yield from (Path(path.replace("\\\\", "\\")) for path in _LIBRARY.findall(text))


def _matching(pattern: Path) -> list[Path]:
    """What is there by that pattern, in the same sequence everywhere; [] where nothing can be."""
    first = next((n for n, part in enumerate(pattern.parts) if set("*[") & set(part)), None)
    if first is None:
        return [pattern] if os.path.lexists(pattern) else []
    folder = Path(*pattern.parts[:first])
    try:
        return sorted(folder.glob("/".join(pattern.parts[first:])))
    except OSError:
        return []


def _folders(place: Path) -> list[Path]:
    try:
        return [path for path in place.iterdir() if path.is_dir()]
    except OSError:
        return []
