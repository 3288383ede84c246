"""Blender's own tool for extensions: it validates archives and describes static repositories."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

# Prints where the module keeps the tool and Blender's list of tags.
LOCATE = """
import importlib.util, pathlib
home = pathlib.Path(importlib.util.find_spec("bpy").origin).parent
print(next(home.glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py")))
print(next(home.glob("*/scripts/**/extensions/tags.py")))
"""


class ToolError(Exception):
    """The tool refused; the text is what it said."""


@dataclass(frozen=True, slots=True)
class ExtensionTool:
    """``command`` starts it; ``tags`` are the options it needs besides to know the tags."""

    command: Sequence[str]
    tags: Sequence[str] = ()

    @classmethod
    def chosen(cls, blender: str | None, bpy_python: str | None) -> Self | None:
        """Of a Blender, or of a Python with the bpy module; None for neither."""
        if blender:
            return cls([blender, "--background", "--factory-startup", "--command", "extension"])
        if bpy_python:
            located = subprocess.run(
                [bpy_python, "-c", LOCATE], check=True, capture_output=True, text=True
            )
            tool, tags = located.stdout.splitlines()
            return cls([bpy_python, tool], [f"--valid-tags={tags}"])
        return None

    @classmethod
    def of_scripts(cls, python: str, scripts: Path) -> Self:
        """The one in Blender's folder ``scripts``, run by that Python alone."""
        tool = scripts / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"
        return cls(
            [python, str(tool)], [f"--valid-tags={next(scripts.glob('**/extensions/tags.py'))}"]
        )

    def validate(self, archive: Path) -> str:
        """Check manifest, tags and contents; returns what was said."""
        return self._run("validate", *self.tags, str(archive))

    def describe(self, folder: Path) -> None:
        """Write ``index.json`` and ``index.html`` for the archives in ``folder``."""
        self._run("server-generate", "--repo-dir", str(folder), "--html")

    def _run(self, *arguments: str) -> str:
        with tempfile.TemporaryDirectory() as resources:
            for name in ("config", "extensions", "scripts"):  # Blender ignores one that is missing
                (Path(resources) / name).mkdir()
            done = subprocess.run(
                [*self.command, *arguments],
                env=os.environ | {"BLENDER_USER_RESOURCES": resources},
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise ToolError(f"extension {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
