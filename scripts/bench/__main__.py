"""Measure this extension against the direct way, in the same run on the same machine.

    python -m scripts.bench --blender PATH [--rows placing enabling ...] [--quick] [--write]

Prints one table: medians with least and most, and what each row is to reach. Nothing is judged.
Each number is of a process or a window of its own. ``--write`` makes the page of the documentation.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts import build
from scripts.bench import (
    arriving,
    command_line,
    dead_network,
    enabling,
    growth_rows,
    placing,
    preparing,
    preparing_memory,
    sending,
)
from scripts.bench.machine import Setting, described, measured_with
from scripts.bench.rows import Row, markdown, show

PARTS: Mapping[str, Callable[[Setting], Iterator[Row]]] = {
    "enabling": enabling.rows,
    "command-line": command_line.rows,
    "refresh": growth_rows.refresh,
    "tick": growth_rows.tick,
    "batch": growth_rows.batch,
    "transfers": growth_rows.transfers,
    "preparing": preparing.rows,
    "preparing-memory": preparing_memory.rows,
    "sending": sending.rows,
    "dead-network": dead_network.rows,
    "arriving": arriving.rows,
    "placing": placing.rows,
}
"""What can be measured, by the name that picks it."""

PAGE = build.ROOT / "docs" / "benchmark.md"
BEGIN = "<!-- what follows is written by the benchmark -->\n"


def main() -> int:
    """Run the benchmark; returns its exit code."""
    parser = argparse.ArgumentParser(description="Measure what people wait for")
    parser.add_argument("--blender", required=True, help="a Blender that has a window")
    parser.add_argument("--rows", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--quick", action="store_true", help="small and once: whether it works")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="studio3d-bench-") as name:
        setting = measured_with(options.blender, Path(name), is_quick=options.quick)
        found = [row for part in options.rows for row in PARTS[part](setting)]
    title = f"{version(options.blender)}, {described()}"
    show(title, found)
    if options.write:
        before = PAGE.read_text(encoding="utf-8").partition(BEGIN)[0]
        PAGE.write_text(f"{before}{BEGIN}\n{markdown(title, found)}", encoding="utf-8")
    return 0


def version(blender: str) -> str:
    """What the Blender calls itself."""
    said = subprocess.run([blender, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.splitlines()[0].strip()


if __name__ == "__main__":
    sys.exit(main())
