"""What the extension is made of, in CycloneDX: its libraries as pip installs them from the wheels.

``cyclonedx-py`` writes it, from an environment that holds these wheels and nothing else, with the
licences and what needs what. No number and no time in it depends on when or where it was made.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts import build, wheels

SPEC_VERSION = "1.6"


class DescriberError(Exception):
    """The bill could not be made; the text is what its program said."""


def write(path: Path, describer: str) -> Path:
    """Write the bill of the present tree; ``describer`` is a Python with ``cyclonedx-bom``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = _installed(folder / "environment")
        project = folder / "pyproject.toml"
        project.write_text(_project(), encoding="utf-8")
        _run(
            describer, "-m", "cyclonedx_py", "environment", environment,
            *("--pyproject", str(project), "--mc-type", "application", "--gather-license-texts"),
            *("--output-reproducible", "--spec-version", SPEC_VERSION, "--output-format", "JSON"),
            *("--output-file", str(path), "--validate"),
        )  # fmt: skip
    return path


def _installed(folder: Path) -> str:
    """An environment with the wheels; returns its Python."""
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wheels.ready()
    # By their names, as from an index: a file's own path would stand in the bill. Without their
    # code compiled, which nobody runs.
    _run(
        sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps",
        "--no-compile", "--no-index", "--find-links", str(wheels.FOLDER),
        "--require-hashes", "--requirement", str(wheels.LOCK),
    )  # fmt: skip
    return str(python)


def _project() -> str:
    """The extension as a Python project: the tool knows no other description of what it is for."""
    said: dict[str, Any] = build.manifest()
    needed = [wheel.name.split("-")[0].replace("_", "-") for wheel in wheels.named()]
    values = {
        "name": said["id"],
        "version": said["version"],
        "description": said["tagline"],
        "license": said["license"][0].removeprefix("SPDX:"),
        "dependencies": needed,
    }
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    return "[project]\n" + "".join(lines)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DescriberError(f"{' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")
