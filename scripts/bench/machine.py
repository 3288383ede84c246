"""What a benchmark was run on, and what its parts have in common."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

MEMORY = Path("/proc/meminfo")
PROCESSORS = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured with."""

    blender: str
    folder: Path
    """For whatever is made; gone afterwards."""
    runs: int
    triangles: int
    texture: int
    """Side of the three textures in pixels."""
    history: tuple[int, ...]
    """Jobs in the lists that are refreshed."""
    rows: tuple[int, ...]
    """Of the batches."""
    shadings: tuple[str, ...]
    """Of the views that results are placed in."""
    ticks: int
    megabytes: int
    """Of the files that are sent and fetched."""


def measured_with(blender: str, folder: Path, *, is_quick: bool) -> Setting:
    """How much is measured, and how often."""
    if is_quick:
        return Setting(blender, folder, 1, 1_000, 64, (10, 100), (5,), ("MATERIAL",), 20, 2)
    history = (10, 1_000, 10_000, 100_000)
    return Setting(
        blender,
        folder,
        5,
        500_000,
        4096,
        history,
        (20, 200, 1_000),
        ("SOLID", "MATERIAL"),
        300,
        200,
    )


def described() -> str:
    """Processor, cores, memory and system, as far as they are told."""
    name = platform.processor() or platform.machine()
    if PROCESSORS.is_file():
        named = (line for line in PROCESSORS.read_text().splitlines() if "model name" in line)
        name = next(named, name).partition(":")[2].strip() or name
    memory = ""
    if MEMORY.is_file():
        kilobytes = int(MEMORY.read_text().split()[1])
        memory = f", {kilobytes / 2**20:.0f} GiB"
    return f"{name}, {os.cpu_count()} cores{memory}, {platform.system()}"
