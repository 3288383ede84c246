"""Build the extension: stage what ships, zip it, and have Blender's own tool look at it.

    python -m scripts.build                                   dist/studio3d-<version>.zip
    python -m scripts.build --blender PATH                    ... validated
    python -m scripts.build --bpy-python PATH                 the same, where only the module is

The same tree gives the same bytes: files are sorted, their times come from SOURCE_DATE_EPOCH
(default: the earliest a zip can hold) and their modes are fixed. ``scripts.release`` makes what is
published of it.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from scripts import manual, wheels
from scripts.extension_tool import ExtensionTool, ToolError

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "addon"
MANIFEST = ROOT / "blender_manifest.toml"
BESIDE_THE_PACKAGE = (
    MANIFEST,
    ROOT / "LICENSE",
    ROOT / "THIRD_PARTY.md",
    ROOT / "CHANGELOG.md",
)
SHIPPED: Final[Mapping[str, frozenset[str]]] = {
    "blender/languages": frozenset({".json", ".py"}),
    "samples": frozenset({".glb", ".png", ".py"}),
}
"""Folder of the package -> the kinds of files of it that ship."""
SHIPPED_ANYWHERE: Final = frozenset({".py"})
"""The kinds of every other folder."""
EARLIEST_ZIP_TIME = 315532800  # 1980-01-01T00:00:00Z


class BuildError(Exception):
    """The tree cannot be built; the text says why."""


def package_files() -> Iterator[Path]:
    """Files of the package; one of a kind that does not ship from its folder is an error."""
    for path in PACKAGE.rglob("*"):
        if path.is_dir() or "__pycache__" in path.parts:
            continue
        folder = path.parent.relative_to(PACKAGE).as_posix()
        if path.suffix not in SHIPPED.get(folder, SHIPPED_ANYWHERE):
            raise BuildError(
                f"{path.relative_to(ROOT)}: this kind of file does not ship from there"
            )
        yield path


def stage(into: Path, *, pages: bool = True) -> list[Path]:
    """Put what ships into the empty folder ``into``; returns the paths relative to it.

    Without ``pages`` the manual is left out, for who has not the library that makes it.
    """
    staged = [(path, path.relative_to(PACKAGE)) for path in package_files()]
    staged += [(path, Path(path.name)) for path in BESIDE_THE_PACKAGE]
    staged += [(ROOT / path, path) for path in wheels.ready()]
    for source, relative in staged:
        target = into / relative
        if target.exists():
            raise BuildError(f"{relative} would be staged twice")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    written = manual.write(into / manual.FOLDER) if pages else []
    all_of_it = [relative for _, relative in staged]
    all_of_it += [path.relative_to(into) for path in written]
    return sorted(all_of_it, key=Path.as_posix)


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


def manifest() -> dict[str, object]:
    """The extension's description of itself."""
    return tomllib.loads(MANIFEST.read_text(encoding="utf-8"))


def build(dist: Path, *, pages: bool = True) -> Path:
    """Build the archive into ``dist``, in place of what was built before; returns its path."""
    said = manifest()
    archive = dist / f"{said['id']}-{said['version']}.zip"
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST_ZIP_TIME))
    for older in dist.glob(f"{said['id']}-*.zip"):
        older.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        files = stage(Path(folder), pages=pages)
        write_zip(Path(folder), files, archive, epoch)
    return archive


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description="Build the extension")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the results go")
    checker = parser.add_mutually_exclusive_group()
    checker.add_argument("--blender", help="a Blender that validates the result")
    checker.add_argument("--bpy-python", help="a Python with the bpy module, for the same")
    options = parser.parse_args(arguments)
    try:
        archive = build(options.dist.resolve())
        tool = ExtensionTool.chosen(options.blender, options.bpy_python)
        if tool is not None:
            tool.validate(archive)
    except (BuildError, ToolError, wheels.WheelsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{archive}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
