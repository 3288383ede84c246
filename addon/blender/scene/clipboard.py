"""A picture whose pixels were copied in another program.

Blender hands them out in its image editor only: one has to be open, in any window. On X11 it knows
no pictures on the clipboard at all; text with a path or an address works everywhere.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

import bpy

from ..core.access import window_manager_of

NO_PICTURES = "On X11 Blender takes no copied pixels: save the picture and copy its path"
NO_EDITOR = "To take copied pixels, open an image editor"


def paste(context: bpy.types.Context) -> bpy.types.Image | None:
    """The copied picture as a new image, which is the caller's to remove; None if there is none.

    The editor goes on showing what it showed.
    """
    for window, area in _image_editors(context):
        space = area.spaces.active
        region = next((one for one in area.regions if one.type == "WINDOW"), None)
        if region is None or not isinstance(space, bpy.types.SpaceImageEditor):
            continue
        shown, known = space.image, set(bpy.data.images)
        paste_here: Any = bpy.ops.image.clipboard_paste
        with context.temp_override(window=window, area=area, region=region):
            if not paste_here.poll():
                return None
            paste_here()
        space.image = shown
        return next((image for image in bpy.data.images if image not in known), None)
    return None


def hint(context: bpy.types.Context) -> str:
    """What to do where ``paste`` cannot work; "" where it can."""
    if sys.platform.startswith("linux") and "WAYLAND_DISPLAY" not in os.environ:
        return NO_PICTURES
    return "" if any(True for _ in _image_editors(context)) else NO_EDITOR


def _image_editors(
    context: bpy.types.Context,
) -> Iterator[tuple[bpy.types.Window, bpy.types.Area]]:
    for window in window_manager_of(context).windows:
        for area in window.screen.areas:
            if area.ui_type == "IMAGE_EDITOR":
                yield window, area
