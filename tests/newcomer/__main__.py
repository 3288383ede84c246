"""Try README.md as a newcomer: a bare Debian, a new user, a new clone, and its commands only.

    python -m tests.newcomer [--whole] [--folder FOLDER]

What is committed is tried, with nothing that this machine has fetched before: the bare system alone
is kept, as an archive. The commands of the command line are given a sandbox, which is started as
``docs/sandbox.md`` says. Needs root, as a system within the system takes that. The first command
that fails, or does not do what README.md says, ends it.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from scripts.build import ROOT
from tests.documents.blocks import blocks_of
from tests.newcomer import promises, steps
from tests.newcomer.machine import Machine, machine
from tests.patience import seconds

FOLDER = ROOT / "build" / "newcomer"
LONGEST = 3600
"""Seconds that one command takes at most on an idle machine: ``make test``, with all it fetches."""


def main() -> int:
    """Run the commands; returns an exit code."""
    parser = argparse.ArgumentParser(description="Try README.md as a newcomer")
    parser.add_argument("--whole", action="store_true", help="`make test` too")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="takes 4 GB")
    options = parser.parse_args()
    console = Console(stderr=True, highlight=False)
    if os.geteuid() != 0:
        console.print("Please run this as root: a system within the system takes that.")
        return 1
    archive = options.folder / "debian-12.tar"
    if not archive.exists():
        console.print("Fetching a bare Debian")
        subprocess.run([ROOT / "scripts" / "get_blender.sh", "--debian", archive], check=True)
    with machine(options.folder / "root", archive) as made:
        todo = steps.steps(made.inside("README.md"), whole=options.whole)
        failed = next((step for step in todo if not works(console, made, step)), None)
    console.print(f"This failed: {failed}" if failed else "All of README.md's commands work")
    return 1 if failed else 0


def works(console: Console, made: Machine, step: str) -> bool:
    """Run one command and look at what came of it."""
    console.print(f"\n$ {step}", style="bold", markup=False)
    started = time.monotonic()
    try:
        promises.keep(made, step, run(made, step))
    except (subprocess.SubprocessError, AssertionError, OSError, ValueError) as error:
        console.print(f"{type(error).__name__}: {error}", markup=False)
        return False
    console.print(f"done in {time.monotonic() - started:.0f} s")
    return True


def run(made: Machine, step: str) -> str:
    """Run it as the user; returns what it printed, where that is for programs."""
    if steps.CLIENT not in step:
        return _finish(made.start(step, {}))
    with sandbox(made) as variables:
        return _finish(made.start(step, variables, subprocess.PIPE))


def _finish(process: subprocess.Popen[str]) -> str:
    """What it printed; ``SubprocessError`` where it failed, or did not end."""
    try:
        output, _ = process.communicate(timeout=seconds(LONGEST))
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "it")
    return output or ""


@contextmanager
def sandbox(made: Machine) -> Iterator[dict[str, str]]:
    """A service inside; what a client is told about it."""
    (start,) = [
        block.text
        for block in blocks_of(made.inside("docs/sandbox.md"))
        if block.kind == "sh" and "scripts.sandbox" in block.text
    ]
    process = made.start(f"exec {start.strip()} 2>~/sandbox.log", {}, subprocess.PIPE)
    try:
        assert process.stdout is not None
        answer = json.loads(process.stdout.readline())
        yield {"STUDIO3D_API_URL": answer["address"], "STUDIO3D_API_KEY": answer["key"]}
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
