"""The pure-Python wheels that the extension brings along, fetched into ``wheels/``.

    python -m scripts.wheels

The manifest names the files, ``requirements/wheels.lock`` says what must be in them.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "blender_manifest.toml"
LOCK = ROOT / "requirements" / "wheels.lock"
FOLDER = ROOT / "wheels"

# Only what runs in every Blender's Python, on every platform; the extension's oldest is 3.11.
PURE = (
    *("--only-binary", ":all:", "--platform", "any"),
    *("--implementation", "py", "--abi", "none", "--python-version", "3.11"),
)


class WheelsError(Exception):
    """The wheels cannot be had, or are not the ones that were asked for; the text says why."""


def named() -> list[Path]:
    """The wheels of the manifest, relative to it."""
    manifest = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    return [Path(name) for name in manifest["wheels"]]


def ready() -> list[Path]:
    """The wheels, relative to the manifest; fetched if need be, and each as it was locked."""
    wanted = named()
    if not all((ROOT / path).is_file() for path in wanted):
        fetch()
    locked = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", LOCK.read_text(encoding="utf-8")))
    for path in wanted:
        if not (ROOT / path).is_file():
            there = ", ".join(sorted(found.name for found in FOLDER.glob("*.whl")))
            raise WheelsError(f"{path} is in {MANIFEST.name}; what is locked: {there}")
        if hashlib.sha256((ROOT / path).read_bytes()).hexdigest() not in locked:
            raise WheelsError(f"{path} is not the file that {LOCK.name} asks for")
    return wanted


def fetch() -> None:
    """Download what is locked; another process may be doing the same."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *PURE]
        hashed = ["--require-hashes", "--requirement", str(LOCK), "--dest", scratch]
        done = subprocess.run([*command, *hashed], capture_output=True, text=True, check=False)
        if done.returncode:
            raise WheelsError(f"the wheels cannot be fetched:\n{done.stderr}")
        for wheel in Path(scratch).iterdir():
            wheel.replace(FOLDER / wheel.name)


if __name__ == "__main__":
    try:
        ready()
    except WheelsError as error:
        sys.exit(str(error))
