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
    ticks: int
    megabytes: int
    """Of the files that are sent and fetched."""


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
