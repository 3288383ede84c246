"""Programs that slice models, and where each of them usually is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Slicer:
    """A slicer, which takes the files to open as its arguments."""

    key: str
    label: str
    programs: tuple[str, ...]
    """Names it is called by, where programs are looked for by name."""
    flatpaks: tuple[str, ...]
    """Its names among Flatpak's applications, which are programs of that name."""
    places: Mapping[str, tuple[str, ...]]
    """Patterns of files by ``sys.platform``; ``{home}`` and ``{programs}`` stand for folders."""


def _appimages(*names: str) -> tuple[str, ...]:
    folders = ("{home}/Applications", "{home}/.local/bin", "/opt")
    return tuple(f"{folder}/{name}*.AppImage" for folder in folders for name in names)


def _apps(*paths: str) -> tuple[str, ...]:
    return tuple(
        f"{folder}/{path}" for folder in ("/Applications", "{home}/Applications") for path in paths
    )


SLICERS: Final = (
    Slicer(
        "prusa",
        "PrusaSlicer",
        ("prusa-slicer", "PrusaSlicer"),
        ("com.prusa3d.PrusaSlicer",),
        {
            "linux": _appimages("PrusaSlicer"),
            "darwin": _apps(
                "PrusaSlicer.app/Contents/MacOS/PrusaSlicer",
                "Original Prusa Drivers/PrusaSlicer.app/Contents/MacOS/PrusaSlicer",
            ),
            "win32": ("{programs}/Prusa3D/PrusaSlicer*/prusa-slicer.exe",),
        },
    ),
    Slicer(
        "orca",
        "OrcaSlicer",
        ("orca-slicer", "OrcaSlicer"),
        ("io.github.softfever.OrcaSlicer", "com.orcaslicer.OrcaSlicer"),
        {
            "linux": _appimages("OrcaSlicer", "Orca_Slicer"),
            "darwin": _apps("OrcaSlicer.app/Contents/MacOS/OrcaSlicer"),
            "win32": ("{programs}/OrcaSlicer/orca-slicer.exe",),
        },
    ),
    Slicer(
        "bambu",
        "Bambu Studio",
        ("bambu-studio", "BambuStudio"),
        ("com.bambulab.BambuStudio",),
        {
            "linux": _appimages("BambuStudio", "Bambu_Studio"),
            "darwin": _apps("BambuStudio.app/Contents/MacOS/BambuStudio"),
            "win32": ("{programs}/Bambu Studio/bambu-studio.exe",),
        },
    ),
    Slicer(
        "cura",
        "UltiMaker Cura",
        ("cura", "UltiMaker-Cura"),
        ("com.ultimaker.cura",),
        {
            "linux": _appimages("UltiMaker-Cura", "Ultimaker_Cura", "Ultimaker-Cura"),
            "darwin": _apps(
                "UltiMaker Cura.app/Contents/MacOS/UltiMaker-Cura",
                "Ultimaker Cura.app/Contents/MacOS/Ultimaker-Cura",
            ),
            "win32": (
                "{programs}/UltiMaker Cura*/UltiMaker-Cura.exe",
                "{programs}/Ultimaker Cura*/Ultimaker-Cura.exe",
            ),
        },
    ),
)
"""In the order they are offered."""

FLATPAK_FOLDERS: Final = (
    "{home}/.local/share/flatpak/exports/bin",
    "/var/lib/flatpak/exports/bin",
)
"""Where Flatpak puts programs that start its applications."""


def slicer_of(key: str) -> Slicer | None:
    """The slicer of that key; None for a key that is not in the table."""
    return next((slicer for slicer in SLICERS if slicer.key == key), None)
