"""Run tests/blender inside a Blender, against the built and installed extension.

    python -m tests.blender.run --blender PATH [pytest arguments]       a Blender binary
    python -m tests.blender.run --bpy-python PATH [pytest arguments]    a Python with the bpy module

This process builds the zip, gives Blender folders of its own, starts the sandboxes its tests ask
for, and returns pytest's exit code. Without pytest arguments all of tests/blender runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from scripts import build
from tests.patience import Deadline
from tests.sandboxes import BROKER_VARIABLE, answer_requests, local

HERE = Path(__file__).resolve().parent
INSIDE = HERE / "run_in_blender.py"
SITE = build.ROOT / "build" / "blender-site"
ZIP_VARIABLE = "STUDIO3D_TEST_ZIP"
SITE_VARIABLE = "STUDIO3D_TEST_SITE"
LIMIT_SECONDS = 900.0
"""For all of the tests, at most, on an idle machine."""


def start_command(blender: str | None, bpy_python: str) -> list[str]:
    """What starts ``run_in_blender.py``, up to and with the ``--`` before pytest's arguments."""
    if blender is None:
        return [bpy_python, str(INSIDE), "--"]
    options = ["--background", "--factory-startup", "-noaudio", "--python-exit-code", "1"]
    return [blender, *options, "--python", str(INSIDE), "--"]


def run(command: Sequence[str], environment: dict[str, str], folder: Path) -> int:
    """Run Blender to its end, starting the sandboxes its tests ask for; returns its exit code."""
    requests = folder / "requests"
    requests.mkdir()
    environment = environment | {BROKER_VARIABLE: str(requests)}
    deadline = Deadline(LIMIT_SECONDS)
    with (
        local(folder) as sandboxes,
        subprocess.Popen(
            command, cwd=build.ROOT, env=environment, stdin=subprocess.DEVNULL
        ) as process,
    ):
        while process.poll() is None:
            if deadline.passed:
                sys.stderr.write("Blender did not end\n")
                process.kill()
            answer_requests(requests, sandboxes)
            time.sleep(0.05)
        return process.returncode


def main() -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description="Run tests/blender inside a Blender")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--blender", help="a Blender binary")
    where.add_argument("--bpy-python", help="a Python that has bpy and pytest")
    options, pytest_arguments = parser.parse_known_args()

    with tempfile.TemporaryDirectory(prefix="studio3d-blender-") as name:
        folder = Path(name)
        for part in ("config", "extensions", "scripts", "tmp"):  # Blender needs them to be there
            (folder / part).mkdir()
        environment = os.environ | {
            "BLENDER_USER_RESOURCES": name,
            "TMPDIR": str(folder / "tmp"),
            ZIP_VARIABLE: str(build.build(folder / "dist")),
            SITE_VARIABLE: str(SITE) if options.blender else "",
        }
        command = start_command(options.blender, options.bpy_python)
        return run([*command, *pytest_arguments], environment, folder)


if __name__ == "__main__":
    sys.exit(main())
