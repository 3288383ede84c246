"""Asking Blender to draw again what shows the snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import bpy

from ..core.access import window_manager_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN_IN: Final = {"VIEW_3D": "UI", "PREFERENCES": "WINDOW"}
"""Region that draws from the snapshot, by editor."""

VIEWPORTS: Final = {"VIEW_3D": "WINDOW"}
"""Those draw a whole scene, which may be large, and of the snapshot the boxes alone."""


def redraw() -> None:
    """Ask for a redraw of sidebars, status bars, and the preferences if they are open."""
    tag(SHOWN_IN)
    # Status bars are in no screen. Blender redraws them when a view layer's name changes, and this
    # says that one did.
    setting: Any = (bpy.types.ViewLayer, "name")  # the stubs know no kinds of things
    bpy.msgbus.publish_rna(key=setting)


def tag(regions: Mapping[str, str]) -> None:
    """Ask for a redraw of that region of each editor."""
    for window in window_manager_of(bpy.context).windows:
        for area in window.screen.areas:
            for region in area.regions:
                if region.type == regions.get(area.type):
                    region.tag_redraw()
