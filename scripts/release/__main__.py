"""Make what is published: the zip, what it is made of, licences, sums, and the repository.

    python -m scripts.release --blender PATH --bill-of-materials PYTHON

``make dist`` gives both. In ``dist``:

    studio3d-<version>.zip              the extension, validated by Blender's own tool
    studio3d-<version>.cdx.json         its bill of materials (CycloneDX)
    studio3d-<version>-licenses.txt     the licence of each library in it
    SHA256SUMS                          the sums of these
    repository/stable, .../latest       what Blender updates from, to be put on any web server

Published is what is committed: anything else in the tree that would ship ends it.
"""

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from addon.service import changelog
from addon.service.changelog import Channel
from scripts import build, wheels
from scripts.extension_tool import ExtensionTool, ToolError

from . import bill_of_materials, licenses, repository

SUMS = "SHA256SUMS"


class NotReady(Exception):
    """This tree is not to be published; the text says why."""


def uncommitted() -> list[str]:
    """Files of the tree that are not as they are committed, and those that are not known to git."""
    told = subprocess.run(
        ["git", "status", "--porcelain", "-z"],
        cwd=build.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [entry[3:] for entry in told.split("\0") if entry]


def channel_of_release() -> Channel:
    """Where this version is published; NotReady where it is published nowhere."""
    version = str(build.manifest()["version"])
    told = changelog.sections((build.ROOT / changelog.FILE).read_text(encoding="utf-8"))
    found = changelog.channel(version, told)
    if found is Channel.DEVELOPMENT:
        raise NotReady(
            f"{changelog.FILE} has no section [{version}] on top: name and date [Unreleased] for a "
            f"stable release, or give the manifest a version as {version}-beta.1 for the channel "
            f"{Channel.LATEST}"
        )
    return found


def write_sums(files: Sequence[Path], path: Path) -> None:
    """The sums of the files, as ``sha256sum --check`` reads them."""
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    path.write_text("".join(lines), encoding="utf-8")


def release(dist: Path, published: Path, tool: ExtensionTool, describer: str) -> list[Path]:
    """Make everything; returns what was made, the repository's folders last."""
    channel = channel_of_release()
    archive = build.build(dist)
    tool.validate(archive)
    materials = bill_of_materials.write(archive.with_suffix(".cdx.json"), describer)
    texts = licenses.write(archive.with_name(f"{archive.stem}-licenses.txt"))
    sums = dist / SUMS
    write_sums([archive, materials, texts], sums)
    channels = repository.publish(archive, channel, published, tool)
    return [archive, materials, texts, sums, *channels]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.release", description="Make a release")
    parser.add_argument("--blender", required=True, help="validates and describes the result")
    parser.add_argument(
        "--bill-of-materials", required=True, metavar="PYTHON", help="one with cyclonedx-bom"
    )
    parser.add_argument("--dist", type=Path, default=build.ROOT / "dist", help="where it goes")
    parser.add_argument(
        "--repository", type=Path, help="what is published already; else repository in --dist"
    )
    options = parser.parse_args(arguments)
    dist = options.dist.resolve()
    try:
        changed = uncommitted()
        if changed:
            raise NotReady(f"not committed: {', '.join(changed)}")
        tool = ExtensionTool.chosen(options.blender, None)
        if tool is None:
            raise NotReady("no Blender was given")
        published = (options.repository or dist / "repository").resolve()
        made = release(dist, published, tool, options.bill_of_materials)
    except (
        *(NotReady, ToolError, build.BuildError, wheels.WheelsError),
        *(repository.NotNewer, bill_of_materials.DescriberError, licenses.NoLicense),
    ) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{path}\n" for path in made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
