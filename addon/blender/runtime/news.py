"""Whether the extension was updated since this Blender last had it, which is said once."""

import logging
from pathlib import Path

import bpy

from ...service import whole_files
from ...service.changelog import Section, is_newer, news, shipped
from ...service.version import version
from ..core import ids, memory
from ..core.memory import Part
from ..snapshot.redraw import redraw

log = logging.getLogger(__name__)

FILE = "version"
"""In the extension's own folder of this Blender: it outlives updates, and goes when the extension
is removed, so that who installs it anew is told of no update."""


class _Update(Part):
    before = ""
    """The version before; "" where this is no update."""
    is_told = False
    """Whether somebody has looked at what is new, or did not want to."""


def look() -> None:
    """Compare with the version that was here last, and remember this one; once a start."""
    try:
        file = Path(bpy.utils.extension_path_user(ids.BASE_PACKAGE, create=True)) / FILE
        before = whole_files.read(file).decode(errors="replace") if file.exists() else ""
        if before != version():
            whole_files.write(file, version().encode())
    except (OSError, ValueError) as error:  # a folder that cannot be written, or no extension
        log.info("whether this is an update is not known: %s", error)
        return
    if is_newer(version(), before):
        memory.of(_Update).before = before
        redraw()


def is_to_be_said() -> bool:
    """Whether it is to be said that this is an update."""
    update = memory.of(_Update)
    return bool(update.before) and not update.is_told


def told() -> None:
    """Say it no more."""
    memory.of(_Update).is_told = True
    redraw()


def what_is_new() -> tuple[Section, ...]:
    """What came since the version before; without one, what this version brought."""
    before, sections = memory.of(_Update).before, shipped()
    return news(version(), before, sections) if before else sections[:1]
