"""Run tests/blender inside a Blender, against the built and installed extension.

    python -m tests.blender.run --blender PATH [pytest arguments]       a Blender binary
    python -m tests.blender.run --bpy-python PATH [pytest arguments]    a Python with the bpy module

This process builds the zip, gives Blender folders of its own, starts the sandboxes its tests ask
for, and returns pytest's exit code. Without files among the arguments all of tests/blender runs.

Many files run in several Blenders, one after the other. Blender 4.2 in which some thousand files
were opened ends in its own code now and then, at another place each time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scripts import build
from tests.patience import Deadline
from tests.sandboxes import BROKER_VARIABLE, answer_requests, local

HERE = Path(__file__).resolve().parent
INSIDE = HERE / "run_in_blender.py"
SITE = build.ROOT / "build" / "blender-site"
ZIP_VARIABLE = "STUDIO3D_TEST_ZIP"
SITE_VARIABLE = "STUDIO3D_TEST_SITE"
LIMIT_SECONDS = 600.0
"""For the tests in one Blender, at most, on an idle machine."""
FILES_A_BLENDER = 25
REPORT_OPTION = "--junitxml="


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


def parts(arguments: Sequence[str]) -> list[list[str]]:
    """Pytest's arguments for each Blender: so many files at most, and all of the options."""
    files = [one for one in arguments if (build.ROOT / one.partition("::")[0]).exists()]
    options = [one for one in arguments if one not in files]
    chosen = files or [str(file.relative_to(build.ROOT)) for file in sorted(HERE.glob("test_*.py"))]
    starts = range(0, len(chosen), FILES_A_BLENDER)
    return [[*options, *chosen[start : start + FILES_A_BLENDER]] for start in starts]


def reported(arguments: Sequence[str]) -> Path | None:
    """Where pytest is to write what it did."""
    option = next((one for one in arguments if one.startswith(REPORT_OPTION)), None)
    return None if option is None else build.ROOT / option.removeprefix(REPORT_OPTION)


def joined(reports: Sequence[bytes]) -> bytes:
    """What several runs of pytest wrote, as one report."""
    first, *others = (ET.fromstring(report) for report in reports)  # noqa: S314 - pytest's own
    for other in others:
        first.extend(other)
    return ET.tostring(first)


def run_all(start: Sequence[str], arguments: Sequence[str], site: str) -> int:
    """Run each part in a Blender of its own; returns the first exit code that is no success."""
    report, reports, codes = reported(arguments), [], []
    for part in parts(arguments):
        with fresh_folder(site) as (folder, environment):
            codes.append(run([*start, *part], environment, folder))
        if report is not None and report.exists():
            reports.append(report.read_bytes())
            report.unlink()
    if report is not None and reports:
        report.write_bytes(joined(reports))
    ran = [code for code in codes if code != pytest.ExitCode.NO_TESTS_COLLECTED]
    return next((code for code in ran if code), 0) if ran else pytest.ExitCode.NO_TESTS_COLLECTED


@contextmanager
def fresh_folder(site: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with the built extension, and the variables of a Blender that lives in it."""
    with tempfile.TemporaryDirectory(prefix="studio3d-blender-") as name:
        folder = Path(name)
        for part in ("config", "extensions", "scripts", "tmp"):  # Blender needs them to be there
            (folder / part).mkdir()
        yield (
            folder,
            os.environ
            | {
                "BLENDER_USER_RESOURCES": name,
                "TMPDIR": str(folder / "tmp"),
                ZIP_VARIABLE: str(build.build(folder / "dist")),
                SITE_VARIABLE: site,
            },
        )


def main() -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description="Run tests/blender inside a Blender")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--blender", help="a Blender binary")
    where.add_argument("--bpy-python", help="a Python that has bpy and pytest")
    options, pytest_arguments = parser.parse_known_args()
    command = start_command(options.blender, options.bpy_python)
    return run_all(command, pytest_arguments, str(SITE) if options.blender else "")


if __name__ == "__main__":
    sys.exit(main())
