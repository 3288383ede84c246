"""The user's choices that the runtime follows, with defaults where there are no preferences.

There are none while the package runs unregistered, for example in a script.
"""

from typing import Any, NamedTuple

import bpy

from .access import blender_preferences_of, by_name
from .ids import BASE_PACKAGE


class Options(NamedTuple):
    """Field names are those of the add-on preferences."""

    service_address: str = ""
    """Empty: the service's own address."""
    downloads_folder: str = ""
    """Empty: next to the job list."""
    asset_library: str = ""
    """Empty: next to the job list."""
    place_when_ready: bool = True
    """Bring finished results into the scene they were asked for without being told to."""
    frame_placed: bool = False
    """Move the view to a result when it is placed."""
    show_spots: bool = True
    """Show in viewports where results are to stand."""
    cache_limit: int = 0
    """Gigabytes that results may take; 0 for no limit."""


def read() -> Options:
    """The options as they are now."""
    addon = by_name(blender_preferences_of(bpy.context).addons, BASE_PACKAGE)
    if addon is None or addon.preferences is None:
        return Options()
    chosen: Any = addon.preferences  # of the class in ``settings.preferences``
    return Options(
        service_address=chosen.service_address,
        downloads_folder=chosen.downloads_folder,
        asset_library=chosen.asset_library,
        place_when_ready=chosen.place_when_ready,
        frame_placed=chosen.frame_placed,
        show_spots=chosen.show_spots,
        cache_limit=chosen.cache_limit,
    )
