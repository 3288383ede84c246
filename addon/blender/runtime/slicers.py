"""The slicers on this machine: looked for when somebody asks, once, and started with a file."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...printing.slicers import FLATPAK_FOLDERS, SLICERS, Slicer
from ..core import memory
from ..core.memory import Part


class _Found(Part):
    programs: dict[str, str] | None = None
    """By the slicer's key."""


def find() -> dict[str, str]:
    """The program of each slicer that there is, by its key; a few looks into folders."""
    found = {slicer.key: next(_programs(slicer), "") for slicer in SLICERS}
    memory.of(_Found).programs = {key: program for key, program in found.items() if program}
    return known()


def known() -> dict[str, str]:
    """What was found when somebody last asked; for drawing."""
    return memory.of(_Found).programs or {}


def _programs(slicer: Slicer) -> Iterator[str]:
    for name in slicer.programs:
        found = shutil.which(name)
        if found is not None:
            yield found
    places = {"home": str(Path.home()), "programs": os.environ.get("PROGRAMFILES", "")}
    folders = [folder.format(**places) for folder in FLATPAK_FOLDERS]
    flatpaks = [f"{folder}/{name}" for folder in folders for name in slicer.flatpaks]
    patterns = [place.format(**places) for place in slicer.places.get(sys.platform, ())]
    matches = [match for pattern in patterns for match in _matching(Path(pattern))]
    yield from (path for path in [*flatpaks, *matches] if os.access(path, os.X_OK))


def _matching(pattern: Path) -> list[str]:
    """Files of that pattern, the one of the highest version first."""
    inside = pattern.relative_to(pattern.anchor)
    if not pattern.anchor:  # a folder that this system does not name
        return []
    return sorted(map(str, Path(pattern.anchor).glob(str(inside))), reverse=True)


def start(program: str, files: Sequence[Path]) -> None:
    """Open the files in the slicer, which goes on by itself; raises OSError."""
    from ...worker import background  # late: enabling the extension needs no processes

    background.hand_over([program, *(str(file.absolute()) for file in files)])
