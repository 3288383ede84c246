"""Run tests/blender inside a Blender, against the built and installed extension.

    python -m tests.blender.run --blender PATH [pytest arguments]       a Blender binary
    python -m tests.blender.run --bpy-python PATH [pytest arguments]    a Python with the bpy module
    python -m tests.blender.run --windows-bpy PATH [pytest arguments]   Windows' one, under Wine

This process builds the zip, gives Blender folders of its own, starts the sandboxes its tests ask
for, and returns pytest's exit code. Without pytest arguments all of tests/blender runs.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from scripts import build
from tests.patience import for_who_cannot_tell
from tests.sandboxes import run_with_sandboxes

HERE = Path(__file__).resolve().parent
INSIDE = HERE / "run_in_blender.py"
SITE = build.ROOT / "build" / "blender-site"
ZIP_VARIABLE = "STUDIO3D_TEST_ZIP"
SITE_VARIABLE = "STUDIO3D_TEST_SITE"
LIMIT_SECONDS = 900.0
"""For all of the tests, at most, on an idle machine."""


WINE_DRIVE = "Z:"
"""Where Wine has this system's files."""
WINE_OPTIONS = ("--capture=sys", "--color=no")
"""Wine has no files that a process could write its output to instead."""


def start_command(options: argparse.Namespace) -> list[str]:
    """What starts ``run_in_blender.py``, with all but the test's own arguments of pytest."""
    if options.windows_bpy:
        return [options.windows_bpy, f"{WINE_DRIVE}{INSIDE}", "--", *WINE_OPTIONS]
    if options.bpy_python:
        return [options.bpy_python, str(INSIDE), "--"]
    how = ["--background", "--factory-startup", "-noaudio", "--python-exit-code", "1"]
    return [options.blender, *how, "--python", str(INSIDE), "--"]


def main() -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description="Run tests/blender inside a Blender")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--blender", help="a Blender binary")
    where.add_argument("--bpy-python", help="a Python that has bpy and pytest")
    where.add_argument("--windows-bpy", help="the same for Windows, started by Wine")
    options, pytest_arguments = parser.parse_known_args()

    with tempfile.TemporaryDirectory(prefix="studio3d-blender-") as name:
        folder = Path(name)
        for part in ("config", "extensions", "scripts", "tmp"):  # Blender needs them to be there
            (folder / part).mkdir()
        drive = WINE_DRIVE if options.windows_bpy else ""
        environment = os.environ | {
            "BLENDER_USER_RESOURCES": f"{drive}{name}",
            "TMPDIR": str(folder / "tmp"),
            ZIP_VARIABLE: f"{drive}{build.build(folder / 'dist')}",
            SITE_VARIABLE: str(SITE) if options.blender else "",
        }
        if options.windows_bpy:
            environment = for_who_cannot_tell(environment)
        return run_with_sandboxes(
            [*start_command(options), *pytest_arguments], environment, folder, usual=LIMIT_SECONDS
        )


if __name__ == "__main__":
    sys.exit(main())
