"""Build the extension: stage, zip, validate, and describe it as a static repository.

    python -m scripts.build                                   dist/studio3d-<version>.zip
    python -m scripts.build --blender PATH                    ... validated, with dist/index.json
    python -m scripts.build --bpy-python PATH                 the same, where only the module is

The same tree gives the same bytes: files are sorted, their times come from SOURCE_DATE_EPOCH
(default: the earliest a zip can hold) and their modes are fixed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts import wheels

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "addon"
MANIFEST = ROOT / "blender_manifest.toml"
BESIDE_THE_PACKAGE = (MANIFEST, ROOT / "LICENSE", ROOT / "THIRD_PARTY.md")
SHIPPED_SUFFIXES = frozenset({".py", ".json", ".png", ".svg", ".glb"})
EARLIEST_ZIP_TIME = 315532800  # 1980-01-01T00:00:00Z

# Prints where the module keeps Blender's own extension tool and its list of tags.
LOCATE_EXTENSION_TOOL = """
import importlib.util, pathlib
home = pathlib.Path(importlib.util.find_spec("bpy").origin).parent
print(next(home.glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py")))
print(next(home.glob("*/scripts/**/extensions/tags.py")))
"""


class BuildError(Exception):
    """The tree cannot be built; the text says why."""


def package_files() -> Iterator[Path]:
    """Files of the package in a fixed order; a kind of file that must not ship is an error."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_dir() or "__pycache__" in path.parts:
            continue
        if path.suffix not in SHIPPED_SUFFIXES:
            raise BuildError(f"{path.relative_to(ROOT)}: this kind of file does not ship")
        yield path


def stage(into: Path) -> list[Path]:
    """Copy what ships into the empty folder ``into``; returns the paths relative to it."""
    staged = [(path, path.relative_to(PACKAGE)) for path in package_files()]
    staged += [(path, Path(path.name)) for path in BESIDE_THE_PACKAGE]
    staged += [(ROOT / path, path) for path in wheels.ready()]
    for source, relative in staged:
        target = into / relative
        if target.exists():
            raise BuildError(f"{relative} would be staged twice")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return sorted(relative for _, relative in staged)


def write_zip(folder: Path, files: Sequence[Path], archive: Path, epoch: int) -> None:
    """Pack ``files`` of ``folder``; contents and ``epoch`` (unix seconds) decide the bytes."""
    moment = time.gmtime(max(epoch, EARLIEST_ZIP_TIME))[:6]
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w") as packed:
        for relative in files:
            entry = zipfile.ZipInfo(relative.as_posix(), moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, (folder / relative).read_bytes())


def build(dist: Path) -> Path:
    """Build the archive into ``dist``, in place of what was built before; returns its path."""
    manifest = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    archive = dist / f"{manifest['id']}-{manifest['version']}.zip"
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST_ZIP_TIME))
    for older in (*dist.glob(f"{manifest['id']}-*.zip"), dist / "index.json"):
        older.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        files = stage(Path(folder))
        write_zip(Path(folder), files, archive, epoch)
    return archive


def extension_tool(blender: str | None, bpy_python: str | None) -> tuple[list[str], list[str]]:
    """Blender's extension command, and what it needs besides to check the tags."""
    if blender:
        return [blender, "--background", "--factory-startup", "--command", "extension"], []
    if bpy_python:
        located = subprocess.run(
            [bpy_python, "-c", LOCATE_EXTENSION_TOOL], check=True, capture_output=True, text=True
        )
        tool, tags = located.stdout.splitlines()
        return [bpy_python, tool], [f"--valid-tags={tags}"]
    raise BuildError("neither a Blender nor a Python with the bpy module was given")


def check_and_index(archive: Path, blender: str | None, bpy_python: str | None) -> None:
    """Validate the archive and write ``index.json`` beside it with Blender's own tool."""
    tool, tags = extension_tool(blender, bpy_python)
    with tempfile.TemporaryDirectory() as resources:
        for name in (
            "config",
            "extensions",
            "scripts",
        ):  # Blender ignores a folder that is not there
            (Path(resources) / name).mkdir()
        environment = os.environ | {"BLENDER_USER_RESOURCES": resources}
        for command in (
            ["validate", *tags, str(archive)],
            ["server-generate", "--repo-dir", str(archive.parent)],
        ):
            done = subprocess.run(
                [*tool, *command], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise BuildError(f"extension {command[0]} failed:\n{done.stdout}{done.stderr}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description="Build the extension")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the results go")
    checker = parser.add_mutually_exclusive_group()
    checker.add_argument("--blender", help="a Blender that validates and indexes the result")
    checker.add_argument("--bpy-python", help="a Python with the bpy module, for the same")
    options = parser.parse_args(arguments)
    try:
        archive = build(options.dist.resolve())
        if options.blender or options.bpy_python:
            check_and_index(archive, options.blender, options.bpy_python)
    except (BuildError, wheels.WheelsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{archive}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
